package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Derived columns over HTTP, as Honeycomb's clients keep them. */
class DerivedColumnIT {
  private static final String COLUMNS = "/1/derived_columns/shop";

  @TempDir Path folder;

  private App start(String now) {
    return App.start(
        ConfigReader.defaults(Map.of()).with(0, folder), InstantSource.fixed(Instant.parse(now)));
  }

  private static String column(String alias, String expression) {
    return "{\"alias\": \"%s\", \"expression\": \"%s\"}".formatted(alias, expression);
  }

  private static String error(Api api, int status, String method, String path, String body) {
    Api.Reply reply = api.send(method, path, body);
    assertEquals(status, reply.status(), reply.toString());
    return reply.body().path("error").asText();
  }

  @Test
  void areMadeListedChangedAndDeletedAndOutliveTheProcess() {
    String id;
    try (App app = start("2026-03-02T12:00:00.5Z");
        Api api = new Api(app.port())) {
      JsonNode made = api.post(COLUMNS, column("slow", "$duration_ms > 100"));
      id = made.path("id").asText();
      assertEquals("2026-03-02T12:00:00Z", made.path("created_at").asText());
      assertEquals("", made.path("description").asText());
      assertEquals(made, api.get(COLUMNS + "/" + id));
      assertEquals(made, api.get(COLUMNS + "?alias=slow"));
      api.post(COLUMNS, column("fast", "!$slow"));
      assertEquals(2, api.get(COLUMNS).size());
      assertEquals(0, api.get("/1/derived_columns/other").size());
    }
    try (App app = start("2026-03-02T13:00:00Z");
        Api api = new Api(app.port())) {
      Api.Reply put = api.send("PUT", COLUMNS + "/" + id, column("slower", "$duration_ms > 200"));
      assertEquals(200, put.status());
      assertEquals("2026-03-02T12:00:00Z", put.body().path("created_at").asText());
      assertEquals("2026-03-02T13:00:00Z", put.body().path("updated_at").asText());
      assertEquals("slower", api.get(COLUMNS + "/" + id).path("alias").asText());
      assertEquals(204, api.send("DELETE", COLUMNS + "/" + id, "").status());
      error(api, 404, "DELETE", COLUMNS + "/" + id, "");
      error(api, 404, "GET", COLUMNS + "?alias=slower", "");
    }
  }

  @Test
  void tellWhatIsWrongWithThem() {
    try (App app = start("2026-03-02T12:00:00Z");
        Api api = new Api(app.port())) {
      api.post(COLUMNS, column("one", "INT(1)"));
      assertTrue(error(api, 409, "POST", COLUMNS, column("one", "2")).contains("alias"));
      assertTrue(
          error(api, 400, "POST", COLUMNS, column("two", "IF(1"))
              .startsWith("expression: formula"));
      assertTrue(error(api, 400, "POST", COLUMNS, column("", "1")).contains("alias has 1 to 255"));
      assertTrue(error(api, 400, "POST", COLUMNS, column("root.x", "1")).contains("alias"));
      assertTrue(error(api, 400, "POST", COLUMNS, column("x", "$any.y")).contains("$any.y"));
      assertTrue(
          error(api, 400, "POST", COLUMNS, "{\"alias\": \"x\", \"expresion\": \"1\"}")
              .contains("did you mean 'expression'"));
    }
  }

  @Test
  void areUsedByTheQueriesOfTheirDatasetAndHeatmapsAndSelections() {
    try (App app = start("2026-03-02T12:00:00Z");
        Api api = new Api(app.port())) {
      api.post(
          "/1/batch/shop",
          """
          [{"time": "2026-03-02T11:30:00Z", "data": {"ms": 1500}},
           {"time": "2026-03-02T11:30:00Z", "samplerate": 3, "data": {"ms": 250}}]""");
      api.post("/1/events/other", "{\"ms\": 1500}");
      api.post("/1/derived_columns/__all__", column("seconds", "$ms / 1000"));
      api.post("/1/derived_columns/__all__", column("speed", "`any`"));
      api.post(COLUMNS, column("speed", "IF($ms > 1000, `slow`, `fast`)"));
      String query =
          """
          {"breakdowns": ["speed"], "calculations": [{"op": "MAX", "column": "seconds"}]%s}""";
      assertEquals(
          "[{\"data\":{\"speed\":\"slow\",\"MAX(seconds)\":1.5}},"
              + "{\"data\":{\"speed\":\"fast\",\"MAX(seconds)\":0.25}}]",
          results(api, "shop", query.formatted("")));
      assertEquals(
          "[{\"data\":{\"speed\":\"any\",\"MAX(seconds)\":1.5}}]",
          results(api, "other", query.formatted(", \"end_time\": 1772452801")));
      assertEquals(
          "[{\"data\":{\"speed\":7,\"MAX(seconds)\":1.5}}]",
          results(
              api,
              "shop",
              query.formatted(
                  ", \"calculated_fields\": [{\"name\": \"speed\", \"expression\": \"7\"}]")));
      JsonNode heatmap =
          api.post("/api/v1/heatmap", "{\"dataset\": \"shop\", \"column\": \"seconds\"}");
      assertEquals(2, heatmap.path("columns").path(0).path("bins").size());
      JsonNode bubbleUp =
          api.post(
              "/api/v1/bubbleup",
              """
              {"dataset": "shop", "selection": {"box": {"column": "seconds", "min": 1, "max": 2}}}""");
      assertEquals(1, bubbleUp.path("selected").asInt());
      assertEquals(3, bubbleUp.path("baseline").asInt());
    }
  }

  private static String results(Api api, String dataset, String query) {
    JsonNode made = api.post("/1/queries/" + dataset, query);
    return api.post("/1/query_results/" + dataset, "{\"query_id\": %s}".formatted(made.path("id")))
        .path("data")
        .path("results")
        .toString();
  }
}
