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

  /** How many events are missing of the accepted requests. */
  long missing(List<Integer> accepted, int eventsPerRequest) throws IOException {
    long missing = 0;
    for (int from = 0; from < accepted.size(); from += NUMBERS_PER_QUERY) {
      List<Integer> some =
          accepted.subList(from, Math.min(accepted.size(), from + NUMBERS_PER_QUERY));
      Map<String, Long> stored = stored(some);
      for (int number : some) {
        missing += eventsPerRequest - stored.getOrDefault(Body.number(number), 0L);
      }
    }
    return missing;
  }

  private Map<String, Long> stored(List<Integer> numbers) throws IOException {
    String values =
        numbers.stream()
            .map(number -> '"' + Body.number(number) + '"')
            .collect(Collectors.joining(","));
    String query =
        """
        {"calculations": [{"op": "COUNT"}], "breakdowns": ["%1$s"], "limit": %2$d,
         "filters": [{"column": "%1$s", "op": "in", "value": [%3$s]}]}"""
            .formatted(Wire.REQUEST, NUMBERS_PER_QUERY, values);
    Map<String, Long> counts = new HashMap<>();
    for (JsonNode row : rows(query)) {
      counts.put(row.at("/data/" + Wire.REQUEST).asText(), row.at("/data/COUNT").asLong());
    }
    return counts;
  }

  /** How many events there are in all. */
  long all() throws IOException {
    return rows("{\"calculations\": [{\"op\": \"COUNT\"}]}").path(0).at("/data/COUNT").asLong();
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
