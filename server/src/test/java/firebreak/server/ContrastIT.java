package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Two services side by side, one that finds burns by contrast and one that is told not to. The
 * clock is set by hand, so that a minute passes at once.
 */
@Execution(ExecutionMode.CONCURRENT)
class ContrastIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final int CUSTOMERS = 120;
  private static final int PER_SECOND = 40;
  static final String SLO =
      """
      apiVersion: openslo/v1
      kind: SLO
      metadata: {name: %1$s}
      spec:
        service: %1$s
        indicator:
          metadata: {name: %1$s}
          spec:
            ratioMetric:
              good:
                metricSource:
                  type: firebreak
                  spec: {dataset: %1$s, filters: [{column: status, op: "<", value: 500}]}
              total:
                metricSource:
                  type: firebreak
                  spec: {dataset: %1$s, filters: [{column: status, op: exists}]}
        timeWindow: [{duration: 30d, isRolling: true}]
        budgetingMethod: Occurrences
        objectives: [{target: 0.999}]
      """;
  private static final String FLAG =
      """
      "%s": {"key": "%1$s", "version": %d, "on": true, "variations": [true, false],
        "offVariation": 1, "salt": "s", "rules": [], "targets": [], "contextTargets": [],
        "fallthrough": {"rollout": {"contextKind": "customer", "variations": [
          {"variation": 0, "weight": %d}, {"variation": 1, "weight": %d}]}}}""";

  @TempDir Path folder;

  private volatile Instant now = Instant.now().minusSeconds(600);
  private final SplittableRandom random = new SplittableRandom(7);

  /** A service in a folder of its own. */
  private final class Service implements AutoCloseable {
    private final Path home;
    private final App app;
    private final Api api;

    Service(String name, String guard) throws IOException {
      home = Files.createDirectories(folder.resolve(name));
      Path slos = Files.createDirectories(home.resolve("slos"));
      Files.writeString(slos.resolve("api.yaml"), SLO.formatted("api"));
      Files.writeString(slos.resolve("web.yaml"), SLO.formatted("web"));
      rollOut(1, 1_000);
      Config config =
          new Scene(home)
              .config(
                  "listen: 127.0.0.1:0\ndata: ./data\nslos: ./slos\nflags: {file: ./flags.json}\n"
                      + guard);
      InstantSource clock = () -> now;
      app = App.start(config, clock);
      api = new Api(app.port());
    }

    private void rollOut(int version, int weight) throws IOException {
      String flags =
          String.join(
              ",\n",
              FLAG.formatted("new-path", version, weight, 100_000 - weight),
              FLAG.formatted("new-page", version, weight, 100_000 - weight));
      Path next = Files.writeString(home.resolve("flags.next"), "{\"flags\": {" + flags + "}}");
      Files.move(next, home.resolve("flags.json"), StandardCopyOption.REPLACE_EXISTING);
    }

    private void awaitTheChanges() {
      api.await(
          "both changes are on the timeline",
          SOON,
          () ->
              Api.list(api.get("/api/v1/changes?since=0").path("changes")).stream()
                          .filter(change -> change.toString().contains("changed in the flag"))
                          .count()
                      == 2
                  ? Optional.of(true)
                  : Optional.empty());
    }

    @Override
    public void close() {
      api.close();
      app.close();
    }
  }

  @Test
  void aFlagThatFailsFewIsFoundBeforeTheRuleAndQuietTrafficMakesNothing() throws Exception {
    try (Service on = new Service("on", "guard: {mode: watch}");
        Service off = new Service("off", "guard: {mode: watch, contrast: false}")) {
      List<Service> both = List.of(on, off);
      Instant hourAgo = now.minusSeconds(3_600);
      for (int minute = 0; minute < 60; minute++) {
        send(both, "api", hourAgo.plusSeconds(60L * minute), 1, 0);
        send(both, "web", hourAgo.plusSeconds(60L * minute), 1, 0);
      }
      now = now.plusSeconds(5);
      Instant changed = now;
      for (Service service : both) {
        service.rollOut(2, 50_000);
        service.awaitTheChanges();
      }
      for (int second = 0; second < 60; second++) {
        send(both, "api", changed.plusSeconds(second), PER_SECOND, 0.04);
        send(both, "web", changed.plusSeconds(second), PER_SECOND, 0);
      }
      now = changed.plusSeconds(62);

      JsonNode incident = on.api.awaitIncident(SOON, "open");
      assertEquals("contrast", incident.path("detected_by").asText(), incident.toString());
      assertEquals("api", incident.path("slo").asText(), incident.toString());
      assertEquals(changed.plusSeconds(60).toString(), incident.path("detected_at").asText());
      double spent = incident.path("budget_spent_at_detection").asDouble();
      assertTrue(spent > 0 && spent < 1, incident.toString());
      assertTrue(incident.path("burn_rate").asDouble() > 20, incident.toString());
      Api.pause(3_000); // the other's patrol has seen the same by now, several times
      assertEquals(List.of(), off.api.incidents());
      assertEquals(1, on.api.incidents().size(), "of the page that is well there is none");
    }
  }

  /** A second of one dataset, or the good ones of a minute; half of the customers are reached. */
  private void send(List<Service> all, String dataset, Instant second, int events, double bad) {
    ArrayNode batch = Json.MAPPER.createArrayNode();
    boolean isMinute = events == 1;
    for (int i = 0; i < events; i++) {
      int customer = random.nextInt(CUSTOMERS);
      boolean reached = customer % 2 == 0;
      boolean fails = reached && random.nextDouble() < bad;
      ObjectNode item = batch.addObject().put("time", second.toString());
      item.put("samplerate", isMinute ? 60 * PER_SECOND : 1);
      item.putObject("data")
          .put("status", fails ? 500 : 200)
          .put("customer_id", "c" + customer)
          .put(dataset.equals("api") ? "flag.new-path" : "flag.new-page", reached);
    }
    all.forEach(service -> service.api.post("/1/batch/" + dataset, batch.toString()));
  }
}
