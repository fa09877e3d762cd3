package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.records.AuditChain;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The events themselves over HTTP, and what is said of the chain of the audit record. */
class EventIT {
  private static final String[] JSON = {"Content-Type", "application/json"};
  private static final String HOUR = "\"time_range\": 3600";

  private final Edge edge = new Edge();

  @BeforeEach
  void fill() {
    store("shop", event(3, "late", 700), event(1, "early", 20));
    store("gate", event(2, "middle", 900));
  }

  @AfterEach
  void close() {
    edge.close();
  }

  private static String event(int minute, String name, int duration) {
    return """
        {"time": "2026-03-01T11:%02d:00Z", "samplerate": 4,
         "data": {"name": "%s", "duration_ms": %d}}"""
        .formatted(minute, name, duration);
  }

  private void store(String dataset, String... events) {
    HttpResponse<byte[]> response =
        edge.post("/1/batch/" + dataset, "[" + String.join(",", events) + "]", JSON);
    assertEquals(200, response.statusCode(), Edge.text(response));
  }

  private HttpResponse<byte[]> ask(String body) {
    return edge.post("/api/v1/events", body, JSON);
  }

  private JsonNode answer(String body) {
    HttpResponse<byte[]> response = ask(body);
    assertEquals(200, response.statusCode(), Edge.text(response));
    return Edge.json(response);
  }

  private static List<String> names(JsonNode answer) {
    List<String> names = new ArrayList<>();
    answer.path("events").forEach(item -> names.add(item.at("/fields/name").asText()));
    return names;
  }

  @Test
  void showsTheEventsOfADatasetOldestFirstWithAllTheirFields() {
    JsonNode answer = answer("{\"dataset\": \"shop\", " + HOUR + "}");

    assertEquals(List.of("early", "late"), names(answer));
    JsonNode first = answer.at("/events/0");
    assertEquals("2026-03-01T11:01:00Z", first.path("time").asText());
    assertEquals("shop", first.path("dataset").asText());
    assertEquals(4, first.path("sample_rate").asInt());
    assertEquals(20, first.at("/fields/duration_ms").asInt());
    assertFalse(answer.path("truncated").asBoolean());
  }

  @Test
  void mergesAllDatasetsByTimeAndSaysWhenThereAreMore() {
    JsonNode all = answer("{\"dataset\": \"__all__\", " + HOUR + "}");
    JsonNode two = answer("{\"dataset\": \"__all__\", \"limit\": 2, " + HOUR + "}");

    assertEquals(List.of("early", "middle", "late"), names(all));
    assertEquals(List.of("early", "middle"), names(two));
    assertTrue(two.path("truncated").asBoolean());
  }

  @Test
  void onlyThoseThatMeetTheConditions() {
    JsonNode slow =
        answer(
            """
            {"dataset": "__all__", "time_range": 3600, "filters": [
              {"column": "duration_ms", "op": ">=", "value": 500},
              {"filter_combination": "OR", "filters": [
                {"column": "name", "op": "=", "value": "late"},
                {"column": "name", "op": "=", "value": "early"}]}]}""");

    assertEquals(List.of("late"), names(slow));
  }

  @Test
  void refusesWhatMakesNoSense() {
    for (String body :
        List.of(
            "{}",
            "{\"dataset\": \"shop\", \"limit\": 0}",
            "{\"dataset\": \"shop\", \"limit\": 1001}",
            "{\"dataset\": \"shop\", \"fields\": []}")) {
      assertEquals(400, ask(body).statusCode(), body);
    }
  }

  @Test
  void saysWhetherTheAuditChainIsWholeAndWhereNot() {
    JsonNode whole = GuardRoutes.verification(new AuditChain.Verification.Intact(3, "ab"));
    JsonNode broken = GuardRoutes.verification(new AuditChain.Verification.Broken(2, "is missing"));

    assertEquals("{\"whole\":true,\"records\":3,\"head\":\"ab\"}", whole.toString());
    assertEquals("{\"whole\":false,\"sequence\":2,\"why\":\"is missing\"}", broken.toString());
  }
}
