package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TraceIT {
  private static final String[] JSON = {"Content-Type", "application/json"};

  private final Edge edge = new Edge();

  @AfterEach
  void close() {
    edge.close();
  }

  private static String span(String id, String parent, int second, String more) {
    return """
        {"time": "2026-03-01T11:00:%02dZ", "data": {"trace.trace_id": "t1", "trace.span_id": "%s",
          "name": "%s"%s%s}}"""
        .formatted(
            second,
            id,
            "name of " + id,
            parent.isEmpty() ? "" : ", \"trace.parent_id\": \"" + parent + "\"",
            more);
  }

  private void store(String dataset, String... events) {
    HttpResponse<byte[]> response =
        edge.post("/1/batch/" + dataset, "[" + String.join(",", events) + "]", JSON);
    assertTrue(!Edge.text(response).contains("error"), Edge.text(response));
  }

  private JsonNode trace(String query) {
    HttpResponse<byte[]> response = edge.get("/api/v1/traces/" + query);
    assertEquals(200, response.statusCode(), Edge.text(response));
    return Edge.json(response);
  }

  private static List<String> texts(JsonNode items, String field) {
    List<String> texts = new ArrayList<>();
    items.forEach(item -> texts.add(item.get(field).asText()));
    return texts;
  }

  @Test
  void showsTheSpansOfAllDatasetsAsAWaterfall() {
    store("shop", span("b", "a", 5, ""), span("d", "b", 7, ""), span("c", "a", 6, ""));
    store("gate", span("a", "", 1, ", \"duration_ms\": 30000, \"error\": true"));
    store("gate", "{\"data\": {\"trace.trace_id\": \"t2\", \"trace.span_id\": \"z\"}}");

    JsonNode trace = trace("t1");

    JsonNode spans = trace.get("spans");
    assertEquals(List.of("a", "b", "d", "c"), texts(spans, "span_id"));
    assertEquals(List.of("0", "1", "2", "1"), texts(spans, "depth"));
    assertEquals(List.of("root", "known", "known", "known"), texts(spans, "parent"));
    assertEquals(List.of("gate", "shop", "shop", "shop"), texts(spans, "dataset"));
    assertEquals(List.of("0", "4000", "6000", "5000"), texts(spans, "offset_ms"));
    assertEquals("2026-03-01T11:00:01Z", trace.get("start").asText());
    assertEquals(30_000, trace.get("duration_ms").asDouble());
    assertTrue(spans.get(0).get("error").asBoolean());
    assertTrue(spans.get(0).get("parent_id").isNull());
    assertEquals("name of b", spans.get(1).get("fields").get("name").asText());
    assertEquals(4, trace.get("span_count").asInt());
    assertTrue(!trace.get("truncated").asBoolean());
  }

  @Test
  void marksSpansWhoseParentIsMissing() {
    store("shop", span("a", "", 1, ""), span("b", "gone", 2, ""), span("c", "b", 3, ""));

    JsonNode trace = trace("t1");

    assertEquals(List.of("root", "missing", "known"), texts(trace.get("spans"), "parent"));
    assertEquals(List.of("0", "0", "1"), texts(trace.get("spans"), "depth"));
    assertEquals("gone", trace.get("spans").get(1).get("parent_id").asText());
    assertEquals(1, trace.get("missing_parents").asInt());
  }

  @Test
  void showsEverySpanOnceWhereParentsRunInACircle() {
    store("shop", span("a", "b", 1, ""), span("b", "a", 2, ""), span("c", "c", 3, ""));
    store("shop", span("a", "", 4, ""));

    JsonNode spans = trace("t1").get("spans");

    assertEquals(List.of("a", "a", "b", "c"), texts(spans, "span_id"));
    assertEquals(List.of("root", "circular", "known", "circular"), texts(spans, "parent"));
  }

  @Test
  void hangsSpanEventsAndLinksOnTheirSpan() {
    edge.post(
        "/v1/traces",
        """
        {"resourceSpans": [{"resource": {"attributes": [
           {"key": "service.name", "value": {"stringValue": "shop"}}]},
         "scopeSpans": [{"spans": [{"traceId": "5B8EFFF798038103D269B633813FC60C",
           "spanId": "EEE19B7EC3C1B174", "name": "query",
           "startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": "1544712661500000000",
           "events": [{"name": "cold", "timeUnixNano": "1544712660250000000"}],
           "links": [{"traceId": "AAAEFFF798038103D269B633813FC60C",
             "spanId": "00000000000000AA"}]}]}]}]}""",
        JSON);
    edge.post(
        "/v1/logs",
        """
        {"resourceLogs": [{"scopeLogs": [{"logRecords": [
          {"timeUnixNano": "1544712660300000000", "body": {"stringValue": "on its span"},
           "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174"},
          {"timeUnixNano": "1544712660300000000", "body": {"stringValue": "on a lost span"},
           "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B1FF"}]}]}]}""",
        JSON);

    JsonNode trace = trace("5b8efff798038103d269b633813fc60c");

    JsonNode span = trace.get("spans").get(0);
    assertEquals(1, trace.get("spans").size());
    assertEquals(1_500, span.get("duration_ms").asDouble());
    assertEquals(1_500, trace.get("duration_ms").asDouble());
    assertEquals(List.of("cold", ""), texts(span.get("events"), "name"));
    assertEquals(List.of("250", "300"), texts(span.get("events"), "offset_ms"));
    assertEquals("on its span", span.get("events").get(1).get("fields").get("body").asText());
    JsonNode link = span.get("links").get(0).get("fields");
    assertEquals("aaaefff798038103d269b633813fc60c", link.get("trace.link.trace_id").asText());
    assertEquals(
        "on a lost span", trace.get("unattached").get(0).get("fields").get("body").asText());
  }

  @Test
  void tellsOnlyWhatAWaterfallShowsInAnOutline() {
    store(
        "shop", span("b", "a", 5, ", \"error\": true, \"host\": \"h1\""), span("c", "gone", 6, ""));
    store("shop", span("a", "", 1, ", \"duration_ms\": 30000"));
    store(
        "shop",
        span("", "a", 2, ", \"meta.annotation_type\": \"span_event\", \"detail\": \"cold\""));

    JsonNode whole = trace("t1");
    JsonNode outline = trace("t1?outline=true");

    for (String each : List.of("trace_id", "start", "duration_ms", "span_count", "truncated")) {
      assertEquals(whole.get(each), outline.get(each), each);
    }
    for (String each : List.of("span_id", "depth", "dataset", "name", "offset_ms")) {
      assertEquals(texts(whole.get("spans"), each), texts(outline.get("spans"), each), each);
    }
    assertEquals(
        "{\"span_id\":\"a\",\"parent\":\"root\",\"depth\":0,\"dataset\":\"shop\","
            + "\"name\":\"name of a\",\"offset_ms\":0,\"duration_ms\":30000,"
            + "\"events\":[{\"type\":\"span_event\",\"name\":\"name of \","
            + "\"time\":\"2026-03-01T11:00:02Z\",\"offset_ms\":1000,\"dataset\":\"shop\"}],"
            + "\"links\":[]}",
        outline.get("spans").get(0).toString());
    assertEquals(
        "{\"span_id\":\"b\",\"depth\":1,\"dataset\":\"shop\",\"name\":\"name of b\","
            + "\"offset_ms\":4000,\"duration_ms\":0,\"error\":true}",
        outline.get("spans").get(1).toString());
    assertEquals("missing", outline.get("spans").get(2).get("parent").asText());
    assertEquals(400, edge.get("/api/v1/traces/t1?outline=maybe").statusCode());
  }

  @Test
  void looksOnlyInTheTimeItIsAskedFor() {
    store("shop", span("a", "", 1, ""), span("b", "a", 30, ""));

    JsonNode trace = trace("t1?since=2026-03-01T11:00:10Z&until=2026-03-01T12:00:00Z");

    assertEquals(List.of("b"), texts(trace.get("spans"), "span_id"));
    assertEquals(400, edge.get("/api/v1/traces/t1?since=yesterday").statusCode());
    assertEquals(400, edge.get("/api/v1/traces/t1?since=9&until=8").statusCode());
  }

  @Test
  void findsAnIdThatItsSenderWroteAsANumber() {
    store(
        "ci",
        "{\"data\": {\"trace.trace_id\": 8812, \"trace.span_id\": 1}}",
        "{\"data\": {\"trace.trace_id\": 8812, \"trace.span_id\": 2, \"trace.parent_id\": 1}}");

    assertEquals(List.of("root", "known"), texts(trace("8812").get("spans"), "parent"));
  }

  @Test
  void saysThatThereIsNoSuchTrace() {
    store("shop", span("a", "", 1, ""));

    HttpResponse<byte[]> response = edge.get("/api/v1/traces/nope");

    assertEquals(404, response.statusCode());
    assertTrue(
        Edge.json(response).get("detail").asText().contains("has the trace id nope"),
        Edge.text(response));
  }

  @Test
  void cutsATraceThatIsTooLongAndSaysSo() {
    List<String> spans = new ArrayList<>();
    for (int i = 0; i <= Limits.TRACE_EVENTS; i++) {
      spans.add(span("s" + i, i == 0 ? "" : "s" + (i - 1), i % 60, ""));
    }
    store("shop", spans.toArray(String[]::new));

    JsonNode trace = trace("t1");

    assertTrue(trace.get("truncated").asBoolean());
    assertEquals(Limits.TRACE_EVENTS, trace.get("span_count").asInt());
  }
}
