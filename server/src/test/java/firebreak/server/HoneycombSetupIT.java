package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Objectives, burn alerts, recipients, annotations and boards, as Honeycomb's clients set them up.
 */
class HoneycombSetupIT {
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

  @TempDir Path folder;
  private App app;
  private Api api;

  @BeforeEach
  void start() {
    app = App.start(ConfigReader.defaults(Map.of()).with(0, folder), InstantSource.fixed(NOW));
    api = new Api(app.port());
  }

  @AfterEach
  void stop() {
    api.close();
    app.close();
  }

  private void restart() {
    stop();
    start();
  }

  private static String slo(String name, String alias) {
    return """
    {"name": "%s", "description": "d", "sli": {"alias": "%s"}, "time_period_days": 30,
     "target_per_million": 900000}"""
        .formatted(name, alias);
  }

  private String madeSlo() {
    api.post(
        "/1/derived_columns/shop",
        "{\"alias\": \"sli\", \"expression\": \"IF($name = `pay`, $ms < 100)\"}");
    return api.post("/1/slos/shop", slo("Fast", "sli")).path("id").asText();
  }

  private void events(int good, int bad) {
    StringBuilder batch =
        new StringBuilder("[{\"time\": \"2026-03-02T11:59:00Z\", \"data\": {\"name\": \"list\"}}");
    for (int i = 0; i < good + bad; i++) {
      batch.append(
          ",{\"time\": \"2026-03-02T11:58:%02dZ\", \"data\": {\"name\": \"pay\", \"ms\": %d}}"
              .formatted(i % 60, i < good ? 5 : 500));
    }
    api.post("/1/batch/shop", batch.append("]").toString());
  }

  private JsonNode refused(int status, String method, String path, String body) {
    Api.Reply reply = api.send(method, path, body);
    assertEquals(status, reply.status(), method + " " + path + " " + reply);
    assertTrue(reply.body().path("error").isTextual(), reply.toString());
    return reply.body();
  }

  private void invalid(String field, String method, String path, String body) {
    JsonNode refused = refused(422, method, path, body);
    assertEquals(422, refused.path("status").asInt());
    assertEquals(field, refused.path("type_detail").path(0).path("field").asText(), body);
    assertTrue(refused.path("error").asText().startsWith(field), refused.toString());
  }

  @Test
  void anSloOverADerivedColumnCountsFromTheFirstEventOn() {
    events(80, 15);
    String id = madeSlo();
    events(4, 1);
    JsonNode made = api.get("/1/slos/shop/" + id + "?detailed=true");
    assertEquals("Fast", made.path("name").asText());
    assertEquals("sli", made.path("sli").path("alias").asText());
    assertEquals("[\"shop\"]", made.path("dataset_slugs").toString());
    assertEquals(84.0, made.path("compliance").asDouble(), 1e-9);
    assertEquals(-60.0, made.path("budget_remaining").asDouble(), 1e-9);
    assertTrue(api.get("/1/slos/shop/" + id).path("compliance").isMissingNode());
    JsonNode own = api.get("/api/v1/slos/" + id);
    assertEquals(100, own.path("eligible").asInt());
    assertEquals(16, own.path("bad").asInt());
    restart();
    assertEquals(16, api.get("/api/v1/slos/" + id).path("bad").asInt());
    assertEquals(1, api.get("/1/slos/shop").size());
    assertEquals(0, api.get("/1/slos/web").size());
  }

  @Test
  void aChangedDerivedColumnOrSloCountsItsHistoryAnew() {
    events(5, 10);
    String id = madeSlo();
    JsonNode column = api.get("/1/derived_columns/shop?alias=sli");
    api.send(
        "PUT",
        "/1/derived_columns/shop/" + column.path("id").asText(),
        "{\"alias\": \"sli\", \"expression\": \"IF($name = `pay`, $ms < 1000)\"}");
    api.await(
        "the objective counts anew",
        java.time.Duration.ofSeconds(10),
        () ->
            api.get("/api/v1/slos/" + id).path("bad").asInt() == 0
                ? java.util.Optional.of(true)
                : java.util.Optional.empty());
    Api.Reply put =
        api.send("PUT", "/1/slos/shop/" + id, slo("Renamed", "sli").replace("900000", "500000"));
    assertEquals(200, put.status(), put.toString());
    assertEquals("Renamed", api.get("/api/v1/slos/" + id).path("name").asText());
    assertEquals(0.5, api.get("/api/v1/slos/" + id).path("target").asDouble());
    assertEquals(204, api.send("DELETE", "/1/slos/shop/" + id, "").status());
    refused(404, "GET", "/1/slos/shop/" + id, "");
    assertEquals(0, api.get("/api/v1/slos").path("slos").size());
  }

