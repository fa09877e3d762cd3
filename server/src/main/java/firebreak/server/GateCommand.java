package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Asks a running service whether a release may take its next step. */
@Command(
    name = "gate",
    mixinStandardHelpOptions = true,
    description = {
      "Asks a running service whether a release may take its next step.",
      "",
      "No is said when the service's budget is spent, when it burns, when the",
      "build is what an open incident blames, or when the build is worse than",
      "the rest; yes when even the worst that the evidence allows is affordable."
    },
    footer = {
      "",
      "Examples:",
      "  firebreak gate --service query-api",
      "  firebreak gate --service query-api --build 8812 --step 25%%"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:yes", "1:no", "2:it cannot be told, or the service cannot be asked"})
final class GateCommand implements Callable<Integer> {
  private static final int NO = 1;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(names = "--service", paramLabel = "S", required = true, description = "what is released")
  private String service = "";

  @Option(names = "--environment", paramLabel = "E", description = "where; all if not named")
  private String environment = "";

  @Option(names = "--build", paramLabel = "ID", description = "the build, as its events name it")
  private String build = "";

  @Option(names = "--flag", paramLabel = "KEY", description = "the flag that is turned up")
  private String flag = "";

  @Option(names = "--variation", paramLabel = "V", description = "what the flag is to serve")
  private String variation = "";

  @Option(
      names = "--step",
      paramLabel = "SHARE",
      description = "share of the traffic that the step reaches, such as 0.25 or 25%%")
  private String step = "";

  @Option(names = "--server", paramLabel = "URL", description = "the service (${DEFAULT-VALUE})")
  private URI server = URI.create("http://127.0.0.1:8080");

  @Option(names = "--key-file", paramLabel = "FILE", description = "the file that holds the key")
  private @Nullable Path keyFile;

  @Option(names = "--json", description = "print the whole answer")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    ObjectNode question =
        JsonTree.object()
            .put("service", service)
            .put("environment", environment)
            .put("build_id", build)
            .put("flag", flag)
            .put("variation", variation)
            .put("step", step);
    ServiceClient.Reply reply =
        ServiceClient.withKeyOf(server, keyFile).post("/api/v1/gates/evaluate", question);
    JsonNode answer = reply.body();
    if (reply.status() != 200) {
      throw StartFailure.because(
          "%s gives no answer: %s".formatted(server, answer.path("detail").asText()));
    }
    print(answer);
    JsonNode allow = answer.path("allow");
    if (!allow.isBoolean()) {
      return Main.CANNOT_START;
    }
    return allow.asBoolean() ? 0 : NO;
  }

  private void print(JsonNode answer) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(answer.toPrettyString());
      return;
    }
    out.println(answer.path("verdict").asText());
    answer.path("reasons").forEach(reason -> out.println("  " + reason.asText()));
  }
}
