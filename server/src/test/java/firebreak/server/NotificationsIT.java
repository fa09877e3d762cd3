package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Telling people, with real receivers on loopback that answer, fail, hang, and come back. */
class NotificationsIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String SLO =
      """
      apiVersion: openslo/v1
      kind: SLO
      metadata: {name: shop-ok, displayName: The shop answers}
      spec:
        service: shop
        indicator:
          metadata: {name: shop-ok}
          spec:
            ratioMetric:
              good: {metricSource: {type: firebreak, spec: {filters: [{column: ok, op: "=", value: true}]}}}
              total: {metricSource: {type: firebreak, spec: {dataset: shop}}}
        timeWindow: [{duration: 30d, isRolling: true}]
        budgetingMethod: Occurrences
        objectives: [{target: 0.99}]
      """;

  @TempDir Path folder;

  /** A receiver with a status that can be changed; 0 hangs. */
  private static final class Receiver implements AutoCloseable {
    private final HttpServer server;
    final AtomicInteger status = new AtomicInteger(200);
    final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
    final List<String> keys = new CopyOnWriteArrayList<>();

    Receiver() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/",
          exchange -> {
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
            JsonNode body = Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
            if (status.get() == 0) {
              Api.pause(60_000);
            }
            if (status.get() == 200) {
              bodies.add(body);
            }
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
          });
      server.start();
    }

    int port() {
      return server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private Config config(Receiver receiver, Receiver other) throws IOException {
    Files.createDirectories(folder.resolve("slos"));
    Files.writeString(folder.resolve("slos/shop.yaml"), SLO);
    String address = "http://127.0.0.1:%d/hook";
    Files.writeString(folder.resolve("hook"), address.formatted(receiver.port()));
    Files.writeString(folder.resolve("other"), address.formatted(other.port()));
    Path file =
        Files.writeString(
            folder.resolve("firebreak.yaml"),
            """
            listen: 127.0.0.1:0
            data: ./data
            slos: ./slos
            notify:
              - webhook: {url: {file: ./hook}, secret: {file: ./hook}}
              - slack: {url: {file: ./other}}
            outgoing: {allow: ["127.0.0.1:%d", "127.0.0.1:%d"], public_url: "https://fb.example"}
            """
                .formatted(receiver.port(), other.port()));
    return ConfigReader.read(file, Map.of());
  }

  private static void burn(Api api) {
    StringBuilder batch = new StringBuilder("[");
    for (int i = 0; i < 400; i++) {
      batch.append(
          "%s{\"time\": \"%s\", \"data\": {\"ok\": %s}}"
              .formatted(
                  i == 0 ? "" : ",",
                  Instant.now().minusSeconds(200 - i / 2),
                  i < 200 || i % 2 == 0));
    }
    api.post("/1/batch/shop", batch.append("]").toString());
  }

  private static JsonNode awaitMessage(Api api, Receiver receiver, String step) {
    return api.await(
        "a message " + step,
        SOON,
        () ->
            receiver.bodies.stream()
                .filter(body -> body.path("labels").path("step").asText().equals(step))
                .findFirst());
  }

  @Test
  void aBurnIsToldInWordsToActOnAndADeadReceiverDelaysNobody() throws Exception {
    try (Receiver receiver = new Receiver();
        Receiver dead = new Receiver()) {
      dead.status.set(0);
      try (App app = App.start(config(receiver, dead), InstantSource.system());
          Api api = new Api(app.port())) {
        burn(api);
        JsonNode message = awaitMessage(api, receiver, "opened");
        assertEquals("The shop answers burns", message.path("title").asText());
        String incident = api.incidents().getFirst().path("id").asText();
        assertEquals(incident, message.path("incident").asText());
        assertEquals("https://fb.example/incidents/" + incident, message.path("link").asText());
        String lines = message.path("lines").toString();
        for (String said : List.of("What burns: The shop answers of shop", "What did it", "done")) {
          assertTrue(lines.contains(said), lines);
        }
        assertEquals(incident + "/opened", receiver.keys.getFirst());
        JsonNode standing = api.get("/api/v1/notifications");
        assertTrue(standing.path("waiting").asInt() >= 1, standing.toString());
        assertTrue(standing.path("delivered").asInt() >= 1, standing.toString());
        assertTrue(standing.path("destinations").toString().contains("slack-"));
        assertTrue(!standing.toString().contains("127.0.0.1"), standing.toString());
      }
    }
  }

  @Test
  void whatCouldNotBeToldIsToldAfterARestartUnderTheSameKey() throws Exception {
    try (Receiver receiver = new Receiver();
        Receiver other = new Receiver()) {
      receiver.status.set(503);
      Config config = config(receiver, other);
      try (App app = App.start(config, InstantSource.system());
          Api api = new Api(app.port())) {
        burn(api);
        api.await(
            "two attempts",
            SOON,
            () -> receiver.keys.size() >= 2 ? Optional.of(true) : Optional.empty());
      }
      assertEquals(List.of(), receiver.bodies);
      receiver.status.set(200);
      try (App app = App.start(config, InstantSource.system());
          Api api = new Api(app.port())) {
        JsonNode message = awaitMessage(api, receiver, "opened");
        assertEquals(
            1, receiver.keys.stream().distinct().filter(k -> k.endsWith("opened")).count());
        assertEquals(message.path("id").asText(), receiver.keys.getFirst());
      }
      long opened =
          receiver.bodies.stream()
              .filter(body -> body.path("labels").path("step").asText().equals("opened"))
              .count();
      assertEquals(1, opened, "told once it was taken");
    }
  }

  @Test
  void recipientsOfABurnAlertAreTold() throws Exception {
    try (Receiver receiver = new Receiver();
        Receiver other = new Receiver()) {
      try (App app = App.start(config(receiver, other), InstantSource.system());
          Api api = new Api(app.port())) {
        String recipient =
            api.post(
                    "/1/recipients",
                    "{\"type\": \"webhook\", \"details\": {\"webhook_name\": \"n\","
                        + " \"webhook_url\": \"http://127.0.0.1:%d/mine\"}}"
                            .formatted(receiver.port()))
                .path("id")
                .asText();
        String alert =
            api.post(
                    "/1/burn_alerts/shop",
                    "{\"slo\": {\"id\": \"shop-ok\"}, \"exhaustion_minutes\": 240,"
                        + " \"description\": \"Open the runbook.\","
                        + " \"recipients\": [{\"id\": \"%s\"}]}".formatted(recipient))
                .path("id")
                .asText();
        burn(api);
        JsonNode message =
            api.await(
                "the recipient is told",
                SOON,
                () ->
                    receiver.bodies.stream()
                        .filter(body -> body.path("incident").asText().equals(alert))
                        .findFirst());
        assertEquals("burning", message.path("state").asText());
        assertTrue(message.path("lines").toString().contains("Open the runbook."));
        assertTrue(api.get("/1/burn_alerts/shop/" + alert).path("triggered").asBoolean());
      }
    }
  }

  @Test
  void aTestMessageReachesEveryDestination() throws Exception {
    try (Receiver receiver = new Receiver();
        Receiver other = new Receiver()) {
      try (App app = App.start(config(receiver, other), InstantSource.system());
          Api api = new Api(app.port())) {
        assertEquals(202, api.send("POST", "/api/v1/notifications/test", "").status());
        awaitMessage(api, receiver, "test");
        JsonNode slack = api.await("Slack is told", SOON, () -> other.bodies.stream().findFirst());
        assertTrue(slack.path("text").asText().startsWith("*Firebreak can reach you*"));
      }
    }
  }
}
