package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Query;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.Snapshot;
import firebreak.eventstore.columns.Times;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The rows that a query looks at, by the filters of its calculations, now and earlier. */
final class Scope {
  private final Query query;
  private final Workers workers;
  private final IdCache cache;
  private final Deadline deadline;
  private final List<PartView> parts = new ArrayList<>();
  private final Map<Filter, List<Rows>> now = new HashMap<>();
  private final Map<Filter, List<Rows>> earlier = new HashMap<>();
  private final Map<String, BinScale> scales = new ConcurrentHashMap<>();
  private final Map<String, FieldIds> values = new HashMap<>();
  private long examined;

  Scope(Query query, Snapshot snapshot, Workers workers, IdCache cache, Deadline deadline) {
    this.query = query;
    this.workers = workers;
    this.cache = cache;
    this.deadline = deadline;
    for (String dataset : new LinkedHashSet<>(query.datasets())) {
      for (Part part : snapshot.of(dataset)) {
        parts.add(new PartView(part));
      }
    }
    select();
    for (Calculation calculation : query.calculations()) {
      if (calculation.operation() == Calculation.Operation.COUNT_DISTINCT) {
        values.computeIfAbsent(calculation.column(), field -> ids(field, Integer.MAX_VALUE));
      }
    }
  }

  private void select() {
    List<Rows> nowIn = during(query.range());
    List<Rows> all = new ArrayList<>(nowIn);
    if (!query.comparisonOffset().isZero()) {
      all.addAll(during(query.range().earlierBy(query.comparisonOffset())));
    }
    examined = all.stream().mapToLong(Rows::count).sum();
    Narrowing narrowing = new Narrowing(workers, deadline);
    List<Rows> passed = narrowing.narrow(all, query.filter());
    Set<Filter> distinct = new LinkedHashSet<>();
    distinct.add(Filter.ALL);
    query.calculations().forEach(calculation -> distinct.add(calculation.filter()));
    List<Filter> filters = List.copyOf(distinct);
    List<List<Rows>> rows = narrowing.narrow(passed, filters);
    for (int i = 0; i < filters.size(); i++) {
      now.put(filters.get(i), rows.get(i).subList(0, nowIn.size()));
      earlier.put(filters.get(i), rows.get(i).subList(nowIn.size(), all.size()));
    }
  }

  private List<Rows> during(TimeRange range) {
    long start = Times.nanos(range.start());
    long end = Times.nanos(range.end());
    return parts.stream()
        .map(part -> Rows.during(part, start, end))
        .filter(rows -> !rows.isEmpty())
        .toList();
  }

  /** How many stored events lie in the time ranges. */
  long examined() {
    return examined;
  }

  /** The rows of the query's time range that pass its filter and another. */
  List<Rows> now(Filter filter) {
    return now.getOrDefault(filter, List.of());
  }

  /** The rows of the comparison's time range that pass the query's filter and another. */
  List<Rows> earlier(Filter filter) {
    return earlier.getOrDefault(filter, List.of());
  }

  BinScale scale(String field) {
    return scales.computeIfAbsent(field, _ -> BinScale.of(field, parts));
  }

  /** The numbers of the values of a field whose different values are counted. */
  FieldIds values(String field) {
    FieldIds known = values.get(field);
    if (known == null) {
      throw new IllegalStateException("the values of " + field + " are not counted");
    }
    return known;
  }

  Grouping grouping() {
    return new Grouping(
        query.breakdowns().stream().map(field -> ids(field, Limits.GROUPS)).toList());
  }

  private FieldIds ids(String field, int most) {
    List<Rows> rows = new ArrayList<>(now(Filter.ALL));
    rows.addAll(earlier(Filter.ALL));
    return cache.ids(field, rows, most, deadline);
  }
}
