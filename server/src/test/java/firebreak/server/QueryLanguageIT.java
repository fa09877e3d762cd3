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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole query language over HTTP, in Honeycomb's shape and with what is ours beside it. */
class QueryLanguageIT {
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

  @TempDir Path folder;
  private App app;
  private Api api;

  @BeforeEach
  void start() {
    app = App.start(ConfigReader.defaults(Map.of()).with(0, folder), InstantSource.fixed(NOW));
    api = new Api(app.port());
    api.post(
        "/1/batch/shop",
        """
        [{"time": "2026-03-02T11:00:00Z", "data": {"trace.trace_id": "1", "trace.span_id": "a",
           "name": "GET", "duration_ms": 60000, "counter": 10, "user": "eve"}},
         {"time": "2026-03-02T11:01:00Z", "samplerate": 2, "data": {"trace.trace_id": "1",
           "trace.span_id": "b", "trace.parent_id": "a", "name": "query", "duration_ms": 30,
           "counter": 25, "error": true}},
         {"time": "2026-03-02T11:02:00Z", "samplerate": 4, "data": {"trace.trace_id": "2",
           "trace.span_id": "a", "name": "POST", "duration_ms": 50, "counter": 45, "user": "bob"}},
         {"time": "2026-03-02T11:02:00Z", "samplerate": 8, "data": {"trace.trace_id": "2",
           "trace.span_id": "b", "trace.parent_id": "a", "name": "query", "duration_ms": 700}},
         {"time": "2026-03-02T11:03:00Z", "samplerate": 16, "data": {"name": "alone"}},
         {"time": "2026-03-01T11:03:00Z", "samplerate": 32, "data": {"name": "query"}},
         {"time": "2026-03-01T11:03:00Z", "samplerate": 3, "data": {"name": "GET"}}]
        """);
  }

  @AfterEach
  void stop() {
    api.close();
    app.close();
  }

  private JsonNode run(String query, String how) {
    JsonNode made = api.post("/1/queries/shop", query);
    String body = "{\"query_id\": %s%s}".formatted(made.path("id"), how);
    return api.post("/1/query_results/shop", body).path("data");
  }

  private JsonNode run(String query) {
    return run(query, "");
  }

  /** The result rows as text, without the quotes that JSON needs. */
  private static String rows(JsonNode data) {
    StringBuilder rows = new StringBuilder();
    data.path("results").forEach(row -> rows.append(row.path("data")));
    return rows.toString().replace("\"", "");
  }

  private String counted(String filters) {
    String query = "{\"time_range\": 3600, \"filters\": [%s]}".formatted(filters);
    return rows(run(query)).replaceAll("[{}]|COUNT:", "");
  }

  private static String condition(String column, String op, String value) {
    return "{\"column\": \"%s\", \"op\": \"%s\"%s}"
        .formatted(column, op, value.isEmpty() ? "" : ", \"value\": " + value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name|=|\"GET\"|1",
        "name|!=|\"GET\"|30",
        "duration_ms|>|50|9",
        "duration_ms|>=|50|13",
        "duration_ms|<|50|2",
        "duration_ms|<=|50.0|6",
        "name|starts-with|\"q\"|10",
        "name|does-not-start-with|\"q\"|21",
        "name|ends-with|\"T\"|5",
        "name|does-not-end-with|\"T\"|26",
        "name|contains|\"ue\"|10",
        "name|does-not-contain|\"ue\"|21",
        "error|exists||2",
        "error|exists|null|2",
        "error|does-not-exist||29",
        "name|in|[\"GET\", \"POST\"]|5",
        "counter|not-in|[10, 45.0]|26",
        "error|=|true|2"
      })
  void knowsEveryOperator(String column, String op, String value, String expected) {
    assertEquals(expected, counted(condition(column, op, value == null ? "" : value)));
  }

  @Test
  void filtersByFieldsOfOtherSpans() {
    assertEquals("3", counted(condition("root.user", "=", "\"eve\"")));
    assertEquals("2", counted(condition("parent.duration_ms", ">", "50")));
    assertEquals("3", counted(condition("any.error", "exists", "")));
    assertEquals("28", counted(condition("none.error", "exists", "")));
    String query = condition("any.name", "=", "\"query\"");
    assertEquals("12", counted(query + "," + condition("any.duration_ms", ">", "60")));
    assertEquals("15", counted(query + "," + condition("any2.duration_ms", ">", "49")));
    assertEquals("0", counted(query + "," + condition("any.duration_ms", ">", "1000")));
    assertEquals("3", counted(query + "," + condition("any2.duration_ms", ">", "1000")));
    assertEquals(
        "19",
        counted(
            "{\"filter_combination\": \"OR\", \"filters\": [%s, %s]}"
                .formatted(
                    condition("any.error", "exists", ""), condition("name", "=", "\"alone\""))));
  }

