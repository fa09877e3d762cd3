package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.columns.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows that a query looks at, by the filters of its calculations, now and earlier. */
final class QueryScope {
  private final Query query;
  private final TimeScope.Means means;
  private final Side now;
  private final @Nullable Side earlier;
  private final Map<String, BinScale> scales = new ConcurrentHashMap<>();
  private final Map<String, FieldIds> values = new HashMap<>();

  /**
   * The rows of one time range.
   *
   * @param rows for each filter of a calculation the rows that pass it and that of the query
   */
  record Side(TimeScope scope, Frame frame, Map<Filter, List<Rows>> rows) {
    List<Rows> rows(Filter filter) {
      return rows.getOrDefault(filter, List.of());
    }

    /** Leaves only the rows that meet the condition that is planned for those of their part. */
    Side narrowed(Function<Rows, Condition> planning) {
      Map<Filter, List<Rows>> narrowed = new HashMap<>();
      rows.forEach(
          (filter, some) -> narrowed.put(filter, new Narrowing(scope).narrow(some, planning)));
      return new Side(scope, frame, narrowed);
    }
  }

  QueryScope(Query query, Snapshot snapshot, TimeScope.Means means) {
    this.query = query;
    this.means = means;
    now = side(new TimeScope(query.datasets(), query.range(), query.derived(), snapshot, means));
    earlier =
        query.comparisonOffset().isZero()
            ? null
            : side(
                new TimeScope(
                    query.datasets(), query.earlierRange(), query.derived(), snapshot, means));
    for (Calculation calculation : query.calculations()) {
      if (calculation.operation() == Calculation.Operation.COUNT_DISTINCT) {
        values.computeIfAbsent(
            calculation.column(),
            field -> means.ids().distinct(field, allRows(), means.deadline()));
      }
    }
  }

  private Side side(TimeScope scope) {
    Set<String> fields = new TreeSet<>(query.breakdowns());
    Set<Filter> filters = new LinkedHashSet<>();
    filters.add(Filter.ALL);
    for (Calculation calculation : query.calculations()) {
      filters.add(calculation.filter());
      fields.add(
          calculation.operation() == Calculation.Operation.CONCURRENCY
              ? Calculation.DURATION
              : calculation.column());
    }
    List<Filter> distinct = List.copyOf(filters);
    filters.add(query.filter());
    scope.prepare(fields, List.copyOf(filters));
    List<List<Rows>> narrowed = scope.narrow(scope.narrow(scope.rows(), query.filter()), distinct);
    Map<Filter, List<Rows>> rows = new HashMap<>();
    for (int i = 0; i < distinct.size(); i++) {
      rows.put(distinct.get(i), narrowed.get(i));
    }
    return new Side(scope, Frame.of(scope, query.granularity()), rows);
  }

  TimeScope.Means means() {
    return means;
  }

  /** The rows of the query's own time range. */
  Side now() {
    return now;
  }

  /** The rows of the time range of the comparison; null without one. */
  @Nullable Side earlier() {
    return earlier;
  }

  /** How many stored events lie in the time ranges. */
  long examined() {
    return now.scope().examined() + (earlier == null ? 0 : earlier.scope().examined());
  }

  BinScale scale(String field) {
    return scales.computeIfAbsent(
        field,
        _ -> {
          List<PartView> parts = new ArrayList<>(now.scope().parts());
          if (earlier != null) {
            parts.addAll(earlier.scope().parts());
          }
          return BinScale.of(field, parts);
        });
  }

  /** The numbers of the values of a field whose different values are counted. */
  FieldIds values(String field) {
    FieldIds known = values.get(field);
    if (known == null) {
      throw new IllegalStateException("the values of " + field + " are not counted");
    }
    return known;
  }

  /** The groups, of which so many that do not occur may have numbers. */
  Grouping grouping(int most) {
    return new Grouping(
        query.breakdowns().stream()
            .map(field -> means.ids().groups(field, allRows(), means.deadline()))
            .toList(),
        most);
  }

  private List<Rows> allRows() {
    List<Rows> rows = new ArrayList<>(now.rows(Filter.ALL));
    if (earlier != null) {
      rows.addAll(earlier.rows(Filter.ALL));
    }
    return rows;
  }
}
