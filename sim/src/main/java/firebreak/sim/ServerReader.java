package firebreak.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Reads a Firebreak server over HTTP, as a person's tools would. */
final class ServerReader implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final URI server;
  private final String key;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  ServerReader(URI server) {
    this(server, "");
  }

  /** With a key, where the server has keys. */
  ServerReader(URI server, String key) {
    this.server = server;
    this.key = key;
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(server.resolve(path)).GET());
  }

  private JsonNode post(String path, Object body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(server.resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    if (!key.isEmpty()) {
      request.header("X-Honeycomb-Team", key);
    }
    HttpResponse<byte[]> response =
        http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() / 100 != 2) {
      throw new IOException("%s answered %d".formatted(response.uri(), response.statusCode()));
    }
    return JSON.readTree(response.body());
  }

  /** How many queries ran in the range, and how many of them took two seconds or more. */
  long[] queries(Instant from, Instant until) throws IOException, InterruptedException {
    Map<String, Object> query = Map.of("column", "name", "op", "=", "value", "query");
    Map<String, Object> fast = Map.of("column", "duration_ms", "op", "<", "value", 2_000);
    JsonNode made =
        post(
            "/1/queries/query-api",
            Map.of(
                "calculations",
                List.of(
                    Map.of("op", "COUNT"),
                    Map.of("op", "COUNT", "name", "fast", "filters", List.of(fast))),
                "filters",
                List.of(query),
                "start_time",
                from.toEpochMilli() / 1_000.0,
                "end_time",
                until.toEpochMilli() / 1_000.0));
    JsonNode result =
        post(
            "/1/query_results/query-api",
            Map.of("query_id", made.path("id").asText(), "disable_series", true));
    JsonNode row = result.path("data").path("results").path(0).path("data");
    long all = row.path("COUNT").asLong();
    return new long[] {all, all - row.path("fast").asLong()};
  }

  @Override
  public void close() {
    http.close();
  }
}
