package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.eventstore.Calculation;
import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.Formula;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Query;
import firebreak.eventstore.TimeRange;
import firebreak.server.NamedQuery.ResultFormula;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a query in Honeycomb's JSON shape, and what is ours beside it: a filter may hold filters of
 * its own, any offset can be compared with, and orders and havings may be on the difference to the
 * comparison, or name a calculation or formula by its {@code name}.
 */
final class QueryJson {
  private static final Set<String> KEYS =
      Set.of(
          "calculations",
          "calculated_fields",
          "formulas",
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
  private static final Set<String> CALCULATION =
      Set.of("op", "column", "name", "filters", "filter_combination");
  private static final Set<String> EXPRESSION = Set.of("name", "expression");

  private static final int DEFAULT_LIMIT = 100;

  /** How many rows a query lists with a series; without one it may be {@link Limits#ROWS}. */
  private static final int ROWS = 1_000;

  private static final int BUCKETS = 120;

  private QueryJson() {}

  /**
   * The query of a body.
   *
   * @param saved the derived columns that are there besides those of the query itself
   */
  static NamedQuery query(List<String> datasets, JsonNode body, DerivedFields saved, Instant now) {
    KnownKeys.check("a query", body, KEYS);
    TimeRange range = QueryTime.range(body, now);
    List<Calculation> calculations = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (JsonNode node : JsonKeys.list(body, "calculations", Limits.CALCULATIONS)) {
      Calculation calculation = calculation(node);
      String name = JsonKeys.text(node, "name");
      calculations.add(calculation);
      names.add(name.isEmpty() ? calculation.name() : name);
    }
    if (calculations.isEmpty()) {
      calculations.add(Calculation.count());
      names.add(calculations.getFirst().name());
    }
    List<ResultFormula> formulas = formulas(body);
    checkNames(names, calculations, formulas);
    Ranking ranking = new Ranking(calculations, names, breakdowns(body), formulas);
    Query query =
        new Query(
            datasets,
            range,
            calculations,
            FilterJson.filters(body),
            breakdowns(body),
            ranking.orders(body),
            ranking.havings(body),
            (int) JsonKeys.whole(body, "limit", DEFAULT_LIMIT, 1, ROWS),
            QueryTime.reachable(() -> granularity(body, range)),
            QueryTime.reachable(
                () -> QueryTime.seconds(body, "compare_time_offset_seconds", 0, 0)));
    Map<String, Formula> derived = new HashMap<>(saved.of(datasets, query.fields()));
    derived.putAll(calculatedFields(body));
    return new NamedQuery(
        query.withDerived(derived), names, formulas, ranking.order(), ranking.conditions());
  }

  private static List<String> breakdowns(JsonNode body) {
    List<String> breakdowns = new ArrayList<>();
    for (JsonNode node : JsonKeys.list(body, "breakdowns", Limits.BREAKDOWNS)) {
      if (!node.isTextual()) {
        throw new IllegalArgumentException("breakdowns is a list of columns, had " + node);
      }
      breakdowns.add(oneSpan("breakdowns", node.asText()));
    }
    return breakdowns;
  }

  private static Calculation calculation(JsonNode node) {
    KnownKeys.check("a calculation", node, CALCULATION);
    return new Calculation(
        operation(JsonKeys.text(node, "op")),
        oneSpan("calculations", JsonKeys.text(node, "column")),
        FilterJson.filters(node));
  }

  /** A column that has one value for an event. */
  private static String oneSpan(String key, String column) {
    String prefix = FilterJson.someSpan(column);
    if (!prefix.isEmpty()) {
      throw new IllegalArgumentException(
          "%s names %s; %s is for filters only, root. and parent. are for one span"
              .formatted(key, column, prefix));
    }
    return column;
  }

  static Operation operation(String name) {
    return Arrays.stream(Operation.values())
        .filter(operation -> operation.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no calculation %s; there are %s"
                        .formatted(name, Arrays.toString(Operation.values()))));
  }

  private static List<ResultFormula> formulas(JsonNode body) {
    List<ResultFormula> formulas = new ArrayList<>();
    for (JsonNode node : JsonKeys.list(body, "formulas", Limits.CALCULATIONS)) {
      KnownKeys.check("a formula", node, EXPRESSION);
      formulas.add(new ResultFormula(JsonKeys.text(node, "name", 1, 255), expression(node)));
    }
    return formulas;
  }

  private static Map<String, Formula> calculatedFields(JsonNode body) {
    Map<String, Formula> fields = new HashMap<>();
    for (JsonNode node : JsonKeys.list(body, "calculated_fields", Limits.DERIVED_COLUMNS)) {
      KnownKeys.check("a calculated field", node, EXPRESSION);
      String name = oneSpan("calculated_fields", JsonKeys.text(node, "name", 1, 255));
      if (fields.put(name, expression(node)) != null) {
        throw new IllegalArgumentException("calculated_fields has %s twice".formatted(name));
      }
    }
    return fields;
  }

  private static Formula expression(JsonNode node) {
    try {
      return Formula.parse(JsonKeys.text(node, "expression"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s: expression: %s".formatted(JsonKeys.text(node, "name"), e.getMessage()), e);
    }
  }

  /** A name stands for one value of a row, and a formula finds what it reads. */
  private static void checkNames(
      List<String> names, List<Calculation> calculations, List<ResultFormula> formulas) {
    for (int i = 0; i < names.size(); i++) {
      int first = names.indexOf(names.get(i));
      if (!calculations.get(first).equals(calculations.get(i))) {
        throw new IllegalArgumentException(
            "two calculations are called %s; give one a name".formatted(names.get(i)));
      }
    }
    List<String> known = new ArrayList<>(names);
    for (ResultFormula formula : formulas) {
      if (known.contains(formula.name())) {
        throw new IllegalArgumentException("formulas has a name that is taken: " + formula.name());
      }
      for (String read : formula.formula().fields()) {
        if (!names.contains(read)) {
          throw new IllegalArgumentException(
              "formula %s reads $%s; the query calculates %s"
                  .formatted(formula.name(), read, names));
        }
      }
      known.add(formula.name());
    }
  }

  private static Duration granularity(JsonNode body, TimeRange range) {
    long seconds = Math.max(1, range.length().toSeconds() / BUCKETS);
    return QueryTime.seconds(body, "granularity", seconds, 1);
  }

  /** What to ask without a series: its limit may be higher, and rates still need the buckets. */
  static Query withoutSeries(Query query, JsonNode body) {
    boolean rates = query.calculations().stream().anyMatch(each -> each.operation().isRate());
    Query without = rates ? query : query.withGranularity(Duration.ZERO);
    return without.withLimit((int) JsonKeys.whole(body, "limit", query.limit(), 1, Limits.ROWS));
  }
}
