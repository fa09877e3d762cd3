package firebreak.bench;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.Query.Having;
import firebreak.eventstore.Query.Order;
import firebreak.eventstore.Relation;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Says a query in SQL, of a table {@code events} with the time in nanoseconds. */
final class Sql {
  private static final Map<String, String> DERIVED =
      Map.of(
          "kind", "CASE WHEN coalesce(ms > 40, FALSE) THEN 'slow' ELSE 'fast' END",
          "twice", "(coalesce(ms, 0) * 2 + 1)",
          "place", "concat(coalesce(host, ''), '-', coalesce(region, ''))",
          "letters", "coalesce(strlen(host), 0)",
          "fine", "(coalesce(ok, FALSE) AND NOT coalesce(status = 3, FALSE))");

  private final Query query;

  Sql(Query query) {
    this.query = query;
  }

  /** The rows as they are listed. */
  String rows() {
    List<String> orders = new ArrayList<>();
    for (Order order : query.orders()) {
      orders.add(order(order));
    }
    orders.add("cell0 DESC NULLS LAST");
    for (int i = 0; i < query.breakdowns().size(); i++) {
      orders.add("key" + i + " ASC NULLS FIRST");
    }
    return "WITH listed AS (%s) SELECT * FROM listed %s ORDER BY %s LIMIT %d"
        .formatted(
            grouped(query.range(), List.of()), having(), String.join(", ", orders), query.limit());
  }

  /** All groups over a range. */
  String groups(TimeRange range) {
    return grouped(range, List.of());
  }

  /** All groups and time buckets; the number of the bucket comes first. */
  String buckets() {
    return grouped(query.range(), List.of("(time // %d)".formatted(query.granularity().toNanos())));
  }

  /** One row over everything. */
  String total(TimeRange range) {
    return "SELECT %s FROM events WHERE %s".formatted(cells(), where(range));
  }

  private String grouped(TimeRange range, List<String> before) {
    List<String> keys = new ArrayList<>(before);
    for (int i = 0; i < query.breakdowns().size(); i++) {
      keys.add(column(query.breakdowns().get(i)) + " AS key" + i);
    }
    String columns = keys.isEmpty() ? "" : String.join(", ", keys) + ", ";
    String by =
        keys.isEmpty()
            ? ""
            : " GROUP BY "
                + IntStream.rangeClosed(1, keys.size())
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(", "));
    return "SELECT %s%s FROM events WHERE %s%s".formatted(columns, cells(), where(range), by);
  }

  private String cells() {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < query.calculations().size(); i++) {
      cells.add(cell(query.calculations().get(i)) + " AS cell" + i);
    }
    return String.join(", ", cells);
  }

  private static String cell(Calculation calculation) {
    String column = calculation.column().isEmpty() ? "*" : column(calculation.column());
    Calculation.Operation operation = calculation.operation();
    String call =
        operation.isPercentile()
            ? "quantile_disc(%s, 0.%03d)".formatted(column, operation.thousandths())
            : operation == Calculation.Operation.COUNT_DISTINCT
                ? "count(DISTINCT %s)".formatted(column)
                : "%s(%s)".formatted(operation.name(), column);
    return calculation.filter().equals(Filter.ALL)
        ? call
        : "%s FILTER (WHERE %s)".formatted(call, condition(calculation.filter()));
  }

  private String where(TimeRange range) {
    return "time >= %d AND time < %d AND %s"
        .formatted(nanos(range.start()), nanos(range.end()), condition(query.filter()));
  }

  static long nanos(Instant time) {
    return time.toEpochMilli() * 1_000_000;
  }

  private String having() {
    List<String> conditions = new ArrayList<>();
    for (Having having : query.havings()) {
      conditions.add(
          "cell%d %s %s".formatted(having.calculation(), sign(having.relation()), having.bound()));
    }
    return conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions);
  }

  private static String order(Order order) {
    String direction = order.descending() ? " DESC" : " ASC";
    return switch (order) {
      case Order.ByCalculation by -> "cell" + by.index() + direction + " NULLS LAST";
      case Order.ByBreakdown by ->
          "key" + by.index() + direction + (by.descending() ? " NULLS LAST" : " NULLS FIRST");
      case Order.ByDifference by -> throw new IllegalArgumentException(by.toString());
    };
  }

  static String column(String name) {
    return DERIVED.getOrDefault(name, name);
  }

  /** A condition that is never null: what cannot be compared is false. */
  static String condition(Filter filter) {
    return switch (filter) {
      case Filter.And and -> joined(and.filters(), " AND ", "TRUE");
      case Filter.Or or -> joined(or.filters(), " OR ", "FALSE");
      case Filter.Not not -> "NOT " + condition(not.filter());
      case Filter.Exists exists -> "(%s IS NOT NULL)".formatted(column(exists.field()));
      case Filter.In in ->
          "coalesce(%s IN (%s), FALSE)"
              .formatted(
                  column(in.field()),
                  in.values().stream().map(Sql::literal).collect(Collectors.joining(", ")));
      case Filter.Compare compare ->
          "coalesce(%s %s %s, FALSE)"
              .formatted(
                  column(compare.field()), sign(compare.relation()), literal(compare.bound()));
      case Filter.Matches matches ->
          "coalesce(%s(%s, %s), FALSE)"
              .formatted(
                  switch (matches.match()) {
                    case STARTS_WITH -> "starts_with";
                    case ENDS_WITH -> "ends_with";
                    case CONTAINS -> "contains";
                  },
                  column(matches.field()),
                  literal(Value.of(matches.text())));
      case Filter.During _, Filter.InTrace _ ->
          throw new IllegalArgumentException(filter.toString());
    };
  }

  private static String joined(List<Filter> filters, String operator, String otherwise) {
    return filters.isEmpty()
        ? otherwise
        : filters.stream().map(Sql::condition).collect(Collectors.joining(operator, "(", ")"));
  }

  private static String literal(Value value) {
    return value instanceof Value.Text text ? "'" + text.text() + "'" : value.display();
  }

  private static String sign(Relation relation) {
    return switch (relation) {
      case EQUAL -> "=";
      case NOT_EQUAL -> "<>";
      case LESS -> "<";
      case LESS_OR_EQUAL -> "<=";
      case GREATER -> ">";
      case GREATER_OR_EQUAL -> ">=";
    };
  }
}
