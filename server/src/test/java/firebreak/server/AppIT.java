package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.List;
import java.util.Map;
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
      assertTrue(ready.body().contains("\"store\":true"), ready.body());
    }
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
