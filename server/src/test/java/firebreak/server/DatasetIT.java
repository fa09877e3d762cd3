package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Datasets, columns and markers as Honeycomb's clients know them. */
class DatasetIT {
  private static final String[] SENDER = {"X-Honeycomb-Team", "s3nder"};
  private static final String[] ASKER = {"X-Honeycomb-Team", "asker"};

  private final Edge edge =
      new Edge(
          Access.Principal.of("sender", "s3nder", Set.of(Scope.INGEST), true),
          Access.Principal.of("asker", "asker", Set.of(Scope.QUERY), true));

  @AfterEach
  void close() {
    edge.close();
  }

  private JsonNode get(String path) {
    HttpResponse<byte[]> response = edge.get(path, ASKER);
    assertEquals(200, response.statusCode(), Edge.text(response));
    return Edge.json(response);
  }

  private static List<String> texts(JsonNode items, String field) {
    return items.findValues(field).stream().map(JsonNode::asText).toList();
  }

  @Test
  void showsDatasetsAndTheirColumns() {
    edge.post(
        "/1/events/query%20api",
        "{\"name\": \"query\", \"rows\": 3, \"took\": 1.5, \"ok\": true}", SENDER);

    JsonNode datasets = get("/1/datasets");
    assertEquals(List.of("query api"), texts(datasets, "slug"));
    assertEquals(4, datasets.get(0).get("regular_columns_count").asInt());
    assertEquals(datasets.get(0), get("/1/datasets/query%20api"));
    JsonNode columns = get("/1/columns/query%20api");
    assertEquals(List.of("name", "ok", "rows", "took"), texts(columns, "key_name"));
    assertEquals(List.of("string", "boolean", "integer", "float"), texts(columns, "type"));
    assertEquals(columns.get(2), get("/1/columns/query%20api?key_name=rows"));
    String id = columns.get(2).get("id").asText();
    assertEquals(columns.get(2), get("/1/columns/query%20api/" + id));
  }

  @Test
  void saysWhatIsNotThere() {
    HttpResponse<byte[]> dataset = edge.get("/1/datasets/nope", ASKER);
    assertEquals(404, dataset.statusCode());
    assertTrue(Edge.json(dataset).get("error").asText().contains("no dataset nope"));
    assertEquals(404, edge.get("/1/columns/nope", ASKER).statusCode());
    edge.post("/1/events/a", "{\"x\": 1}", SENDER);
    assertEquals(404, edge.get("/1/columns/a?key_name=y", ASKER).statusCode());
    assertEquals(403, edge.get("/1/datasets", SENDER).statusCode());
  }

  @Test
  void takesADatasetThatIsToBeMade() {
    HttpResponse<byte[]> made = edge.post("/1/datasets", "{\"name\": \"new\"}", SENDER);
    assertEquals(201, made.statusCode(), Edge.text(made));
    edge.post("/1/events/new", "{\"x\": 1}", SENDER);
    assertEquals(200, edge.post("/1/datasets", "{\"name\": \"new\"}", SENDER).statusCode());
    assertEquals(400, edge.post("/1/datasets", "{\"name\": \"\"}", SENDER).statusCode());
  }

  @Test
  void putsAMarkerOnTheTimeline() {
    HttpResponse<byte[]> made =
        edge.post(
            "/1/markers/query-api",
            """
            {"start_time": 1709294400, "end_time": 1709294700, "message": "backend deploy #123",
             "type": "deploy", "url": "https://example.org/123"}""",
            SENDER);
    edge.post("/1/markers/__all__", "{\"message\": \"sale begins\"}", SENDER);

    assertEquals(201, made.statusCode(), Edge.text(made));
    JsonNode marker = Edge.json(made);
    assertEquals(1709294400, marker.get("start_time").asLong());
    assertEquals(1709294700, marker.get("end_time").asLong());
    JsonNode listed = get("/1/markers/query-api");
    assertEquals(1, listed.size());
    assertEquals(marker, listed.get(0));
    JsonNode all = get("/1/markers/__all__");
    assertEquals(List.of("sale begins"), texts(all, "message"));
    assertEquals(Edge.NOW.getEpochSecond(), all.get(0).get("start_time").asLong());
  }

  @Test
  void putsAMarkerOnceForOneIdempotencyKey() {
    String[] headers = {"X-Honeycomb-Team", "s3nder", "Idempotency-Key", "deploy 123"};
    String body = "{\"start_time\": 1709294400, \"message\": \"deploy\"}";
    String first = Edge.text(edge.post("/1/markers/a", body, headers));

    assertEquals(first, Edge.text(edge.post("/1/markers/a", body, headers)));
    assertEquals(1, get("/1/markers/a").size());
  }

  @Test
  void saysWhatIsWrongWithAMarker() {
    assertError("a", "{\"start_time\": \"noon\"}", "start_time is a Unix time in seconds");
    assertError("a", "{\"start_time\": 10, \"end_time\": 9}", "ends after its start_time");
    assertError("a", "{\"start_time\": 99999999999999}", "must lie between");
    assertError("a", "{\"mesage\": \"x\"}", "did you mean 'message'?");
    assertError("firebreak.changes", "{}", "reserved");
  }

  private void assertError(String dataset, String body, String expected) {
    HttpResponse<byte[]> response = edge.post("/1/markers/" + dataset, body, SENDER);
    assertEquals(400, response.statusCode(), Edge.text(response));
    String error = Edge.json(response).get("error").asText();
    assertTrue(error.contains(expected), error);
  }
}
