package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a build over HTTP, from what was told and what was seen. */
class RolloutIT {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path folder;

  @Test
  void aBuildIsFollowedFromItsDeployToItsTrafficAndItsImpact() throws Exception {
    Files.createDirectories(folder.resolve("slos"));
    Files.writeString(folder.resolve("slos/slo.yaml"), GateIT.SLO);
    Config config = ConfigReader.parse("slos: ./slos", "test", folder, Map.of());
    try (App app = App.start(config.with(0, folder.resolve("data")), InstantSource.fixed(NOW));
        Api api = new Api(app.port())) {
      api.post(
          "/api/v1/deploys",
          """
          {"service": "query-api", "environment": "production", "build_id": "8812",
           "time": "2026-03-01T11:20:00Z"}\
          """);
      api.post(
          "/api/v1/deploys",
          """
          {"service": "query-api", "environment": "staging", "build_id": "8812",
           "time": "2026-03-01T11:10:00Z"}\
          """);
      for (int minute = 59; minute > 0; minute--) {
        send(api, minute, "8811", minute > 30 ? 20 : 10, 0);
        send(api, minute, "8812", minute > 30 ? 0 : 10, 3);
      }

      JsonNode list = api.get("/api/v1/rollouts?since=2026-02-28T12:00:00Z").path("rollouts");
      assertEquals(
          List.of("8812", "8811"),
          list.findValuesAsText("build_id").stream()
              .filter(id -> id.length() == 4)
              .distinct()
              .toList());
      JsonNode rollout = list.get(0);
      JsonNode production = rollout.path("environments").get(0);
      assertEquals("production", production.path("environment").asText());
      assertEquals("2026-03-01T11:30:00Z", production.path("first_seen").asText());
      assertTrue(production.path("confirmed").asBoolean());
      JsonNode staging = rollout.path("environments").get(1);
      assertEquals(
          "declared, but no event of this build has come in", staging.path("note").asText());
      assertTrue(list.get(1).path("environments").get(0).path("observed").asBoolean());

      JsonNode whole =
          api.get(
              "/api/v1/rollouts/%s?since=2026-03-01T02:00:00Z"
                  .formatted(rollout.path("id").asText()));
      assertEquals(0.5, whole.at("/environments/0/shares/0/share").asDouble(), 1e-9);
      JsonNode impact = whole.path("slo_impact").get(0);
      assertEquals(300, impact.at("/build/events").asInt());
      assertEquals(90, impact.path("excess_bad").asDouble(), 1e-9);
      assertTrue(impact.path("p_value").asDouble() < 1e-9, "" + impact);

      JsonNode dora = api.get("/api/v1/dora?since=2026-02-28T12:00:00Z");
      assertEquals(2, dora.path("deploys").asInt());
      assertEquals(2, dora.path("deployment_frequency_per_day").asDouble());
      assertEquals(404, api.send("GET", "/api/v1/rollouts/none", "").status());
      assertEquals(
          400, api.send("GET", "/api/v1/rollouts?since=2020-01-01T00:00:00Z", "").status());
    }
  }

  private static void send(Api api, int minute, String build, int events, int bad) {
    ArrayNode batch = JsonTree.array(List.of(), _ -> JsonTree.object());
    for (int i = 0; i < events; i++) {
      ObjectNode item = batch.addObject();
      item.put("time", NOW.minusSeconds(minute * 60L).plusSeconds(i).toString());
      item.putObject("data")
          .put("name", "query")
          .put("duration_ms", i < bad ? 5_000 : 20)
          .put("build_id", build)
          .put("environment", "production");
    }
    if (events > 0) {
      api.post("/1/batch/query-api", batch.toString());
    }
  }
}