  @Test
  void anSloThatIsNoneIsRefusedByTheKey() {
    madeSlo();
    invalid("sli.alias", "POST", "/1/slos/shop", slo("a", "nothing"));
    invalid("name", "POST", "/1/slos/shop", slo("", "sli"));
    invalid(
        "target_per_million", "POST", "/1/slos/shop", slo("a", "sli").replace("900000", "1000000"));
    invalid("time_period_days", "POST", "/1/slos/shop", slo("a", "sli").replace("30", "400"));
    invalid("sli", "POST", "/1/slos/shop", "{\"name\": \"a\"}");
    invalid("dataset_slugs", "POST", "/1/slos/__all__", slo("a", "sli"));
    assertTrue(
        refused(400, "POST", "/1/slos/shop", "{\"nam\": \"a\"}")
            .path("error")
            .asText()
            .contains("did you mean 'name'"));
  }

  @Test
  void anSloMayBeOfSeveralDatasets() {
    api.post("/1/derived_columns/__all__", "{\"alias\": \"ok\", \"expression\": \"$ms < 100\"}");
    String event = "[{\"time\": \"2026-03-02T11:58:00Z\", \"data\": {\"ms\": %d}}]";
    api.post("/1/batch/shop", event.formatted(5));
    api.post("/1/batch/web", event.formatted(500));
    String body =
        slo("Both", "ok").replace("{\"name\"", "{\"dataset_slugs\": [\"shop\", \"web\"], \"name\"");
    String id = api.post("/1/slos/__all__", body).path("id").asText();
    assertEquals(2, api.get("/api/v1/slos/" + id).path("eligible").asInt());
    assertEquals(1, api.get("/api/v1/slos/" + id).path("bad").asInt());
    assertEquals(1, api.get("/1/slos/web").size());
  }

  @Test
  void burnAlertsHaveRecipientsAndAState() {
    events(10, 190);
    String slo = madeSlo();
    String recipient =
        api.post(
                "/1/recipients", "{\"type\": \"email\", \"details\": {\"email_address\": \"a@b\"}}")
            .path("id")
            .asText();
    String tell = "\"recipients\": [{\"id\": \"%s\"}]".formatted(recipient);
    JsonNode rate =
        api.post(
            "/1/burn_alerts/shop",
            """
            {"alert_type": "budget_rate", "slo": {"id": "%s"}, "budget_rate_window_minutes": 60,
             "budget_rate_decrease_threshold_per_million": 10000, %s}"""
                .formatted(slo, tell));
    assertEquals("budget_rate", rate.path("alert_type").asText());
    assertEquals("a@b", rate.path("recipients").path(0).path("target").asText());
    JsonNode exhaustion =
        api.post(
            "/1/burn_alerts/__all__",
            "{\"slo\": {\"id\": \"%s\"}, \"exhaustion_minutes\": 240, %s}".formatted(slo, tell));
    assertEquals("exhaustion_time", exhaustion.path("alert_type").asText());
    assertEquals(2, api.get("/1/burn_alerts/shop?slo_id=" + slo).size());
    String path = "/1/burn_alerts/shop/" + rate.path("id").asText();
    api.await(
        "the burn alert is on",
        java.time.Duration.ofSeconds(10),
        () ->
            api.get(path).path("triggered").asBoolean()
                ? java.util.Optional.of(true)
                : java.util.Optional.empty());
    refused(409, "DELETE", "/1/recipients/" + recipient, "");
    invalid("slo_id", "GET", "/1/burn_alerts/shop", "");
    refused(404, "GET", "/1/burn_alerts/shop?slo_id=none", "");
    refused(404, "GET", path.replace("/shop/", "/web/"), "");
    String base = "{\"slo\": {\"id\": \"%s\"}, ".formatted(slo);
    invalid("recipients", "POST", "/1/burn_alerts/shop", base + "\"exhaustion_minutes\": 1}");
    invalid("exhaustion_minutes", "POST", "/1/burn_alerts/shop", base + tell + "}");
    invalid(
        "budget_rate_window_minutes",
        "POST",
        "/1/burn_alerts/shop",
        base + "\"exhaustion_minutes\": 1, \"budget_rate_window_minutes\": 60, " + tell + "}");
    invalid(
        "budget_rate_window_minutes",
        "POST",
        "/1/burn_alerts/shop",
        base
            + "\"alert_type\": \"budget_rate\", \"budget_rate_window_minutes\": 59, "
            + tell
            + "}");
    Api.Reply put =
        api.send(
            "PUT",
            "/1/burn_alerts/shop/" + exhaustion.path("id").asText(),
            "{\"exhaustion_minutes\": 60, " + tell + "}");
    assertEquals(60, put.body().path("exhaustion_minutes").asInt(), put.toString());
    assertEquals(204, api.send("DELETE", path, "").status());
    assertEquals(204, api.send("DELETE", "/1/slos/shop/" + slo, "").status());
    assertEquals(204, api.send("DELETE", "/1/recipients/" + recipient, "").status());
  }

