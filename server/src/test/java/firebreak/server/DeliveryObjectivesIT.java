package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.FieldRoles;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import firebreak.slo.Counts;
import firebreak.slo.SloMonitor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The objectives of delivery are there once there are events for them, and the guard is not. */
class DeliveryObjectivesIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;

  private Config config(String yaml) {
    return ConfigReader.parse(yaml, "test", folder, Map.of()).with(0, folder.resolve("data"));
  }

  /** Most of them slow: a burn by any measure. */
  private static void builds(Api api, int count, int slow) {
    StringBuilder batch = new StringBuilder();
    for (int i = 0; i < count; i++) {
      batch.append(batch.isEmpty() ? "[" : ",");
      batch.append(
          """
          {"time": "%s", "data": {"trace.trace_id": "t%d", "trace.span_id": "t%d",
           "service_name": "build", "name": "CI", "status": "success", "repo": "acme/query-api",
           "duration_ms": %d}}\
          """
              .formatted(Instant.now().minusSeconds(i), i, i, i < slow ? 900_000 : 100_000));
    }
    api.post("/1/batch/builds", batch.append("]").toString());
  }

  private static Optional<JsonNode> slo(Api api, String id) {
    return Api.list(api.get("/api/v1/slos").path("slos")).stream()
        .filter(slo -> slo.path("id").asText().equals(id))
        .findFirst();
  }

  @Test
  void slowBuildsBurnTheirOwnObjectiveAndOpenNoIncident() {
    try (App app = App.start(config(""), InstantSource.system());
        Api api = new Api(app.port())) {
      assertEquals("[]", api.get("/api/v1/slos").path("slos").toString());
      builds(api, 400, 350);
      JsonNode slo =
          api.await("the objective is there", SOON, () -> slo(api, "builds-under-ten-minutes"));
      assertEquals(400, slo.path("eligible").asInt());
      assertEquals(350, slo.path("bad").asInt());
      assertTrue(slo.at("/burn_rates/5m").asDouble() > 6, "" + slo);
      assertTrue(slo(api, "merged-to-everywhere-within-an-hour").isEmpty(), "nothing merged yet");
      // The guard looks every second; a burn like this it would have noticed at once.
      Api.pause(4_000);
      assertEquals(List.of(), api.incidents());
    }
  }

  @Test
  void aMergeThatIsEverywhereIsCountedOnce() {
    EventStore store = EventStore.inMemory();
    ChangeLog changes = new ChangeLog(store);
    SloMonitor monitor = new SloMonitor(store);
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    String commit = "c0ffee00".repeat(5);
    changes.record(
        new Change.Marker(
            "marker-1",
            now.minusSeconds(1_500),
            null,
            "query-api",
            "",
            "merge",
            "acme/query-api",
            commit,
            "#12 Shorten the cache",
            "pat",
            ""));
    changes.record(
        new Change.Deploy(
            "deploy-1",
            now.minusSeconds(1_200),
            null,
            "query-api",
            "production",
            "8812",
            "",
            commit,
            "acme/query-api",
            Change.DeployState.SUCCEEDED,
            false,
            "",
            "pat",
            ""));
    List<Event> events = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      events.add(new Event(now.minusSeconds(i), 1, Map.of("build_id", Value.of("8812"))));
    }
    store.append("query-api", events.reversed());
    Releases releases = new Releases(store, FieldRoles.DEFAULT, changes, monitor, List::of);
    // A process that starts anew knows nothing of what the last one wrote; the store does.
    for (int starts = 0; starts < 2; starts++) {
      DeliveryObjectives delivery = new DeliveryObjectives(true, store, InstantSource.fixed(now));
      delivery.look(releases, now);
      delivery.look(releases, now);
      assertEquals(List.of(DeliveryObjectives.RELEASES), delivery.inForce());
    }
    monitor.follow(List.of(DeliveryObjectives.RELEASES));
    assertEquals(
        new Counts(1, 0),
        monitor.counts(DeliveryObjectives.RELEASES, TimeRange.before(now, Duration.ofHours(1))));
  }

  @Test
  void theyCanBeSwitchedOff() {
    try (App app = App.start(config("delivery_slos: false"), InstantSource.system());
        Api api = new Api(app.port())) {
      builds(api, 10, 0);
      Api.pause(3_000);
      assertEquals("[]", api.get("/api/v1/slos").path("slos").toString());
    }
  }
}
