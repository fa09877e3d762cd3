package firebreak.sim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import firebreak.sim.QueryApi.Sent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Speaks to a Firebreak server over HTTP as the tools around it would. */
final class ServerClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** A server that is away is asked again this often, and this long: it may be restarting. */
  private static final Duration RETRY_EVERY = Duration.ofMillis(250);

  private static final Duration RETRY_FOR = Duration.ofSeconds(60);

  private final URI server;
  private final String key;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  ServerClient(URI server, String key) {
    this.server = server;
    this.key = key;
  }

  /** Sends events as one batch; returns when the server has acknowledged every one of them. */
  void send(String dataset, List<Sent> events) {
    if (events.isEmpty()) {
      return;
    }
    JsonNode statuses = post("/1/batch/" + dataset, batch(events), Map.of());
    for (JsonNode status : statuses) {
      if (status.path("status").asInt() != 202) {
        throw new ServerTrouble("the server refused an event: " + status);
      }
    }
  }

  /** The body of a batch. */
  static byte[] batch(List<Sent> events) {
    List<Map<String, Object>> body = new ArrayList<>();
    for (Sent event : events) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("time", event.time().toString());
      entry.put("samplerate", event.sampleRate());
      entry.put("data", event.fields());
      body.add(entry);
    }
    return bytes(body);
  }

  /** States a fact through the project's own routes. */
  void fact(String path, Map<String, ?> fact) {
    post(path, bytes(fact), Map.of());
  }

  /** Puts a marker on the timeline; the same key again is the same marker. */
  void marker(String service, String says, Instant time, String key) {
    Map<String, Object> marker =
        Map.of("message", says, "type", "config", "start_time", time.getEpochSecond());
    post("/1/markers/" + service, bytes(marker), Map.of("Idempotency-Key", key));
  }

  /** Sends a GitHub webhook with its signature. */
  void github(String event, String secret, Map<String, ?> payload) {
    byte[] body = bytes(payload);
    Map<String, String> headers =
        Map.of(
            "X-GitHub-Event", event,
            "X-GitHub-Delivery",
                "sim-" + Integer.toHexString(new String(body, StandardCharsets.UTF_8).hashCode()),
            "X-Hub-Signature-256", "sha256=" + signature(secret, body));
    post("/webhooks/github", body, headers);
  }

  private JsonNode post(String path, byte[] body, Map<String, String> headers) {
    long start = System.nanoTime();
    while (true) {
      String trouble;
      try {
        HttpRequest.Builder request =
            HttpRequest.newBuilder(server.resolve(path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        if (!key.isEmpty()) {
          request.header("X-Honeycomb-Team", key);
        }
        HttpResponse<byte[]> response =
            http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() / 100 == 2) {
          return JSON.readTree(response.body());
        }
        trouble = response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8);
        if (response.statusCode() != 429 && response.statusCode() != 503) {
          throw new ServerTrouble("%s answered %s".formatted(server.resolve(path), trouble));
        }
      } catch (IOException e) {
        trouble = e.toString();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ServerTrouble("interrupted while sending to " + path, e);
      }
      if (System.nanoTime() - start > RETRY_FOR.toNanos()) {
        throw new ServerTrouble(
            "%s did not answer for %d seconds: %s"
                .formatted(server.resolve(path), RETRY_FOR.toSeconds(), trouble));
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY_EVERY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerTrouble("interrupted while waiting for the server", e);
    }
  }

  private static byte[] bytes(Object body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + body, e);
    }
  }

  private static String signature(String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HmacSHA256", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
