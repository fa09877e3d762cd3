package firebreak.bench.store;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.bench.wide.WideEvents;
import firebreak.bench.wide.WideField;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The questions as searches with aggregations. Its percentiles are estimates; counts are exact. */
final class SearchQuestions {
  private static final int TOP_VALUES = 40;
  private static final int OCTAVES = 24;
  private static final String DURATION = "duration_ms";
  private static final Map<String, Object> EVERYTHING = Map.of("match_all", Map.of());

  private final Workload workload;
  private final Node node;

  /** Runs a search and hands over the whole answer. */
  @FunctionalInterface
  interface Node {
    JsonNode search(Map<String, Object> request) throws IOException, InterruptedException;
  }

  SearchQuestions(Workload workload, Node node) {
    this.workload = workload;
    this.node = node;
  }

  /** Null for the patterns, which take a script. */
  @Nullable Answer ask(Question question, int round) throws IOException, InterruptedException {
    Map<String, Object> slow = slow(workload.slowMillis(round));
    return switch (question) {
      case SELECT -> new Answer().exact("count", total(slow));
      case BUBBLEUP -> bubbleUp(slow, EVERYTHING, workload.events().fields());
      case BUBBLEUP_WITHOUT_IDS ->
          bubbleUp(
              slow,
              EVERYTHING,
              workload.events().fields().stream()
                  .filter(field -> !field.name().startsWith("trace."))
                  .toList());
      case BUBBLEUP_FILTERED ->
          bubbleUp(slow, term("service.name", Workload.SERVICE), workload.events().fields());
      case HEATMAP -> heatmap();
      case GROUP_10K -> groups("customer_id");
      case GROUP_465K -> groups("user_id");
      case GROUP_1250K -> groups("trace.trace_id");
      case SERIES -> series();
      case FILTERED_COUNT -> new Answer().exact("count", total(conditions()));
      case HAVING -> having();
      case PATTERNS, EXPLAIN -> null;
      case NEEDLE -> needle(workload.traceId(round));
    };
  }

  private static Map<String, Object> slow(double bound) {
    return Map.of(
        "bool",
        Map.of("filter", List.of(range(DURATION, "gt", bound), since(Workload.FAULT_START))));
  }

  private static Map<String, Object> since(Instant time) {
    return Map.of("range", Map.of("time", Map.of("gte", time.toString())));
  }

  private static Map<String, Object> range(String field, String bound, double value) {
    return Map.of("range", Map.of(field, Map.of(bound, value)));
  }

  private static Map<String, Object> term(String field, Object value) {
    return Map.of("term", Map.of(field, value));
  }

  private static Map<String, Object> conditions() {
    return Map.of(
        "bool",
        Map.of(
            "filter",
            List.of(
                Map.of("prefix", Map.of("name", Workload.NAME_PREFIX)),
                range("status_code", "gte", Workload.FAILED_STATUS),
                range(DURATION, "lt", Workload.QUICK_MS)),
            "must_not",
            List.of(term("region", Workload.OTHER_REGION))));
  }

  private long total(Map<String, Object> query) throws IOException, InterruptedException {
    return total(search(query, Map.of()));
  }

  private static long total(JsonNode answer) {
    return answer.at("/hits/total/value").asLong();
  }

  private JsonNode search(Map<String, Object> query, Map<String, Object> aggregations)
      throws IOException, InterruptedException {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("size", 0);
    request.put("track_total_hits", true);
    request.put("query", query);
    if (!aggregations.isEmpty()) {
      request.put("aggs", aggregations);
    }
    return node.search(request);
  }

