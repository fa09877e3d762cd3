package firebreak.bench.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import firebreak.bench.wide.Batches;
import firebreak.bench.wide.Form;
import firebreak.bench.wide.WideEvents;
import firebreak.bench.wide.WideField;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A single OpenSearch node in a process of its own, spoken to over HTTP. */
final class OpenSearchPeer implements Peer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START_TIME = Duration.ofMinutes(2);
  private static final Duration ANSWER_TIME = Duration.ofMinutes(10);
  private static final String HEAP_VARIABLE = "FIREBREAK_OPENSEARCH_HEAP";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final String address;
  private final Workload workload;
  private final SearchQuestions questions;

  /**
   * @param program the folder with the node's source, its libraries under {@code target/lib}
   */
  OpenSearchPeer(Path program, Path folder, Workload workload)
      throws IOException, InterruptedException {
    this.workload = workload;
    Files.createDirectories(folder.resolve("config"));
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                program.resolve("target/lib") + "/*",
                program.resolve("SearchNode.java").toString(),
                folder.toString(),
                Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    address = "http://127.0.0.1:" + port;
    questions = new SearchQuestions(workload, this::search);
    try {
      awaitStart();
      createIndex();
    } catch (IOException | InterruptedException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static String heap() {
    String heap = System.getenv(HEAP_VARIABLE);
    return heap == null || heap.isBlank() ? "3g" : heap;
  }

  private void awaitStart() throws IOException, InterruptedException {
    long end = System.nanoTime() + START_TIME.toNanos();
    while (true) {
      try {
        send("GET", "/", "");
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new IOException("OpenSearch did not start", e);
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }

  private void createIndex() throws IOException, InterruptedException {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("time", Map.of("type", "date"));
    for (WideField field : workload.events().fields()) {
      properties.put(field.name(), Map.of("type", type(field.form())));
    }
    Map<String, Object> index =
        Map.of(
            "settings",
            Map.of("number_of_shards", 1, "number_of_replicas", 0),
            "mappings",
            Map.of("dynamic", false, "properties", properties));
    send("PUT", "/events", JSON.writeValueAsString(index));
  }

  private static String type(Form form) {
    return switch (form) {
      case Form.Word _, Form.Numbered _, Form.Hex _, Form.Uuid _ -> "keyword";
      case Form.Truth _ -> "boolean";
      case Form.Whole _ -> "long";
      case Form.Thousandths _ -> "double";
    };
  }

  @Override
  public String name() {
    return "opensearch";
  }

  @Override
  public String about() {
    try {
      return "OpenSearch %s, one node, one shard, heap %s, translog forced per request"
          .formatted(send("GET", "/", "").at("/version/number").asText(), heap());
    } catch (IOException e) {
      return "OpenSearch: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "OpenSearch";
    }
  }

  @Override
  public WideEvents events() {
    return workload.events();
  }

  @Override
  public long process() {
    return process.pid();
  }

  @Override
  public void load(Batches events, IntConsumer progress) throws Exception {
    new Loading(events, progress).run(() -> new Lane(this));
  }

  /** One client that sends a bulk request per batch. */
  private record Lane(OpenSearchPeer peer) implements Loading.Lane {
    @Override
    public void take(byte[] batch) throws Exception {
      byte[] lines = FlatLines.of(batch, "{\"index\":{}}\n");
      JsonNode answer =
          peer.send("POST", "/events/_bulk?filter_path=errors", BodyPublishers.ofByteArray(lines));
      if (answer.at("/errors").asBoolean(true)) {
        throw new IOException("OpenSearch refused events of a batch");
      }
    }

    @Override
    public void close() {}
  }

  @Override
  public void settle() throws IOException, InterruptedException {
    send("POST", "/events/_refresh", "");
    send("POST", "/events/_flush", "");
  }

  @Override
  public long bytesOnDisk() throws Exception {
    return send("GET", "/events/_stats/store", "")
        .at("/_all/primaries/store/size_in_bytes")
        .asLong();
  }

  @Override
  public @Nullable Answer ask(Question question, int round) throws Exception {
    return questions.ask(question, round);
  }

  private JsonNode search(Map<String, Object> request) throws IOException, InterruptedException {
    return send("POST", "/events/_search?request_cache=false", JSON.writeValueAsString(request));
  }

  private JsonNode send(String method, String path, String body)
      throws IOException, InterruptedException {
    return send(method, path, BodyPublishers.ofString(body));
  }

  private JsonNode send(String method, String path, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(ANSWER_TIME)
            .header("Content-Type", "application/json")
            .method(method, body)
            .build();
    var response = http.send(request, BodyHandlers.ofByteArray());
    JsonNode answer = JSON.readTree(response.body());
    if (response.statusCode() >= 300) {
      String why = answer.toString();
      throw new IOException(
          "OpenSearch answered %d: %s"
              .formatted(response.statusCode(), why.substring(0, Math.min(400, why.length()))));
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    http.close();
    ChildProcess.end(process);
  }
}
