package firebreak.deploytracker;

import firebreak.bubbleup.ContingencyTable;
import firebreak.bubbleup.Interval;
import firebreak.eventstore.Calculation;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.TimeRange;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How an objective's events fare of some and of the rest, in the minutes in which there were both
 * to compare: what was slow before the some came does not count against the rest.
 *
 * @param someScale what a unit of their weight counts as in a test: less than one where events
 *     stand for several
 * @param restScale the same of the rest
 */
public record SideBySide(Counts some, Counts rest, double someScale, double restScale) {
  /** Of each kind of each side the sample rates of so many events are looked at. */
  static final int RATES_AT_MOST = 5_000;

  private static final Duration BUCKET_AT_LEAST = Duration.ofMinutes(1);
  private static final long BUCKETS = 1_000;

  /** Where every event stands for itself. */
  public SideBySide(Counts some, Counts rest) {
    this(some, rest, 1, 1);
  }

  /**
   * Counts.
   *
   * @param scope events that count at all
   */
  public static SideBySide of(
      EventStore store, Objective objective, Filter scope, Filter some, TimeRange range) {
    Map<Instant, Counts> all = perBucket(store, objective, scope, range);
    Counts first = Counts.NONE;
    Counts second = Counts.NONE;
    for (Map.Entry<Instant, Counts> bucket :
        perBucket(store, objective, Filter.and(scope, some), range).entrySet()) {
      Counts of = bucket.getValue();
      Counts whole = all.getOrDefault(bucket.getKey(), of);
      first = first.plus(of);
      second = second.plus(new Counts(whole.eligible() - of.eligible(), whole.bad() - of.bad()));
    }
    return new SideBySide(
        first,
        second,
        scale(store, objective, Filter.and(scope, some), range, first),
        scale(store, objective, Filter.and(scope, Filter.not(some)), range, second));
  }

  /** The share of the some that is bad, 0 without any. */
  public double rate() {
    return rate(some);
  }

  public double restRate() {
    return rate(rest);
  }

  private static double rate(Counts counts) {
    return counts.eligible() == 0 ? 0 : (double) counts.bad() / counts.eligible();
  }

  public boolean isComparable() {
    return some.eligible() > 0 && rest.eligible() > 0;
  }

  /** Bad events of the some beyond what the rest's rate would have made of them, by weight. */
  public double excess() {
    return some.bad() - some.eligible() * restRate();
  }

  /** In which the difference of both rates lies in 95 of 100 cases; anything without events. */
  public Interval difference() {
    ContingencyTable table = witnesses();
    if (table.trials() == 0) {
      return new Interval(0, 1);
    }
    Interval excess = table.excessInterval();
    return new Interval(excess.low() / table.trials(), Math.min(1, excess.high() / table.trials()));
  }

  /** The same of the excess, in events by weight. */
  public Interval excessInterval() {
    Interval difference = difference();
    return new Interval(some.eligible() * difference.low(), some.eligible() * difference.high());
  }

  /** The chance of some at least this much worse if they were like the rest. */
  public double pValue() {
    return witnesses().pValue();
  }

  /** The counts as so many events would give them that each stand for themselves. */
  private ContingencyTable witnesses() {
    return scaled(some, someScale).against(scaled(rest, restScale));
  }

  private static Tally scaled(Counts counts, double scale) {
    return new Tally(counts.eligible(), counts.bad()).scaled(scale);
  }

  private static double scale(
      EventStore store, Objective objective, Filter filter, TimeRange range, Counts counts) {
    Thinning thinning = new Thinning();
    for (boolean isBad : new boolean[] {false, true}) {
      int[] left = {RATES_AT_MOST};
      store.scan(
          objective.datasets(),
          range,
          Filter.and(
              objective.eligible(),
              filter,
              isBad ? Filter.not(objective.good()) : objective.good()),
          List.of("name"),
          event -> {
            thinning.add(event.sampleRate(), isBad);
            return --left[0] > 0;
          });
    }
    return thinning.of(counts.eligible() - counts.bad(), counts.bad()).scale();
  }

  private static Map<Instant, Counts> perBucket(
      EventStore store, Objective objective, Filter filter, TimeRange range) {
    long minutes = 1 + range.length().toMinutes() / BUCKETS;
    Query query =
        new Query(
            objective.datasets(),
            range,
            List.of(Calculation.count(), Calculation.count(objective.bad())),
            Filter.and(objective.eligible(), filter),
            List.of(),
            List.of(),
            List.of(),
            1,
            BUCKET_AT_LEAST.multipliedBy(minutes),
            Duration.ZERO);
    Map<Instant, Counts> counts = new HashMap<>();
    for (QueryResult.Row row : store.query(query).rows()) {
      for (QueryResult.Point point : row.series()) {
        long eligible = Math.round(point.cells().getFirst().number());
        if (eligible > 0) {
          counts.put(
              point.time(), new Counts(eligible, Math.round(point.cells().getLast().number())));
        }
      }
    }
    return counts;
  }
}
