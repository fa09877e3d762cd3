package firebreak.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.BuildTraces;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Sends a span of a build. Whatever goes wrong is said, and never breaks the build. */
final class SpanSender {
  @Option(
      names = {"-a", "--server", "--apihost"},
      paramLabel = "URL",
      description = "the service; else BUILDEVENT_APIHOST, else http://127.0.0.1:8080")
  private @Nullable URI server;

  @Option(
      names = {"-k", "--apikey"},
      paramLabel = "KEY",
      description = "the key; else BUILDEVENT_APIKEY, which keeps it out of the list of processes")
  private @Nullable String key;

  @Option(names = "--key-file", paramLabel = "FILE", description = "the file that holds the key")
  private @Nullable Path keyFile;

  @Option(
      names = {"-d", "--dataset"},
      paramLabel = "NAME",
      description = "the dataset; else BUILDEVENT_DATASET, else builds")
  private @Nullable String dataset;

  /** Sends; returns whether it arrived. */
  boolean send(
      ObjectNode span,
      Instant start,
      Duration duration,
      Map<String, String> environment,
      PrintWriter err)
      throws InterruptedException {
    BuildEnvironment.of(environment).addTo(span);
    span.put("duration_ms", duration.toMillis());
    ArrayNode batch = JsonTree.array(List.of(span), one -> JsonTree.object());
    ((ObjectNode) batch.get(0)).put("time", start.toString()).set("data", span);
    try {
      URI service =
          server != null
              ? server
              : URI.create(environment.getOrDefault("BUILDEVENT_APIHOST", "http://127.0.0.1:8080"));
      String name =
          dataset != null
              ? dataset
              : environment.getOrDefault("BUILDEVENT_DATASET", BuildTraces.DATASET);
      ServiceClient.Reply reply =
          new ServiceClient(service, key(environment))
              .post("/1/batch/" + URLEncoder.encode(name, StandardCharsets.UTF_8), batch);
      if (reply.status() != 200) {
        err.println("firebreak: the span was not kept: " + reply.body());
      }
      return reply.status() == 200;
    } catch (StartFailure | IllegalArgumentException | IOException e) {
      err.println("firebreak: the span was not sent: " + e.getMessage());
      return false;
    }
  }

  private String key(Map<String, String> environment) throws IOException {
    if (keyFile != null) {
      return Files.readString(keyFile).strip();
    }
    return key != null ? key : environment.getOrDefault("BUILDEVENT_APIKEY", "");
  }
}
