package firebreak.eventstore;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * An immutable question about events.
 *
 * <p>Wherever a field is named, a name that begins with {@link Traces#ROOT} or {@link
 * Traces#PARENT} means the stored or derived field of that name on another span. Formulas read the
 * stored fields of their own event only.
 *
 * @param datasets the datasets to look in, at least one
 * @param breakdowns the fields to group by; none asks for one group of everything, which is there
 *     even when no event is
 * @param orders how rows are sorted; ties, and no order, fall back on the first calculation
 *     descending, then the group's values ascending with absent ones first
 * @param limit how many rows at most; the rest is summed up as {@code other}
 * @param granularity the width of a time bucket of the series; zero asks for no series
 * @param comparisonOffset how much earlier the comparison lies; zero asks for none
 * @param derived the columns that filters, breakdowns and calculations may name besides stored
 *     fields; a derived column hides a stored field of its name, save from formulas
 * @param wantsTotal whether the result's total is asked for
 * @param wantsOther whether the result's other is asked for
 */
public record Query(
    List<String> datasets,
    TimeRange range,
    List<Calculation> calculations,
    Filter filter,
    List<String> breakdowns,
    List<Order> orders,
    List<Having> havings,
    int limit,
    Duration granularity,
    Duration comparisonOffset,
    Map<String, Formula> derived,
    boolean wantsTotal,
    boolean wantsOther) {

  /** A sort key: a calculation by position, or a breakdown by position. */
  public sealed interface Order {
    boolean descending();

    record ByCalculation(int index, boolean descending) implements Order {}

    record ByBreakdown(int index, boolean descending) implements Order {}

    /** By the calculation's value minus that of the comparison; a group without either is last. */
    record ByDifference(int index, boolean descending) implements Order {}
  }

  /** What a having looks at. */
  public enum Subject {
    VALUE,
    /** The value minus that of the comparison; a group without either does not hold. */
    DIFFERENCE
  }

  /** A condition on a calculation (by position) that a group must meet to be listed. */
  public record Having(int calculation, Subject subject, Relation relation, double bound) {
    public Having(int calculation, Relation relation, double bound) {
      this(calculation, Subject.VALUE, relation, bound);
    }

    public boolean holds(double value) {
      return !Double.isNaN(value) && relation.holds(Double.compare(value, bound));
    }
  }

  private static final Comparator<Having> HAVINGS =
      Comparator.comparingInt(Having::calculation)
          .thenComparing(Having::subject)
          .thenComparing(Having::relation)
          .thenComparingDouble(Having::bound);

  public Query {
    datasets = List.copyOf(datasets);
    calculations = List.copyOf(calculations);
    breakdowns = List.copyOf(breakdowns);
    orders = List.copyOf(orders);
    havings = List.copyOf(havings);
    derived = Map.copyOf(derived);
    if (datasets.isEmpty()) {
      throw new IllegalArgumentException("a query needs at least one dataset");
    }
    if (calculations.isEmpty() || calculations.size() > Limits.CALCULATIONS) {
      throw new IllegalArgumentException(
          "a query has 1 to %d calculations, had %d"
              .formatted(Limits.CALCULATIONS, calculations.size()));
    }
    if (breakdowns.size() > Limits.BREAKDOWNS) {
      throw new IllegalArgumentException(
          "a query has at most %d breakdowns, had %d"
              .formatted(Limits.BREAKDOWNS, breakdowns.size()));
    }
    if (limit < 1 || limit > Limits.ROWS) {
      throw new IllegalArgumentException(
          "limit must lie between 1 and %d, was %d".formatted(Limits.ROWS, limit));
    }
    if (granularity.isNegative() || comparisonOffset.isNegative()) {
      throw new IllegalArgumentException("granularity and comparison offset cannot be negative");
    }
    if (granularity.compareTo(Limits.LONGEST) > 0
        || comparisonOffset.compareTo(Limits.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "granularity and comparison offset may be %s at most, were %s and %s"
              .formatted(Limits.LONGEST, granularity, comparisonOffset));
    }
    checkReachable(range, comparisonOffset);
    if (granularity.isPositive() && range.length().dividedBy(granularity) > Limits.TIME_BUCKETS) {
      throw new IllegalArgumentException(
          "granularity %s makes more than %d buckets of %s"
              .formatted(granularity, Limits.TIME_BUCKETS, range.length()));
    }
    checkDerived(derived);
    checkTime(calculations, range, granularity);
    for (Having having : havings) {
      checkIndex("having", having.calculation(), calculations.size());
      checkComparison(having.subject() == Subject.DIFFERENCE, "having", comparisonOffset);
      if (calculations.get(having.calculation()).operation() == Calculation.Operation.HEATMAP) {
        throw new IllegalArgumentException("a heatmap has no number for a having to compare");
      }
    }
    for (Order order : orders) {
      checkComparison(order instanceof Order.ByDifference, "order", comparisonOffset);
      switch (order) {
        case Order.ByCalculation by -> checkIndex("order", by.index(), calculations.size());
        case Order.ByBreakdown by -> checkIndex("order", by.index(), breakdowns.size());
        case Order.ByDifference by -> checkIndex("order", by.index(), calculations.size());
      }
    }
  }

  /** A query without derived columns, with total and other. */
  public Query(
      List<String> datasets,
      TimeRange range,
      List<Calculation> calculations,
      Filter filter,
      List<String> breakdowns,
      List<Order> orders,
      List<Having> havings,
      int limit,
      Duration granularity,
      Duration comparisonOffset) {
    this(
        datasets,
        range,
        calculations,
        filter,
        breakdowns,
        orders,
        havings,
        limit,
        granularity,
        comparisonOffset,
        Map.of(),
        true,
        true);
  }

  private static void checkReachable(TimeRange range, Duration comparisonOffset) {
    if (range.start().isBefore(Instant.MIN.plus(comparisonOffset))) {
      throw new IllegalArgumentException(
          "%s before %s there is no time".formatted(comparisonOffset, range.start()));
    }
  }

  static void checkDerived(Map<String, Formula> derived) {
    if (derived.size() > Limits.DERIVED_COLUMNS) {
      throw new IllegalArgumentException(
          "a question has at most %d derived columns, had %d"
              .formatted(Limits.DERIVED_COLUMNS, derived.size()));
    }
    new TreeMap<>(derived).forEach(Query::checkDerived);
  }

  private static void checkDerived(String name, Formula formula) {
    if (name.isEmpty() || Traces.isRelational(name)) {
      throw new IllegalArgumentException(
          "a derived column needs a name that does not begin with %s or %s, was \"%s\""
              .formatted(Traces.ROOT, Traces.PARENT, name));
    }
    for (String field : new TreeSet<>(formula.fields())) {
      if (Traces.isRelational(field)) {
        throw new IllegalArgumentException(
            "derived column %s reads %s; a formula reads the fields of its own event only"
                .formatted(name, field));
      }
    }
  }

  private static void checkTime(
      List<Calculation> calculations, TimeRange range, Duration granularity) {
    for (Calculation calculation : calculations) {
      Calculation.Operation operation = calculation.operation();
      if (operation.isRate() && granularity.isZero()) {
        throw new IllegalArgumentException(
            operation + " compares time buckets, so it needs a granularity");
      }
      if (operation == Calculation.Operation.CONCURRENCY
          && range.length().compareTo(Limits.LONGEST) > 0) {
        throw new IllegalArgumentException(
            "CONCURRENCY looks at %s at most, was %s".formatted(Limits.LONGEST, range.length()));
      }
    }
  }

  private static void checkComparison(boolean compares, String what, Duration offset) {
    if (compares && offset.isZero()) {
      throw new IllegalArgumentException(
          "the %s is on a difference, so the query needs a comparison offset".formatted(what));
    }
  }

  /** The names of all fields asked for, those of other spans by their own names. */
  public Set<String> fields() {
    Set<String> names = new TreeSet<>(breakdowns);
    names.addAll(Filter.fields(filter));
    for (Calculation calculation : calculations) {
      names.add(
          calculation.operation() == Calculation.Operation.CONCURRENCY
              ? Calculation.DURATION
              : calculation.column());
      names.addAll(Filter.fields(calculation.filter()));
    }
    Set<String> own = new TreeSet<>();
    names.forEach(name -> own.add(Traces.own(name)));
    return own;
  }

  private static void checkIndex(String what, int index, int size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("%s names position %d of %d".formatted(what, index, size));
    }
  }

  /** A query of one dataset with nothing but calculations and a filter. */
  public static Query of(
      String dataset, TimeRange range, Filter filter, Calculation... calculations) {
    return new Query(
        List.of(dataset),
        range,
        List.of(calculations),
        filter,
        List.of(),
        List.of(),
        List.of(),
        1_000,
        Duration.ZERO,
        Duration.ZERO);
  }

  /** The range of the comparison. */
  public TimeRange earlierRange() {
    return range.earlierBy(comparisonOffset);
  }

  private Query changed(Consumer<QueryDraft> change) {
    QueryDraft draft = new QueryDraft(this);
    change.accept(draft);
    return draft.query();
  }

  public Query calculating(Calculation... each) {
    return changed(draft -> draft.calculations = List.of(each));
  }

  public Query groupedBy(String... fields) {
    return changed(draft -> draft.breakdowns = List.of(fields));
  }

  public Query withGranularity(Duration width) {
    return changed(draft -> draft.granularity = width);
  }

  /** Also computes every row over the same length of time that lies earlier by the offset. */
  public Query comparedTo(Duration offset) {
    return changed(draft -> draft.comparisonOffset = offset);
  }

  public Query orderedBy(Order... sorts) {
    return changed(draft -> draft.orders = List.of(sorts));
  }

  public Query having(Having... conditions) {
    return changed(draft -> draft.havings = List.of(conditions));
  }

  public Query withLimit(int rows) {
    return changed(draft -> draft.limit = rows);
  }

  public Query withDerived(Map<String, Formula> columns) {
    return changed(draft -> draft.derived = columns);
  }

  /** The same without total and other, whose rows then have no cells. */
  public Query withoutTotals() {
    return withTotals(false, false);
  }

  public Query withTotals(boolean total, boolean other) {
    return changed(
        draft -> {
          draft.wantsTotal = total;
          draft.wantsOther = other;
        });
  }

  /**
   * The one form of all queries that ask the same by the same conditions: what has no order is
   * sorted, what is said twice or has no effect is left out. It has the same answer.
   */
  public Query canonical() {
    return changed(
        draft -> {
          draft.datasets = List.copyOf(new TreeSet<>(datasets));
          draft.filter = Filter.canonical(filter);
          draft.calculations = calculations.stream().map(Calculation::canonical).toList();
          draft.orders = List.copyOf(new LinkedHashSet<>(orders));
          draft.havings =
              List.copyOf(new LinkedHashSet<>(havings)).stream().sorted(HAVINGS).toList();
          draft.derived = new TreeMap<>(derived);
          draft.derived.keySet().retainAll(fields());
        });
  }
}
