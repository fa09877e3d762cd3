package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A running service as other tools see it: JSON over HTTP. */
final class Api implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final URI server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Api(int port) {
    server = URI.create("http://127.0.0.1:" + port);
  }

  /** What was answered; the body is missing where it is no JSON. */
  record Reply(int status, JsonNode body) {}

  URI server() {
    return server;
  }

  Reply send(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Reply(response.statusCode(), Json.MAPPER.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  Reply send(String method, String path, String body, String... headers) {
    return send(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  JsonNode get(String path) {
    return ok("GET", path, "");
  }

  JsonNode post(String path, String body) {
    return ok("POST", path, body);
  }

  private JsonNode ok(String method, String path, String body) {
    Reply reply = send(method, path, body);
    assertEquals(2, reply.status() / 100, method + " " + path + " answered " + reply);
    return reply.body();
  }

  /** The audit records from the first on. */
  List<JsonNode> audit() {
    return list(get("/api/v1/audit?since=0&limit=10000").path("records"));
  }

  List<JsonNode> incidents() {
    return list(get("/api/v1/incidents").path("incidents"));
  }

  /** Waits for an incident in one of these states. */
  JsonNode awaitIncident(Duration atMost, String... states) {
    Set<String> wanted = Set.of(states);
    return await(
        "an incident is " + String.join(" or ", states),
        atMost,
        () ->
            incidentsIfUp().stream()
                .filter(incident -> wanted.contains(incident.path("state").asText()))
                .findFirst());
  }

  /** None while the service is away. */
  private List<JsonNode> incidentsIfUp() {
    try {
      return incidents();
    } catch (UncheckedIOException e) {
      return List.of();
    }
  }

  /** Waits until the probe finds something, and shows the incidents where it does not. */
  <T> T await(String what, Duration atMost, Supplier<Optional<T>> probe) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      Optional<T> found = probe.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "waited %s in vain until %s; there are %s".formatted(atMost, what, incidentsIfUp()));
      }
      pause(100);
    }
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static List<JsonNode> list(JsonNode array) {
    List<JsonNode> items = new ArrayList<>();
    array.forEach(items::add);
    return items;
  }

  @Override
  public void close() {
    client.close();
  }
}
