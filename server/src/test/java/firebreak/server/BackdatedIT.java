package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.sim.Simulation;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The past, sent at once to a fresh service, gives what would have been said at the time. */
@Execution(ExecutionMode.CONCURRENT)
class BackdatedIT {
  private static final Duration LIVE = Duration.ofMinutes(4);
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String WATCHING =
      """
      listen: 127.0.0.1:0
      data: ./data
      slos: ./slos
      flags: {file: ./flags.json}
      webhooks: {github: {secrets: [{file: ./github.secret}]}}
      guard: {mode: watch, eligible: ["short-cache"]}
      """;

  @TempDir Path folder;

  @Test
  void aBurnThatLastsIsAnIncidentWithARecommendation() throws Exception {
    Scene scene = Scene.in(folder);
    String flag = scene.flag("short-cache");
    try (App app = App.start(scene.config(WATCHING), InstantSource.system());
        Api api = new Api(app.port())) {
      play(scene, api, Clock.systemUTC());

      JsonNode incident =
          api.await(
              "a mitigation is recommended",
              SOON,
              () ->
                  api.incidents().stream()
                      .filter(one -> one.path("mitigation").isObject())
                      .findFirst());
      assertEquals("open", incident.path("state").asText(), incident.toString());
      assertBlamesTheBuild(incident);
      assertTheEvidenceCanBeAskedForAgain(api, incident);
      JsonNode mitigation = incident.path("mitigation");
      assertEquals("recommended", mitigation.path("state").asText(), incident.toString());
      assertEquals("short-cache", mitigation.at("/action/flag").asText());
      assertEquals("[\"retail\"]", mitigation.at("/action/audience/keys").toString());
      assertEquals("false", mitigation.at("/action/to_variation").asText());
      assertTrue(mitigation.path("refusals").toString().contains("mode is watch"));
      assertEquals(flag, scene.flag("short-cache"));
    }
  }

  @Test
  void aBurnThatIsOverIsAClosedIncidentWithItsVerdict() throws Exception {
    Scene scene = Scene.in(folder);
    Duration ago = Duration.ofMinutes(100);
    try (App app = App.start(scene.config(WATCHING), InstantSource.system());
        Api api = new Api(app.port())) {
      Instant end = Instant.now().minus(ago);
      play(scene, api, Clock.offset(Clock.systemUTC(), ago.negated()));
      quiet(api, end.plusSeconds(30), Instant.now());

      JsonNode incident = api.awaitIncident(SOON, "closed");
      assertBlamesTheBuild(incident);
      Instant ended = Instant.parse(incident.path("burn_ended_at").asText());
      assertTrue(ended.isAfter(end) && ended.isBefore(end.plusSeconds(3_600)), incident.toString());
      assertNotEquals("applied", incident.at("/mitigation/state").asText());
      assertFalse(
          api.audit().stream().anyMatch(record -> record.path("kind").asText().equals("intended")));
    }
  }

  private void play(Scene scene, Api api, Clock clock) throws Exception {
    PrintStream out = new PrintStream(folder.resolve("simulation").toFile());
    new Simulation(scene.plan(api.server(), true, LIVE), out, clock).play();
  }

  private static void assertBlamesTheBuild(JsonNode incident) {
    JsonNode verdict = incident.path("verdict");
    assertEquals("deploy", verdict.path("kind").asText(), incident.toString());
    assertEquals("8812", verdict.path("build_id").asText(), incident.toString());
    assertEquals("short-cache", verdict.path("flag").asText(), incident.toString());
    assertEquals(
        "[{\"field\":\"customer_id\",\"value\":\"retail\"}]",
        verdict.path("terms").toString(),
        incident.toString());
  }

  private static void assertTheEvidenceCanBeAskedForAgain(Api api, JsonNode incident) {
    assertEquals(2, incident.path("queries").size(), incident.toString());
    for (JsonNode id : incident.path("queries")) {
      Api.Reply run =
          api.send("POST", "/1/query_results/query-api", "{\"query_id\": %s}".formatted(id));
      assertEquals(201, run.status(), run.toString());
      JsonNode row = run.body().path("data").path("results").path(0).path("data");
      long failing = row.path("COUNT").asLong() - row.path("good").asLong();
      assertTrue(failing > 1_000, row.toString());
    }
  }

  /** A query a second, each for forty like it, none of them slow. */
  private static void quiet(Api api, Instant from, Instant until) {
    ArrayNode batch = Json.MAPPER.createArrayNode();
    for (Instant at = from; at.isBefore(until); at = at.plusSeconds(1)) {
      ObjectNode event = batch.addObject().put("time", at.toString()).put("samplerate", 40);
      event
          .putObject("data")
          .put("name", "query")
          .put("service.name", "query-api")
          .put("duration_ms", 40);
      if (batch.size() == 1_000) {
        api.post("/1/batch/query-api", batch.toString());
        batch.removeAll();
      }
    }
    api.post("/1/batch/query-api", batch.toString());
  }
}
