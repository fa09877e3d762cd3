package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.sim.Simulation;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The service dies twice in the middle of the incident: while it burns, and in the act itself. */
@Execution(ExecutionMode.CONCURRENT)
class KillIT {
  /** So many acknowledged events that the fault has been on for some seconds. */
  private static final int IN_THE_BURN = 900;

  private static final int IDS_PER_QUERY = 1_000;

  @TempDir Path folder;

  @Test
  void losesNothingThatWasAcknowledgedAndActsOnce() throws Exception {
    int port = freePort();
    Scene scene = Scene.in(folder);
    Path config = scene.configured(Scene.demo(port));
    long version = scene.flagVersion("short-cache");
    Instant start = Instant.now();
    Child service = serve(config);
    try (Api api = new Api(port);
        Performance simulation =
            new Performance(
                new Simulation(
                    scene.plan(api.server(), false, Duration.ofMinutes(6)),
                    new PrintStream(folder.resolve("simulation").toFile()),
                    Clock.systemUTC()))) {
      await("the burn", api, 180, () -> scene.acknowledged().size() >= IN_THE_BURN);
      simulation.check();
      service.kill();
      service = serve(config);

      // Between the change of the flag and the record that it was made, as nearly as can be.
      awaitSharply("the act", 180, () -> scene.flagVersion("short-cache") != version);
      service.kill();
      service = serve(config);

      JsonNode incident = api.awaitIncident(Duration.ofMinutes(2), "mitigated", "closed");
      simulation.check();
      assertEquals("effective", incident.at("/mitigation/state").asText(), incident.toString());
      assertEquals(1, api.incidents().size(), () -> "of one burn: " + incident);
      assertOneAct(api.audit(), incident.path("id").asText());
      assertEquals(version + 1, scene.flagVersion("short-cache"), scene.flag("short-cache"));
      List<String> acknowledged = scene.acknowledged();
      Set<String> missing = missing(api, start, acknowledged);
      assertTrue(
          missing.isEmpty(),
          () -> "lost %d of %d events".formatted(missing.size(), acknowledged.size()));
    } finally {
      service.close();
    }
  }

  private Child serve(Path config) throws IOException {
    return Child.start(folder.resolve("log"), "serve", "--config", config.toString());
  }

  /** One intent, one change, of the one incident; and a chain that no crash has broken. */
  private static void assertOneAct(List<JsonNode> audit, String incident) {
    String hash = audit.getFirst().path("previous_hash").asText();
    long intended = 0;
    long applied = 0;
    long opened = 0;
    for (JsonNode record : audit) {
      assertEquals(hash, record.path("previous_hash").asText(), record.toString());
      hash = record.path("hash").asText();
      switch (record.path("kind").asText()) {
        case "opened" -> opened++;
        case "intended" -> intended++;
        case "applied" -> {
          assertEquals(incident, record.path("incident").asText());
          assertEquals(1, intended, "the intent comes first: " + audit);
          applied++;
        }
        default -> {}
      }
    }
    assertEquals(1, opened, audit.toString());
    assertEquals(1, intended, audit.toString());
    assertEquals(1, applied, audit.toString());
  }

  private static Set<String> missing(Api api, Instant start, List<String> ids) {
    Set<String> missing = new HashSet<>(ids);
    for (int from = 0; from < ids.size(); from += IDS_PER_QUERY) {
      List<String> chunk = ids.subList(from, Math.min(ids.size(), from + IDS_PER_QUERY));
      ObjectNode query = JsonTree.object();
      query.put("start_time", start.getEpochSecond());
      query.put("end_time", Instant.now().getEpochSecond() + 1);
      query.putArray("breakdowns").add("trace.span_id");
      query.putArray("calculations").addObject().put("op", "COUNT");
      query.put("limit", IDS_PER_QUERY);
      ObjectNode filter = query.putArray("filters").addObject();
      filter.put("column", "trace.span_id").put("op", "in");
      chunk.forEach(filter.putArray("value")::add);
      String id = api.post("/1/queries/query-api", query.toString()).path("id").asText();
      ObjectNode run = JsonTree.object().put("query_id", id).put("disable_series", true);
      JsonNode rows =
          api.post("/1/query_results/query-api", run.toString()).path("data").path("results");
      rows.forEach(row -> missing.remove(row.path("data").path("trace.span_id").asText()));
    }
    return missing;
  }

  /** Something that is so or not yet. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(String what, Api api, long seconds, Condition condition) {
    api.await(
        what,
        Duration.ofSeconds(seconds),
        () -> {
          try {
            return condition.holds() ? Optional.of(true) : Optional.empty();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void awaitSharply(String what, long seconds, Condition condition)
      throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
      Api.pause(1);
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