  @Test
  void groupsByTheRootAndCalculatesOverTheParent() {
    assertEquals(
        "{root.name:null,COUNT:16,MAX(parent.duration_ms):null}"
            + "{root.name:POST,COUNT:12,MAX(parent.duration_ms):50}"
            + "{root.name:GET,COUNT:3,MAX(parent.duration_ms):60000}",
        rows(
            run(
                """
                {"time_range": 3600, "breakdowns": ["root.name"], "calculations": [{"op": "COUNT"},
                  {"op": "MAX", "column": "parent.duration_ms"}]}""")));
  }

  @Test
  void calculatesFieldsAndFormulasWithNamesAndFiltersOfTheirOwn() {
    String query =
        """
        {"time_range": 3600, "breakdowns": ["kind"],
         "calculated_fields": [{"name": "kind", "expression": "IF($name = `query`, \\"db\\", `web`)"}],
         "calculations": [{"op": "COUNT", "name": "all"}, {"op": "COUNT", "name": "failed",
           "filters": [{"column": "error", "op": "=", "value": true}]}],
         "formulas": [{"name": "share", "expression": "$failed / $all"}]%s}""";
    assertEquals(
        "{kind:web,all:21,failed:0,share:0}{kind:db,all:10,failed:2,share:0.2}",
        rows(run(query.formatted(""))));
    JsonNode ranked =
        run(query.formatted(", \"orders\": [{\"name\": \"share\", \"order\": \"descending\"}]"));
    assertEquals("db", ranked.path("results").path(0).path("data").path("kind").asText());
    assertEquals(2.0 / 31, ranked.path("total_by_aggregate").path("share").asDouble());
    assertEquals(
        "{kind:db,all:10,failed:2,share:0.2}",
        rows(
            run(
                query.formatted(
                    ", \"havings\": [{\"name\": \"share\", \"op\": \">\", \"value\": 0.1}]"))));
    assertEquals(
        "{kind:db,all:10,failed:2,share:0.2}",
        rows(
            run(
                query.formatted(
                    ", \"havings\": [{\"name\": \"failed\", \"op\": \">\", \"value\": 1}]"))));
  }

  @Test
  void comparesAndSortsByTheDifference() {
    String query =
        """
        {"time_range": 3600, "breakdowns": ["name"], "calculations": [{"op": "COUNT"}],
         "compare_time_offset_seconds": 86400, "orders": [%s], "havings": [%s]}""";
    JsonNode data = run(query.formatted("{\"op\": \"COUNT\", \"difference\": true}", ""));
    assertEquals(
        "{name:query,COUNT:10}{name:GET,COUNT:1}{name:POST,COUNT:4}{name:alone,COUNT:16}",
        rows(data));
    assertEquals(32, data.path("results").path(0).path("compare_data").path("COUNT").asInt());
    assertEquals(
        "{name:alone,COUNT:16}",
        rows(
            run(
                query.formatted(
                    "",
                    """
                    {"calculate_op": "COUNT", "op": ">", "value": 4, "difference": true}"""))));
  }

  @Test
  void ratesAndCountsWhatRuns() {
    JsonNode data =
        run(
            """
            {"start_time": 1772449200, "end_time": 1772449440, "granularity": 60,
             "calculations": [{"op": "RATE_MAX", "column": "counter"}, {"op": "CONCURRENCY"}]}""");
    StringBuilder series = new StringBuilder();
    data.path("series").forEach(point -> series.append(point.path("data")));
    assertEquals(
        "{RATE_MAX(counter):null,CONCURRENCY:1}{RATE_MAX(counter):15,CONCURRENCY:0.001}"
            + "{RATE_MAX(counter):20,CONCURRENCY:0.09666666666666666}"
            + "{RATE_MAX(counter):null,CONCURRENCY:0}",
        series.toString().replace("\"", ""));
    assertEquals(35, data.path("total_by_aggregate").path("RATE_MAX(counter)").asInt());
    assertEquals(4, data.path("total_by_aggregate_series").size());
    String rate =
        "{\"time_range\": 3600, \"calculations\": [{\"op\": \"RATE_SUM\", \"column\": \"counter\"}]}";
    JsonNode bare = run(rate, ", \"disable_series\": true");
    assertEquals(0, bare.path("series").size());
    assertTrue(bare.path("results").path(0).path("data").path("RATE_SUM(counter)").isNumber());
  }

