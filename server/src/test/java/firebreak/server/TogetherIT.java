package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people share over the API: what was asked, notebooks, keys, flags; over a start too. */
class TogetherIT {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String[] ROOT = {"X-Honeycomb-Team", "the-root-secret-of-this-test"};
  private static final String KEYS =
      "keys: [{name: root, secret: {env: ROOT}, scopes: [admin], trusted: true}]";
  private static final String RETAIL =
      """
      {"calculations": [{"op": "COUNT"}],
       "filters": [{"column": "customer_id", "op": "=", "value": "retail"}]}""";

  @TempDir Path folder;

  private App start(String yaml) {
    Config config = ConfigReader.parse(yaml, "test", folder, Map.of("ROOT", ROOT[1]));
    return App.start(config.with(0, folder.resolve("data")), InstantSource.fixed(NOW));
  }

  @Test
  void everyQueryThatWasAskedIsFoundAgainAndThoseOfPagesAreNot() {
    try (App app = start("");
        Api api = new Api(app.port())) {
      api.post("/1/batch/query-api", "[{\"data\": {\"customer_id\": \"retail\"}}]");
      ask(api, "{\"calculations\": [{\"op\": \"COUNT\"}], \"time_range\": 3600}");
      ask(api, "{\"calculations\": [{\"op\": \"COUNT\"}], \"time_range\": 7200}");
      String id = ask(api, RETAIL);
      String run = "{\"query_id\": \"%s\"}".formatted(id);
      api.send("POST", "/1/query_results/query-api", run, QueryRoutes.REPEATED, "true");
      api.post(
          "/1/query_annotations/query-api",
          "{\"name\": \"Only retail\", \"description\": \"why\", \"query_id\": \"%s\"}"
              .formatted(id));

      JsonNode asked = api.get("/api/v1/queries").path("asked");
      assertEquals(2, asked.size(), "" + asked);
      assertEquals(1, asked.get(0).path("times").asInt());
      assertEquals(2, asked.get(1).path("times").asInt());
      assertEquals(7200, asked.at("/1/query/time_range").asInt());
      assertEquals(1, api.get("/api/v1/queries?find=retail").path("asked").size());
      assertEquals("Only retail", api.get("/api/v1/queries").at("/named/0/name").asText());
      assertEquals(0, api.get("/api/v1/queries?find=only+nobody").path("named").size());
      assertEquals(400, api.send("GET", "/api/v1/queries?limit=0", "").status());
    }
    try (App app = start("");
        Api api = new Api(app.port())) {
      assertEquals(2, api.get("/api/v1/queries").path("asked").size());
    }
  }

  @Test
  void aBubbleUpThatSomebodyAskedIsFoundInTheHistoryWithItsBox() {
    try (App app = start("");
        Api api = new Api(app.port())) {
      api.post("/1/batch/query-api", "[{\"data\": {\"duration_ms\": 3000, \"plan\": \"pro\"}}]");
      String body =
          "{\"dataset\": \"query-api\", \"start_time\": %d, \"selection\": {\"box\": %s}}";
      long hour = NOW.getEpochSecond() - 3_600;
      for (long since : List.of(hour, hour + 60)) {
        String box =
            "{\"column\": \"duration_ms\", \"min\": 2000, \"start_time\": %d}".formatted(since);
        api.post("/api/v1/bubbleup", body.formatted(since, box));
      }
      String other = body.formatted(hour, "{\"column\": \"duration_ms\", \"min\": 1}");
      api.send("POST", "/api/v1/bubbleup", other, QueryRoutes.REPEATED, "true");

      JsonNode asked = api.get("/api/v1/queries?find=bubbleup+duration_ms").path("asked");
      assertEquals(1, asked.size(), "" + asked);
      assertEquals(2, asked.at("/0/times").asInt(), "another time is the same box");
      assertEquals("query-api", asked.at("/0/dataset").asText());
      assertEquals(2000, asked.at("/0/query/bubbleup/selection/box/min").asInt());
      assertEquals(0, api.get("/api/v1/queries?find=bubbleup+nobody").path("asked").size());
    }
  }

  private static String ask(Api api, String query) {
    String id = api.post("/1/queries/query-api", query).path("id").asText();
    api.post("/1/query_results/query-api", "{\"query_id\": \"%s\"}".formatted(id));
    return id;
  }

