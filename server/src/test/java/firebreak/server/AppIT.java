package firebreak.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.Calculation;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.TimeRange;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppIT {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path folder;

  @Test
  void findsAnEventAsSoonAsItIsAcknowledged() throws Exception {
    Config config = ConfigReader.defaults(Map.of()).with(0, folder);
    try (App app = App.start(config, InstantSource.fixed(NOW));
        HttpClient client = HttpClient.newHttpClient()) {
      EventStore store = app.store();
      for (int i = 1; i <= 20; i++) {
        HttpRequest event =
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + app.port() + "/1/events/query-api"))
                .header("X-Honeycomb-Samplerate", "2")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"query\"}"))
                .build();
        assertEquals(200, client.send(event, HttpResponse.BodyHandlers.ofString()).statusCode());

        assertEquals(2 * i, count(store), "after event " + i);
      }
      HttpResponse<String> ready =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + "/health/ready"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(200, ready.statusCode());
      assertTrue(ready.body().contains("\"ready\""), ready.body());
    }
  }

  @Test
  void recordsWhatWebhooksAndOthersTell() throws Exception {
    Config config =
        ConfigReader.parse(
                "webhooks: {github: {secrets: [{env: S}]}}", "test", folder, Map.of("S", "hush"))
            .with(0, folder);
    try (App app = App.start(config, InstantSource.fixed(NOW));
        HttpClient client = HttpClient.newHttpClient()) {
      Poster poster = new Poster(client, app.port());
      String deploy =
          """
          {"service": "query-api", "environment": "production", "build_id": "8812",
           "state": "succeeded", "time": "2026-03-01T11:50:00Z"}""";
      HttpResponse<String> told = poster.post("/api/v1/deploys", deploy);
      HttpResponse<String> toldAgain = poster.post("/api/v1/deploys", deploy);
      HttpResponse<String> wrong = poster.post("/api/v1/deploys", "{\"stat\": 1}");

      assertEquals(201, told.statusCode(), told.body());
      assertEquals(200, toldAgain.statusCode(), toldAgain.body());
      assertEquals(told.body(), toldAgain.body());
      assertEquals(400, wrong.statusCode(), wrong.body());
      assertEquals(
          List.of("query-api 8812"),
          new ChangeLog(app.store())
              .changes(new TimeRange(NOW.minusSeconds(3600), NOW)).stream()
                  .map(Change::name)
                  .toList());

      String body = "{\"zen\": \"x\"}";
      HttpResponse<String> forged = poster.webhook(body, "0".repeat(64));
      HttpResponse<String> ping = poster.webhook(body, hmac("hush", body));

      assertEquals(401, forged.statusCode(), forged.body());
      assertTrue(forged.body().contains("webhooks.github.secrets"), forged.body());
      assertEquals(200, ping.statusCode(), ping.body());
      assertTrue(ping.body().contains("ignored"), ping.body());
    }
  }

  private record Poster(HttpClient client, int port) {
    HttpResponse<String> webhook(String body, String signature) throws Exception {
      return post(
          "/webhooks/github",
          body,
          "X-GitHub-Event",
          "ping",
          "X-Hub-Signature-256",
          "sha256=" + signature);
    }

    HttpResponse<String> post(String path, String body, String... headers) throws Exception {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .POST(HttpRequest.BodyPublishers.ofString(body));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String hmac(String secret, String body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8)));
  }

  private static double count(EventStore store) {
    Query query =
        new Query(
            List.of("query-api"),
            new TimeRange(NOW.minusSeconds(60), NOW.plusSeconds(60)),
            List.of(Calculation.count()),
            Filter.equal("name", "query"),
            List.of(),
            List.of(),
            List.of(),
            1,
            Duration.ZERO,
            Duration.ZERO);
    return store.query(query).total().cells().getFirst().number();
  }
}
