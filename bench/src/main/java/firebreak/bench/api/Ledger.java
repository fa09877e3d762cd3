package firebreak.bench.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks the service over its query API for what it has said that it took. */
final class Ledger {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NUMBERS_PER_QUERY = 1_000;

  private final int port;

  Ledger(int port) {
    this.port = port;
  }

  /**
   * What became of events that were accepted.
   *
   * @param missing how many are not there
   * @param repeated how many are there more than once, counted each further time
   */
  record Found(long missing, long repeated) {}

  /** How many of the requests' events there are, by their number and by their own ids. */
  private record Stored(long events, long spans) {}

  /** Looks up each event of the accepted requests. */
  Found find(List<Integer> accepted, int eventsPerRequest) throws IOException {
    long missing = 0;
    long repeated = 0;
    for (int from = 0; from < accepted.size(); from += NUMBERS_PER_QUERY) {
      List<Integer> some =
          accepted.subList(from, Math.min(accepted.size(), from + NUMBERS_PER_QUERY));
      Map<String, Stored> stored = stored(some);
      for (int number : some) {
        Stored one = stored.getOrDefault(Body.number(number), new Stored(0, 0));
        missing += eventsPerRequest - one.spans();
        repeated += one.events() - one.spans();
      }
    }
    return new Found(missing, repeated);
  }

  private Map<String, Stored> stored(List<Integer> numbers) throws IOException {
    String values =
        numbers.stream()
            .map(number -> '"' + Body.number(number) + '"')
            .collect(Collectors.joining(","));
    String query =
        """
        {"calculations": [{"op": "COUNT"}, {"op": "COUNT_DISTINCT", "column": "%4$s"}], "breakdowns": ["%1$s"], "limit": %2$d,
         "filters": [{"column": "%1$s", "op": "in", "value": [%3$s]}]}"""
            .formatted(Wire.REQUEST, NUMBERS_PER_QUERY, values, Encoding.SPAN);
    Map<String, Stored> counts = new HashMap<>();
    for (JsonNode row : rows(query)) {
      JsonNode data = row.path("data");
      counts.put(
          data.path(Wire.REQUEST).asText(),
          new Stored(
              data.path("COUNT").asLong(),
              data.path("COUNT_DISTINCT(%s)".formatted(Encoding.SPAN)).asLong()));
    }
    return counts;
  }

  /** How many events there are in all. */
  long all() throws IOException {
    return rows("{\"calculations\": [{\"op\": \"COUNT\"}]}").path(0).at("/data/COUNT").asLong();
  }

  /** How many alerts it knows of. */
  int alerts() throws IOException {
    try (Connection connection = new Connection(port)) {
      String answer = connection.get("/api/v1/changes?kind=marker").body();
      return JSON.readTree(answer).path("changes").size();
    }
  }

  private JsonNode rows(String query) throws IOException {
    String id = post("/1/queries/" + Wire.DATASET, query).path("id").asText();
    String run = "{\"query_id\": \"%s\", \"disable_series\": true}".formatted(id);
    return post("/1/query_results/" + Wire.DATASET, run).at("/data/results");
  }

  private JsonNode post(String path, String body) throws IOException {
    try (Connection connection = new Connection(port)) {
      Connection.Reply reply =
          connection.post(path, "application/json", body.getBytes(StandardCharsets.UTF_8));
      if (reply.status() / 100 != 2) {
        throw new IOException("%s answered %d: %s".formatted(path, reply.status(), reply.body()));
      }
      return JSON.readTree(reply.body());
    }
  }
}