  @Test
  void aNotebookIsKeptAndNobodyOverwritesWhatAnotherWrote() {
    try (App app = start("");
        Api api = new Api(app.port())) {
      JsonNode made =
          api.post(
              "/api/v1/notebooks",
              """
              {"title": "Retail", "steps": [
                {"title": "Slow?", "question": {"dataset": "query-api"}, "seen": {"rows": []}}]}""");
      String path = "/api/v1/notebooks/" + made.path("id").asText();
      assertEquals("Slow?", api.get(path).at("/steps/0/title").asText());
      assertEquals(1, api.get("/api/v1/notebooks").at("/notebooks/0/steps").asInt());
      String mine = "{\"title\": \"Mine\", \"updated_at\": \"%s\"}";
      assertEquals(409, api.send("PUT", path, mine.formatted("2020-01-01T00:00:00Z")).status());
      String seen = made.path("updated_at").asText();
      assertEquals(200, api.send("PUT", path, mine.formatted(seen)).status());
      String tooLong =
          "{\"title\": \"x\", \"steps\": [{\"question\": {}, \"seen\": {\"a\": \"%s\"}}]}"
              .formatted("x".repeat(70_000));
      Api.Reply refused = api.send("POST", "/api/v1/notebooks", tooLong);
      assertEquals(400, refused.status());
      assertTrue(refused.body().path("detail").asText().contains("64000"), "" + refused);
      assertEquals(204, api.send("DELETE", path, "").status());
      assertEquals(404, api.send("GET", path, "").status());
    }
  }

  @Test
  void aKeyIsMadeShownOnceScopedOnRecordAndRevoked() {
    String secret;
    String id;
    try (App app = start(KEYS);
        Api api = new Api(app.port())) {
      Api.Reply made = make(api, "ci", "query");
      assertEquals(201, made.status(), "" + made);
      secret = made.body().path("secret").asText();
      id = made.body().path("id").asText();
      assertEquals(200, api.send("GET", "/api/v1/slos", "", bearer(secret)).status());
      assertEquals(403, api.send("GET", "/api/v1/keys", "", bearer(secret)).status());
      JsonNode list = api.send("GET", "/api/v1/keys", "", ROOT).body();
      assertEquals(List.of("root", "ci"), list.path("keys").findValuesAsText("name"));
      assertFalse(list.toString().contains(secret));
      assertEquals(409, make(api, "ci", "query").status());
      // The guard was started believing all senders: one that it may not believe is refused.
      assertEquals(409, make(api, "sender", "ingest").status());
    }
    try (App app = start(KEYS);
        Api api = new Api(app.port())) {
      assertEquals(200, api.send("GET", "/api/v1/slos", "", bearer(secret)).status());
      assertEquals(204, api.send("DELETE", "/api/v1/keys/" + id, "", ROOT).status());
      assertEquals(401, api.send("GET", "/api/v1/slos", "", bearer(secret)).status());
      JsonNode records = api.send("GET", "/api/v1/audit?since=0", "", ROOT).body().path("records");
      assertEquals(List.of("key_made", "key_revoked"), records.findValuesAsText("kind"));
    }
  }

  private static Api.Reply make(Api api, String name, String scope) {
    String body = "{\"name\": \"%s\", \"scopes\": [\"%s\"]}".formatted(name, scope);
    return api.send("POST", "/api/v1/keys", body, ROOT);
  }

  private static String[] bearer(String secret) {
    return new String[] {"Authorization", "Bearer " + secret};
  }

  @Test
  void withoutAnyKeyInTheConfigurationNoneIsMade() {
    try (App app = start("");
        Api api = new Api(app.port())) {
      assertEquals(409, make(api, "ci", "admin").status());
      assertTrue(api.get("/api/v1/keys").path("open").asBoolean());
    }
  }

  @Test
  void flagsAreToldWithWhatSpeaksAgainstTurningThem() throws Exception {
    Scene scene = Scene.in(folder);
    try (App app = start("flags: {file: ./flags.json}\nguard: {eligible: [short-cache]}");
        Api api = new Api(app.port())) {
      JsonNode flags = api.get("/api/v1/flags").path("flags");
      assertTrue(flags.size() > 1, scene.flags() + " has " + flags);
      for (JsonNode flag : flags) {
        boolean isEligible = flag.path("key").asText().equals("short-cache");
        assertEquals(isEligible ? 0 : 1, flag.path("refusals").size(), "" + flag);
      }
    }
  }
}
