package firebreak.eventstore;

import java.time.Duration;
import java.util.List;

/**
 * An immutable question about events.
 *
 * @param datasets the datasets to look in, at least one
 * @param breakdowns the fields to group by; none asks for one group of everything, which is there
 *     even when no event is
 * @param orders how rows are sorted; ties, and no order, fall back on the first calculation
 *     descending, then the group's values ascending with absent ones first
 * @param limit how many rows at most; the rest is summed up as {@code other}
 * @param granularity the width of a time bucket of the series; zero asks for no series
 * @param comparisonOffset how much earlier the comparison lies; zero asks for none
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
    Duration comparisonOffset) {

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

  public Query {
    datasets = List.copyOf(datasets);
    calculations = List.copyOf(calculations);
    breakdowns = List.copyOf(breakdowns);
    orders = List.copyOf(orders);
    havings = List.copyOf(havings);
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
    if (granularity.isPositive() && range.length().dividedBy(granularity) > Limits.TIME_BUCKETS) {
      throw new IllegalArgumentException(
          "granularity %s makes more than %d buckets of %s"
              .formatted(granularity, Limits.TIME_BUCKETS, range.length()));
    }
    for (Having having : havings) {
      checkIndex("having", having.calculation(), calculations.size());
      if (calculations.get(having.calculation()).operation() == Calculation.Operation.HEATMAP) {
        throw new IllegalArgumentException("a heatmap has no number for a having to compare");
      }
    }
    for (Order order : orders) {
      switch (order) {
        case Order.ByCalculation by -> checkIndex("order", by.index(), calculations.size());
        case Order.ByBreakdown by -> checkIndex("order", by.index(), breakdowns.size());
        case Order.ByDifference by -> checkIndex("order", by.index(), calculations.size());
      }
    }
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

  public Query groupedBy(String... fields) {
    return new Query(
        datasets,
        range,
        calculations,
        filter,
        List.of(fields),
        orders,
        havings,
        limit,
        granularity,
        comparisonOffset);
  }

  public Query withGranularity(Duration width) {
    return new Query(
        datasets,
        range,
        calculations,
        filter,
        breakdowns,
        orders,
        havings,
        limit,
        width,
        comparisonOffset);
  }

  /** Also computes every row over the same length of time that lies earlier by the offset. */
  public Query comparedTo(Duration offset) {
    return new Query(
        datasets,
        range,
        calculations,
        filter,
        breakdowns,
        orders,
        havings,
        limit,
        granularity,
        offset);
  }

  public Query orderedBy(Order... sorts) {
    return new Query(
        datasets,
        range,
        calculations,
        filter,
        breakdowns,
        List.of(sorts),
        havings,
        limit,
        granularity,
        comparisonOffset);
  }

  public Query having(Having... conditions) {
    return new Query(
        datasets,
        range,
        calculations,
        filter,
        breakdowns,
        orders,
        List.of(conditions),
        limit,
        granularity,
        comparisonOffset);
  }

  public Query withLimit(int rows) {
    return new Query(
        datasets,
        range,
        calculations,
        filter,
        breakdowns,
        orders,
        havings,
        rows,
        granularity,
        comparisonOffset);
  }
}
