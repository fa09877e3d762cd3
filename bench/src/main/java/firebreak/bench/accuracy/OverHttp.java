package firebreak.bench.accuracy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import firebreak.bubbleup.Term;
import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ours as its users have it: the events sent to a running server as a batch of Honeycomb's, and the
 * question asked of {@code POST /api/v1/bubbleup}.
 *
 * <p>The incident is moved in time so that its minute is {@code at}: a server keeps events for as
 * long as it is told, and these incidents are years old.
 */
final class OverHttp implements Ranker, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int OK = 200;
  private static final double NANOS = 1e6;

  private final URI server;
  private final Instant at;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Double> millis = new ArrayList<>();
  private int datasets;

  OverHttp(URI server, Instant at) {
    this.server = server;
    this.at = at;
  }

  @Override
  public String name() {
    return "Firebreak over HTTP";
  }

  @Override
  public List<Slice> rank(Incident incident) {
    String dataset = "accuracy-%d-%d".formatted(at.getEpochSecond(), datasets++);
    Duration later = Duration.between(incident.at(), at);
    incident
        .cells()
        .forEach((minute, cells) -> append(dataset, Firebreak.events(minute.plus(later), cells)));
    Map<String, Object> filter = Map.of("column", Firebreak.FAILED, "op", "=", "value", true);
    Map<String, Object> question =
        Map.of(
            "dataset", dataset,
            "start_time", at.getEpochSecond(),
            "end_time", at.plus(Incident.LENGTH).getEpochSecond(),
            "selection", Map.of("filters", List.of(filter)));
    long start = System.nanoTime();
    JsonNode answer = post("/api/v1/bubbleup", question);
    millis.add((System.nanoTime() - start) / NANOS);
    List<Slice> named = new ArrayList<>();
    answer.path("causes").forEach(cause -> named.add(slice(cause)));
    return named;
  }

  private static Slice slice(JsonNode cause) {
    List<Term> terms = new ArrayList<>();
    cause
        .path("terms")
        .forEach(
            term ->
                terms.add(
                    new Term(term.path("field").asText(), Value.of(term.path("value").asText()))));
    return new Slice(terms);
  }

  private void append(String dataset, List<Event> events) {
    for (int from = 0; from < events.size(); from += Firebreak.BATCH) {
      List<Map<String, Object>> batch = new ArrayList<>();
      for (Event event : events.subList(from, Math.min(events.size(), from + Firebreak.BATCH))) {
        Map<String, Object> data = new HashMap<>();
        event.fields().forEach((field, value) -> data.put(field, plain(value)));
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("time", event.time().toString());
        entry.put("samplerate", event.sampleRate());
        entry.put("data", data);
        batch.add(entry);
      }
      for (JsonNode status : post("/1/batch/" + dataset, batch)) {
        if (status.path("status").asInt() != 202) {
          throw new IllegalStateException("the server refused an event: " + status);
        }
      }
    }
  }

  private static Object plain(Value value) {
    return switch (value) {
      case Value.Text text -> text.text();
      case Value.Whole whole -> whole.number();
      case Value.Real real -> real.number();
      case Value.Truth truth -> truth.truth();
    };
  }

  private JsonNode post(String path, Object body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(server.resolve(path))
              .timeout(TIMEOUT)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
              .build();
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      JsonNode answer = JSON.readTree(response.body());
      if (response.statusCode() != OK) {
        throw new IllegalStateException(
            "%s%s answered %d %s".formatted(server, path, response.statusCode(), answer));
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException("no answer from %s%s".formatted(server, path), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + path, e);
    }
  }

  /** How long each answer took, from the question's bytes to the answer's. */
  List<Double> millis() {
    return List.copyOf(millis);
  }

  @Override
  public void close() {
    http.close();
  }
}
