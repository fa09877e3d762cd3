package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.Calculation;
import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.Relation;
import firebreak.eventstore.TimeRange;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Reads a query in Honeycomb's JSON shape and writes its result in theirs. A filter may also hold
 * filters of its own: {@code {"filters": […], "filter_combination": "OR"}}.
 */
final class QueryJson {
  private static final Set<String> KEYS =
      Set.of(
          "calculations",
          "filters",
          "filter_combination",
          "breakdowns",
          "orders",
          "havings",
          "limit",
          "start_time",
          "end_time",
          "time_range",
          "granularity",
          "compare_time_offset_seconds");

  private static final int DEFAULT_LIMIT = 100;
  private static final Duration DEFAULT_RANGE = Duration.ofHours(2);

  private QueryJson() {}

  /** A query, and under which name the result carries each calculation. */
  record Named(Query query, List<String> names) {
    Named {
      names = List.copyOf(names);
    }
  }

  static Named named(List<String> datasets, JsonNode body, Instant now) {
    Query query = query(datasets, body, now);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < query.calculations().size(); i++) {
      String own = body.path("calculations").path(i).path("name").asText("");
      names.add(own.isEmpty() ? query.calculations().get(i).name() : own);
    }
    return new Named(query, names);
  }

  static Query query(List<String> datasets, JsonNode body, Instant now) {
    KnownKeys.check("a query", body, KEYS);
    TimeRange range = range(body, now);
    List<Calculation> calculations = calculations(body.path("calculations"));
    List<String> breakdowns = new ArrayList<>();
    body.path("breakdowns").forEach(breakdown -> breakdowns.add(breakdown.asText()));
    return new Query(
        datasets,
        range,
        calculations,
        FilterJson.filters(body),
        breakdowns,
        orders(body.path("orders"), calculations, breakdowns),
        havings(body.path("havings"), calculations),
        body.path("limit").asInt(DEFAULT_LIMIT),
        granularity(body, range),
        Duration.ofSeconds(body.path("compare_time_offset_seconds").asLong(0)));
  }

  /** The range of {@code start_time}, {@code end_time} and {@code time_range}, in Unix seconds. */
  static TimeRange range(JsonNode body, Instant now) {
    return reachable(() -> asked(body, now));
  }

  /** What is made of times that were asked for; those that no calendar reaches are nonsense. */
  static <T> T reachable(Supplier<T> make) {
    try {
      return make.get();
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "a time, a length of time or a step is too large: " + e.getMessage(), e);
    }
  }

  private static TimeRange asked(JsonNode body, Instant now) {
    Duration length =
        body.has("time_range")
            ? Duration.ofSeconds(body.path("time_range").asLong())
            : DEFAULT_RANGE;
    boolean hasStart = body.hasNonNull("start_time");
    boolean hasEnd = body.hasNonNull("end_time");
    if (hasStart && hasEnd) {
      if (body.has("time_range")) {
        throw new IllegalArgumentException(
            "of start_time, end_time and time_range at most two can be given");
      }
      return new TimeRange(time(body.path("start_time")), time(body.path("end_time")));
    }
    if (hasStart) {
      Instant start = time(body.path("start_time"));
      return new TimeRange(start, start.plus(length));
    }
    return TimeRange.before(hasEnd ? time(body.path("end_time")) : now, length);
  }

  /** Unix seconds, or RFC 3339. */
  static Instant time(JsonNode node) {
    if (node.isNumber()) {
      return Instant.ofEpochMilli(Math.round(node.asDouble() * 1_000));
    }
    try {
      return Instant.parse(node.asText());
    } catch (java.time.format.DateTimeParseException e) {
      throw new IllegalArgumentException(
          "a time is RFC 3339 such as 2026-01-31T12:00:00Z, or Unix seconds, was " + node, e);
    }
  }

  private static List<Calculation> calculations(JsonNode nodes) {
    List<Calculation> calculations = new ArrayList<>();
    for (JsonNode node : nodes) {
      KnownKeys.check(
          "a calculation", node, Set.of("op", "column", "name", "filters", "filter_combination"));
      calculations.add(
          new Calculation(
              operation(node.path("op").asText()),
              node.path("column").asText(""),
              FilterJson.filters(node)));
    }
    return calculations.isEmpty() ? List.of(Calculation.count()) : calculations;
  }

  private static Operation operation(String name) {
    return Arrays.stream(Operation.values())
        .filter(operation -> operation.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no calculation %s; there are %s"
                        .formatted(name, Arrays.toString(Operation.values()))));
  }

  private static int position(
      String what, List<Calculation> calculations, JsonNode node, String op) {
    String column = node.path("column").asText("");
    for (int i = 0; i < calculations.size(); i++) {
      Calculation calculation = calculations.get(i);
      if (calculation.operation().name().equals(op) && calculation.column().equals(column)) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "%s names %s, which the query does not calculate".formatted(what, node));
  }

  private static List<Query.Order> orders(
      JsonNode nodes, List<Calculation> calculations, List<String> breakdowns) {
    List<Query.Order> orders = new ArrayList<>();
    for (JsonNode node : nodes) {
      boolean descending = node.path("order").asText("ascending").equals("descending");
      if (node.hasNonNull("op")) {
        String op = node.path("op").asText();
        orders.add(
            new Query.Order.ByCalculation(
                position("an order", calculations, node, op), descending));
      } else {
        int index = breakdowns.indexOf(node.path("column").asText());
        if (index < 0) {
          throw new IllegalArgumentException(
              "an order names %s, which is no breakdown of the query".formatted(node));
        }
        orders.add(new Query.Order.ByBreakdown(index, descending));
      }
    }
    return orders;
  }

  private static List<Query.Having> havings(JsonNode nodes, List<Calculation> calculations) {
    List<Query.Having> havings = new ArrayList<>();
    for (JsonNode node : nodes) {
      String op = node.path("calculate_op").asText();
      havings.add(
          new Query.Having(
              position("a having", calculations, node, op),
              relation(node.path("op").asText()),
              node.path("value").asDouble()));
    }
    return havings;
  }

  private static Relation relation(String op) {
    return switch (op) {
      case "=" -> Relation.EQUAL;
      case "!=" -> Relation.NOT_EQUAL;
      case "<" -> Relation.LESS;
      case "<=" -> Relation.LESS_OR_EQUAL;
      case ">" -> Relation.GREATER;
      case ">=" -> Relation.GREATER_OR_EQUAL;
      default ->
          throw new IllegalArgumentException(
              "a having compares with =, !=, <, <=, > or >=, was " + op);
    };
  }

  private static Duration granularity(JsonNode body, TimeRange range) {
    if (body.hasNonNull("granularity")) {
      return Duration.ofSeconds(body.path("granularity").asLong());
    }
    return Duration.ofSeconds(Math.max(1, range.length().toSeconds() / 120));
  }

  /** The result in Honeycomb's shape, with its series and the two aggregates. */
  static ObjectNode result(Named named, QueryResult result, boolean withSeries) {
    Query query = named.query();
    ObjectNode view = JsonTree.object();
    ArrayNode rows = view.putArray("results");
    TreeMap<Instant, ArrayNode> series = new TreeMap<>();
    for (QueryResult.Row row : result.rows()) {
      ObjectNode data = group(query, row);
      cells(named, row.cells(), data);
      ObjectNode entry = rows.addObject();
      entry.set("data", data);
      if (!row.compared().isEmpty()) {
        ObjectNode compared = group(query, row);
        cells(named, row.compared(), compared);
        entry.set("compare_data", compared);
      }
      if (withSeries) {
        for (QueryResult.Point point : row.series()) {
          ObjectNode at = group(query, row);
          cells(named, point.cells(), at);
          ObjectNode line = JsonTree.object();
          line.set("time", JsonTree.time(point.time()));
          line.set("data", at);
          series.computeIfAbsent(point.time(), _ -> Json.MAPPER.createArrayNode()).add(line);
        }
      }
    }
    ArrayNode points = view.putArray("series");
    series.values().forEach(points::addAll);
    ObjectNode total = view.putObject("total_by_aggregate");
    cells(named, result.total().cells(), total);
    ObjectNode other = view.putObject("other_by_aggregate");
    cells(named, result.other().cells(), other);
    ObjectNode info = view.putObject("info");
    info.put("granularity_seconds", query.granularity().toSeconds());
    info.put("rows_examined", result.rowsExamined());
    return view;
  }

  private static ObjectNode group(Query query, QueryResult.Row row) {
    ObjectNode data = JsonTree.object();
    for (int i = 0; i < query.breakdowns().size(); i++) {
      data.set(query.breakdowns().get(i), JsonTree.value(row.group().get(i)));
    }
    return data;
  }

  private static void cells(Named named, List<QueryResult.Cell> cells, ObjectNode into) {
    for (int i = 0; i < cells.size(); i++) {
      String name = named.names().get(i);
      switch (cells.get(i)) {
        case QueryResult.Cell.Figure figure -> into.set(name, JsonTree.number(figure.value()));
        case QueryResult.Cell.Absent() -> into.putNull(name);
        case QueryResult.Cell.Heatmap heatmap ->
            into.set(
                name,
                JsonTree.object().set("bins", JsonTree.array(heatmap.bins(), QueryJson::bin)));
      }
    }
  }

  static ObjectNode bin(QueryResult.Bin bin) {
    ObjectNode view = JsonTree.object();
    view.set("low", JsonTree.number(bin.low()));
    view.set("high", JsonTree.number(bin.high()));
    view.set("count", JsonTree.number(bin.weight()));
    return view;
  }
}
