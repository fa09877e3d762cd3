package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** Questions over HTTP, in Honeycomb's shape and in our own. */
class QueryIT {
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

  @TempDir Path folder;
  private App app;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws Exception {
    app = App.start(ConfigReader.defaults(Map.of()).with(0, folder), InstantSource.fixed(NOW));
    StringBuilder batch = new StringBuilder("[");
    for (int i = 0; i < 100; i++) {
      boolean slow = i % 4 == 0;
      batch.append(
          """
          %s{"time": "2026-03-02T11:%02d:00Z", "samplerate": %d, "data": {"name": "query",
            "duration_ms": %d, "customer_id": "%s", "build_id": "%s"}}"""
              .formatted(
                  i == 0 ? "" : ",",
                  i % 60,
                  slow ? 1 : 2,
                  slow ? 3_000 + i : 10 + i,
                  slow ? "retail" : "customer-" + i % 7,
                  i % 2 == 0 ? "8812" : "8811"));
    }
    assertEquals(200, post("/1/batch/query-api", batch.append("]").toString()).statusCode());
  }

  @AfterEach
  void stop() {
    http.close();
    app.close();
  }

  @Test
  void countsGroupsAndComparesAsAsked() throws Exception {
    JsonNode data =
        ask(
            """
            {"calculations": [{"op": "COUNT"}, {"op": "MAX", "column": "duration_ms"}],
             "breakdowns": ["customer_id"], "orders": [{"op": "COUNT", "order": "descending"}],
             "havings": [{"calculate_op": "MAX", "column": "duration_ms", "op": ">", "value": 2000}],
             "time_range": 3600, "compare_time_offset_seconds": 86400}""");
    assertEquals(1, data.path("results").size(), data.toString());
    JsonNode row = data.path("results").path(0);
    assertEquals("retail", row.path("data").path("customer_id").asText());
    assertEquals(25, row.path("data").path("COUNT").asInt());
    assertEquals(0, row.path("compare_data").path("COUNT").asInt());
    assertEquals(175, data.path("total_by_aggregate").path("COUNT").asInt());
    assertTrue(data.path("series").size() > 1);
  }

  @Test
  void aFilterMayHoldFiltersOfItsOwn() throws Exception {
    JsonNode data =
        ask(
            """
            {"calculations": [{"op": "COUNT"}], "time_range": 3600, "filters": [
              {"column": "build_id", "op": "=", "value": "8812"},
              {"filter_combination": "OR", "filters": [
                {"column": "customer_id", "op": "=", "value": "retail"},
                {"column": "duration_ms", "op": "<", "value": 20}]}]}""");
    // On 8812 are the even ones: retail's 25, and of the others 2, 6 of weight 2.
    assertEquals(25 + 2 * 2, data.path("results").path(0).path("data").path("COUNT").asInt());
  }

  @Test
  void aBoxInAHeatmapIsExplained() throws Exception {
    JsonNode answer =
        json(
            post(
                "/api/v1/bubbleup",
                """
                {"dataset": "query-api", "start_time": "2026-03-02T11:00:00Z",
                 "end_time": "2026-03-02T12:00:00Z", "max_terms": 2, "selection": {"box": {
                   "column": "duration_ms", "min": 2000, "max": 10000,
                   "start_time": "2026-03-02T11:00:00Z", "end_time": "2026-03-02T12:00:00Z"}}}"""));
    assertEquals(25, answer.path("selected").asInt());
    assertEquals(150, answer.path("baseline").asInt());
    JsonNode term = answer.path("causes").path(0).path("terms").path(0);
    assertEquals("customer_id", term.path("field").asText(), answer.toString());
    assertEquals("retail", term.path("value").asText());
  }

  @Test
  void aBoxReachesNoFurtherThanItsTime() throws Exception {
    JsonNode answer =
        json(
            post(
                "/api/v1/bubbleup",
                """
                {"dataset": "query-api", "start_time": "2026-03-02T11:00:00Z",
                 "end_time": "2026-03-02T12:00:00Z", "selection": {"box": {
                   "column": "duration_ms", "min": 2000, "max": 10000,
                   "start_time": "2026-03-02T11:00:00Z", "end_time": "2026-03-02T11:30:00Z"}}}"""));
    assertEquals(16, answer.path("selected").asInt());
  }

  @Test
  void nonsenseIsNamed() throws Exception {
    assertNames(400, "calculatons", "calculations", "{\"calculatons\": []}");
    assertNames(400, "P98", "P99", "{\"calculations\": [{\"op\": \"P98\", \"column\": \"x\"}]}");
    assertNames(
        400,
        "~",
        "starts-with",
        "{\"filters\": [{\"column\": \"x\", \"op\": \"~\", \"value\": 1}]}");
    assertNames(400, "line 1", "column", "{\"calculations\": [");
  }

  @Test
  void timesThatNoCalendarReachesAreNonsenseAndNoErrorOfOurs() throws Exception {
    assertNames(400, "too large", "time", "{\"time_range\": 9223372036854775807}");
    assertNames(400, "too large", "time", "{\"end_time\": \"-1000000000-01-01T00:00:00Z\"}");
    assertNames(
        400, "too large", "time", "{\"start_time\": 1, \"time_range\": 1000000000000000000}");
    assertEquals(400, get("/api/v1/changes?until=-1000000000-01-01T00:00:00Z").statusCode());
  }

  private void assertNames(int status, String wrong, String right, String query) throws Exception {
    HttpResponse<String> answer = post("/1/queries/query-api", query);
    assertEquals(status, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains(wrong) && answer.body().contains(right), answer.body());
  }

  private JsonNode ask(String query) throws Exception {
    HttpResponse<String> made = post("/1/queries/query-api", query);
    assertEquals(201, made.statusCode(), made.body());
    String id = Json.MAPPER.readTree(made.body()).path("id").asText();
    HttpResponse<String> run =
        post("/1/query_results/query-api", "{\"query_id\": \"%s\"}".formatted(id));
    assertEquals(201, run.statusCode(), run.body());
    JsonNode again = json(get(run.headers().firstValue("Location").orElseThrow()));
    assertEquals(Json.MAPPER.readTree(run.body()), again);
    assertTrue(again.path("complete").asBoolean());
    return again.path("data");
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    assertEquals(200, answer.statusCode(), answer.body());
    return Json.MAPPER.readTree(answer.body());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return http.send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + path));
  }
}