  /** One request a side, with an aggregation for each field. */
  private Answer bubbleUp(Map<String, Object> slow, Map<String, Object> within, List<WideField> all)
      throws IOException, InterruptedException {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      fields.put("f" + i, spread(all.get(i)));
    }
    long everything = total(search(within, fields));
    Map<String, Object> selected = Map.of("bool", Map.of("filter", List.of(within, slow)));
    long chosen = total(search(selected, fields));
    return new Answer().exact("selected", chosen).exact("baseline", everything - chosen);
  }

  private static Map<String, Object> spread(WideField field) {
    if (!field.isNumber()) {
      return Map.of("terms", Map.of("field", field.name(), "size", TOP_VALUES));
    }
    List<Map<String, Object>> octaves = new ArrayList<>();
    for (int i = 0; i < OCTAVES; i++) {
      octaves.add(Map.of("from", Math.scalb(1.0, i), "to", Math.scalb(1.0, i + 1)));
    }
    return Map.of("range", Map.of("field", field.name(), "ranges", octaves));
  }

  private Answer heatmap() throws IOException, InterruptedException {
    JsonNode answer =
        search(
            EVERYTHING,
            Map.of(
                "t",
                aggregation(
                    "date_histogram",
                    Map.of("field", "time", "fixed_interval", "12m"),
                    Map.of("b", Map.of("histogram", Map.of("field", DURATION, "interval", 50))))));
    double[] buckets = new double[Workload.BUCKETS];
    for (JsonNode bucket : answer.at("/aggregations/t/buckets")) {
      long since = bucket.get("key").asLong() - WideEvents.START.toEpochMilli();
      buckets[(int) (since / Workload.BUCKET.toMillis())] = bucket.get("doc_count").asDouble();
    }
    return SqlQuestions.heatmap(buckets);
  }

  private static Map<String, Object> aggregation(
      String kind, Map<String, Object> settings, Map<String, Object> within) {
    return Map.of(kind, settings, "aggs", within);
  }

  private static Map<String, Object> percentile(int percent) {
    return Map.of("percentiles", Map.of("field", DURATION, "percents", List.of(percent)));
  }

  private Answer groups(String field) throws IOException, InterruptedException {
    JsonNode found =
        search(
            EVERYTHING,
            Map.of(
                "g",
                aggregation(
                    "terms",
                    Map.of("field", field, "size", Workload.TOP_GROUPS),
                    Map.of("a", Map.of("avg", Map.of("field", DURATION)), "p", percentile(99)))));
    Answer answer = new Answer();
    int rank = 0;
    for (JsonNode group : found.at("/aggregations/g/buckets")) {
      SqlQuestions.group(
          answer,
          rank++,
          group.get("key").asText(),
          group.get("doc_count").asDouble(),
          group.at("/a/value").asDouble());
    }
    return answer;
  }

  private Answer series() throws IOException, InterruptedException {
    JsonNode found =
        search(
            EVERYTHING,
            Map.of(
                "g",
                aggregation(
                    "terms",
                    Map.of("field", "service.name", "size", Workload.TOP_SERVICES),
                    Map.of(
                        "t",
                        aggregation(
                            "date_histogram",
                            Map.of("field", "time", "fixed_interval", "12m"),
                            Map.of("p", percentile(99)))))));
    double count = 0;
    for (JsonNode group : found.at("/aggregations/g/buckets")) {
      count += group.get("doc_count").asDouble();
    }
    return new Answer().exact("count", count);
  }

  private Answer having() throws IOException, InterruptedException {
    JsonNode found =
        search(
            EVERYTHING,
            Map.of(
                "g",
                aggregation(
                    "terms",
                    Map.of(
                        "field",
                        "name",
                        "size",
                        Workload.TOP_NAMES,
                        "min_doc_count",
                        workload.havingCount() + 1,
                        "order",
                        Map.of("p.95", "desc")),
                    Map.of("p", percentile(95)))));
    return new Answer().exact("rows", found.at("/aggregations/g/buckets").size());
  }

  private Answer needle(String traceId) throws IOException, InterruptedException {
    JsonNode found =
        node.search(
            Map.of(
                "size", 1_000, "query", term("trace.trace_id", traceId), "sort", List.of("time")));
    return new Answer().exact("spans", found.at("/hits/hits").size());
  }
}