  @Test
  void recipientsAreCheckedByTheirType() {
    String hook =
        "{\"type\": \"webhook\", \"details\": {\"webhook_name\": \"n\", \"webhook_url\":"
            + " \"https://x.example/h\", \"webhook_secret\": \"s\", \"webhook_headers\":"
            + " [{\"header\": \"Authorization\", \"value\": \"Bearer x\"}]}}";
    JsonNode made = api.post("/1/recipients", hook);
    assertEquals("sent", made.path("delivery").asText());
    assertEquals("https://x.example/h", made.path("details").path("webhook_url").asText());
    refused(409, "POST", "/1/recipients", hook);
    invalid("type", "POST", "/1/recipients", "{\"type\": \"pigeon\", \"details\": {}}");
    invalid("type", "POST", "/1/recipients", "{\"details\": {}}");
    invalid("details", "POST", "/1/recipients", "{\"type\": \"email\"}");
    invalid("email_address", "POST", "/1/recipients", "{\"type\": \"email\", \"details\": {}}");
    invalid(
        "pagerduty_integration_key",
        "POST",
        "/1/recipients",
        "{\"type\": \"pagerduty\", \"details\": {\"pagerduty_integration_key\": \"short\","
            + " \"pagerduty_integration_name\": \"n\"}}");
    invalid("webhook_url", "POST", "/1/recipients", hook.replace("https://x", "https://u@x"));
    invalid("webhook_headers", "POST", "/1/recipients", hook.replace("Bearer x", "a\\r\\nHost: b"));
    invalid("webhook_headers", "POST", "/1/recipients", hook.replace("Authorization", "Host"));
    String path = "/1/recipients/" + made.path("id").asText();
    Api.Reply put = api.send("PUT", path, hook.replace("\"n\"", "\"other\""));
    assertEquals("other", put.body().path("details").path("webhook_name").asText());
    invalid(
        "type", "PUT", path, "{\"type\": \"email\", \"details\": {\"email_address\": \"a@b\"}}");
    restart();
    assertEquals(1, api.get("/1/recipients").size());
    assertEquals(204, api.send("DELETE", path, "").status());
    refused(404, "GET", path, "");
  }

  @Test
  void anAnnotatedQueryAndOneOnABoardOutliveTheProcess() {
    String query =
        api.post("/1/queries/shop", "{\"calculations\": [{\"op\": \"COUNT\"}]}")
            .path("id")
            .asText();
    JsonNode made =
        api.post(
            "/1/query_annotations/shop",
            "{\"name\": \"All\", \"query_id\": \"%s\"}".formatted(query));
    JsonNode board =
        api.post(
            "/1/boards",
            """
            {"name": "B", "queries": [
              {"query_id": "%s", "query_annotation_id": "%s", "query_style": "combo"},
              {"dataset": "shop", "query": {"calculations": [{"op": "MAX", "column": "ms"}]}}]}"""
                .formatted(query, made.path("id").asText()));
    assertEquals("shop", board.path("queries").path(0).path("dataset").asText());
    String inline = board.path("queries").path(1).path("query_id").asText();
    restart();
    assertEquals(
        "COUNT",
        api.get("/1/queries/shop/" + query).path("calculations").path(0).path("op").asText());
    assertEquals(
        "MAX",
        api.get("/1/queries/shop/" + inline).path("calculations").path(0).path("op").asText());
    assertEquals(board, api.get("/1/boards/" + board.path("id").asText()));
    assertEquals(1, api.get("/1/boards").size());
    String path = "/1/query_annotations/shop/" + made.path("id").asText();
    Api.Reply put =
        api.send("PUT", path, "{\"name\": \"Both\", \"query_id\": \"%s\"}".formatted(query));
    assertEquals("Both", put.body().path("name").asText(), put.toString());
    assertEquals("Both", api.get("/1/query_annotations/shop").path(0).path("name").asText());
    assertTrue(
        refused(400, "PUT", path, "{\"name\": \"x\", \"query_id\": \"other\"}")
            .path("error")
            .asText()
            .contains("cannot be changed"));
    refused(
        400,
        "POST",
        "/1/query_annotations/web",
        "{\"name\": \"x\", \"query_id\": \"%s\"}".formatted(query));
    invalid("queries", "POST", "/1/boards", "{\"name\": \"B\", \"queries\": [{}]}");
    invalid("slos", "POST", "/1/boards", "{\"name\": \"B\", \"slos\": [\"none\"]}");
    assertEquals(204, api.send("DELETE", path, "").status());
    Api.Reply renamed =
        api.send("PUT", "/1/boards/" + board.path("id").asText(), "{\"name\": \"C\"}");
    assertEquals("C", renamed.body().path("name").asText());
    assertEquals(204, api.send("DELETE", "/1/boards/" + board.path("id").asText(), "").status());
  }