  @Test
  void leavesOutWhatIsDisabled() {
    String query = "{\"time_range\": 3600, \"breakdowns\": [\"name\"], \"limit\": 1}";
    JsonNode all = run(query);
    assertEquals(31, all.path("total_by_aggregate").path("COUNT").asInt());
    assertEquals(15, all.path("other_by_aggregate").path("COUNT").asInt());
    assertFalse(all.path("series").isEmpty());
    JsonNode bare =
        run(
            query,
            """
            , "disable_series": true, "disable_total_by_aggregate": true,
            "disable_other_by_aggregate": true, "limit": 10000""");
    assertTrue(bare.path("series").isEmpty());
    assertFalse(bare.has("total_by_aggregate") || bare.has("other_by_aggregate"));
    assertEquals(4, bare.path("results").size(), "its own limit is the higher one");
    assertEquals(1, run(query, ", \"limit\": 10000").path("results").size());
  }

  @Test
  void readsTheTimesAsHoneycombDoes() {
    String counts = "\"calculations\": [{\"op\": \"COUNT\"}]";
    for (String times :
        List.of(
            "\"start_time\": 1772449200, \"time_range\": 60",
            "\"end_time\": 1772449260, \"time_range\": 60",
            "\"start_time\": 1772449200, \"end_time\": 1772449260",
            "\"start_time\": \"2026-03-02T11:00:00Z\", \"end_time\": 1772449260")) {
      assertEquals("{COUNT:1}", rows(run("{%s, %s}".formatted(times, counts))), times);
    }
    assertEquals("{COUNT:31}", rows(run("{}")), "two hours until now, and COUNT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"limit\": 1001|limit is a whole number from 1 to 1000, was 1001",
        "\"limit\": \"ten\"|limit is a whole number",
        "\"time_range\": 0|time_range is a whole number, at least 1, was 0",
        "\"granularity\": 0|granularity is a whole number",
        "\"granularity\": 1, \"time_range\": 7200|granularity PT1S makes more than 1000 buckets",
        "\"compare_time_offset_seconds\": -1|compare_time_offset_seconds is a whole number",
        "\"start_time\": 2, \"end_time\": 1|start_time must lie before end_time",
        "\"start_time\": 1, \"end_time\": 2, \"time_range\": 1|at most two",
        "\"breakdowns\": \"name\"|breakdowns is a list of at most 100",
        "\"breakdowns\": [\"any.name\"]|breakdowns names any.name; any. is for filters only",
        "\"calculations\": [{\"op\": \"SUM\"}]|SUM needs a column",
        "\"calculations\": [{\"op\": \"COUNT\", \"column\": \"x\"}]|COUNT takes no column",
        "\"calculations\": [{\"op\": \"P98\", \"column\": \"x\"}]|there is no calculation P98",
        "\"orders\": [{\"op\": \"SUM\", \"column\": \"x\"}]|orders has",
        "\"orders\": [{\"op\": \"COUNT\", \"order\": \"down\"}]|order is ascending or descending",
        "\"orders\": [{\"op\": \"COUNT\", \"difference\": true}]|needs a comparison offset",
        "\"havings\": [{\"calculate_op\": \"COUNT\", \"op\": \">\"}]|havings: value is a number",
        "\"havings\": [{\"calculate_op\": \"COUNT\", \"op\": \"~\", \"value\": 1}]|havings: op is =",
        "\"calculated_fields\": [{\"name\": \"x\", \"expression\": \"IFF(1)\"}]|did you mean IF",
        "\"calculated_fields\": [{\"name\": \"x\", \"expression\": \"$root.y\"}]|its own event only",
        "\"formulas\": [{\"name\": \"x\", \"expression\": \"$SUM\"}]|formula x reads $SUM",
        "\"filters\": [{\"column\": \"x\", \"op\": \"=\"}]|needs a value",
        "\"filters\": [{\"column\": \"x\", \"op\": \"=\", \"value\": {}}]|the value of a filter is",
        "\"calculatons\": []|calculations"
      })
  void namesWhatIsWrong(String keys, String message) {
    Api.Reply reply = api.send("POST", "/1/queries/shop", "{%s}".formatted(keys));
    assertEquals(400, reply.status(), keys);
    String error = reply.body().path("error").asText();
    assertTrue(error.contains(message), error);
  }
}