  @Test
  void aBoardHasTextsBetweenItsQueriesAndSaysWhatIsWrongWithOne() {
    String board =
        """
        {"name": "B", "texts": [{"content": "# First", "before": 0}, {"content": "Last"}],
         "queries": [{"dataset": "shop", "query": {"calculations": [{"op": "COUNT"}]}}]}""";
    JsonNode made = api.post("/1/boards", board);
    restart();
    JsonNode texts = api.get("/1/boards/" + made.path("id").asText()).path("texts");
    assertEquals("# First", texts.at("/0/content").asText());
    assertEquals(1, texts.at("/1/before").asInt(), "behind the only query");
    invalid("texts", "POST", "/1/boards", board.replace("0}", "2}"));
    invalid("texts", "POST", "/1/boards", "{\"name\": \"B\", \"texts\": [{\"content\": \"\"}]}");
    invalid("texts", "POST", "/1/boards", "{\"name\": \"B\", \"texts\": [{\"html\": \"x\"}]}");
  }

  @Test
  void theHistoryOfAnSloIsResetAndCorrectedOnTheRecord() {
    events(50, 50);
    String id = madeSlo();
    String path = "/api/v1/slos/" + id;
    JsonNode correction =
        api.post(
            path + "/corrections",
            "{\"start\": \"2026-03-02T11:58:00Z\", \"end\": \"2026-03-02T11:58:30Z\","
                + " \"note\": \"a drill\"}");
    assertEquals("anyone", correction.path("author").asText());
    assertTrue(api.get(path).path("eligible").asInt() < 60);
    assertEquals(1, api.get(path + "/corrections").path("corrections").size());
    restart();
    assertTrue(api.get(path).path("eligible").asInt() < 60);
    assertEquals(
        204,
        api.send("DELETE", path + "/corrections/" + correction.path("id").asText(), "").status());
    assertEquals(100, api.get(path).path("eligible").asInt());
    api.post(path + "/reset", "");
    assertEquals(0, api.get(path).path("eligible").asInt());
    assertTrue(api.get(path).path("budget_remaining").isNull());
    assertEquals("2026-03-02T12:00:00Z", api.get("/1/slos/shop/" + id).path("reset_at").asText());
    assertEquals(204, api.send("DELETE", path + "/reset", "").status());
    assertEquals(100, api.get(path).path("eligible").asInt());
    assertTrue(
        api.audit().stream()
            .map(record -> record.path("kind").asText())
            .toList()
            .containsAll(
                java.util.List.of(
                    "slo_corrected", "slo_correction_undone", "slo_reset", "slo_reset_undone")));
    assertEquals(400, api.send("POST", path + "/corrections", "{\"start\": \"x\"}").status());
    assertEquals(404, api.send("POST", "/api/v1/slos/none/reset", "").status());
    JsonNode points =
        api.get(path + "/history?since=2026-03-02T11:58:00Z&until=2026-03-02T12:00:00Z&step=1m")
            .path("points");
    assertEquals(2, points.size());
    assertEquals(100, points.path(0).path("eligible").asInt());
    assertEquals(50, points.path(0).path("good").asInt());
    assertEquals(400, api.send("GET", path + "/history?step=soon", "").status());
  }

  @Test
  void anSloIsToldAsAnOpenSloDocument() throws Exception {
    String id = madeSlo();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(api.server() + "/api/v1/slos/" + id + "/openslo"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(200, response.statusCode());
      firebreak.slo.OpenSlo.Reading reading =
          firebreak.slo.OpenSlo.parse("slo.yaml", response.body());
      assertEquals(java.util.List.of(), reading.problems(), response.body());
      assertEquals(id, reading.objectives().getFirst().id());
    }
  }

  @Test
  void whoAsksTooOftenIsToldWhenToComeAgain() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(api.server() + "/1/boards")).build();
      int limit = Limits.SETUP_REQUESTS_PER_MINUTE;
      for (int i = 1; i <= limit; i++) {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode());
        assertEquals(
            "limit=%d, remaining=%d, reset=60".formatted(limit, limit - i),
            response.headers().firstValue("RateLimit").orElse(""));
        assertEquals(limit + ";w=60", response.headers().firstValue("RateLimitPolicy").orElse(""));
      }
      HttpResponse<String> refused = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertEquals(429, refused.statusCode());
      assertEquals("60", refused.headers().firstValue("Retry-After").orElse(""));
      assertTrue(refused.headers().firstValue("RateLimit").isPresent());
      JsonNode body = Json.MAPPER.readTree(refused.body());
      assertTrue(body.path("type").asText().endsWith("rate-limited"), refused.body());
      assertFalse(body.path("error").asText().isEmpty());
      assertNull(body.get("type_detail"));
    }
  }
}
