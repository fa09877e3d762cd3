package firebreak.slo;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.LimitExceededException;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.TimeRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Asks the store for an objective's counts per bucket. */
final class StoreCounts {

  /** How many buckets one query may span: the store's limit on a series. */
  private static final int SPAN = 1_000;

  /** Buckets this near to each other are asked for together. */
  private static final int NEAR = 30;

  private final EventStore store;

  StoreCounts(EventStore store) {
    this.store = store;
  }

  /** All buckets that hold events, by zooming in a thousandfold on stretches that hold any. */
  Map<Long, Counts> all(Objective objective) {
    Map<Long, Counts> counts = new TreeMap<>();
    zoom(objective, 0, Ledger.BUCKETS_END / SPAN, counts);
    return counts;
  }

  private void zoom(Objective objective, long first, long width, Map<Long, Counts> into) {
    if (width == 1) {
      series(objective, first, first + SPAN, 1)
          .forEach(point -> into.put(Ledger.bucketOf(point.time()), counts(point)));
      return;
    }
    for (long stretch : stretches(objective, first, width)) {
      zoom(objective, stretch, width / SPAN, into);
    }
  }

  /**
   * Where stretches begin that may hold events: all of them where there are too many events for the
   * store to say in time.
   */
  private List<Long> stretches(Objective objective, long first, long width) {
    try {
      return series(objective, first, first + width * SPAN, width).stream()
          .map(point -> Ledger.bucketOf(point.time()))
          .toList();
    } catch (LimitExceededException e) {
      return LongStream.range(0, SPAN).map(i -> first + i * width).boxed().toList();
    }
  }

  /** The counts of these buckets as the store has them now. */
  Map<Long, Counts> of(Objective objective, NavigableSet<Long> buckets) {
    Map<Long, Counts> counts = new TreeMap<>();
    long first = 0;
    long last = Long.MIN_VALUE;
    for (long bucket : buckets) {
      counts.put(bucket, Counts.NONE);
      if (last == Long.MIN_VALUE) {
        first = bucket;
      } else if (bucket - last > NEAR || bucket - first >= SPAN) {
        replace(objective, first, last + 1, counts);
        first = bucket;
      }
      last = bucket;
    }
    if (last != Long.MIN_VALUE) {
      replace(objective, first, last + 1, counts);
    }
    return counts;
  }

  private void replace(Objective objective, long first, long end, Map<Long, Counts> counts) {
    series(objective, first, end, 1)
        .forEach(point -> counts.replace(Ledger.bucketOf(point.time()), counts(point)));
  }

  /** As the store has it, in halves where it is too much for one query. */
  private List<QueryResult.Point> series(Objective objective, long first, long end, long width) {
    try {
      return ask(objective, first, end, width);
    } catch (LimitExceededException e) {
      if (width > 1 || end - first < 2) {
        throw e;
      }
      long middle = first + (end - first) / 2;
      List<QueryResult.Point> points = new ArrayList<>(series(objective, first, middle, 1));
      points.addAll(series(objective, middle, end, 1));
      return points;
    }
  }

  private List<QueryResult.Point> ask(Objective objective, long first, long end, long width) {
    Set<String> stored = store.datasets().keySet();
    List<String> datasets = objective.datasets().stream().filter(stored::contains).toList();
    if (datasets.isEmpty()) {
      return List.of();
    }
    Query query =
        new Query(
            datasets,
            new TimeRange(Ledger.startOf(first), Ledger.startOf(end)),
            List.of(Calculation.count(), Calculation.count(Filter.not(objective.good()))),
            objective.eligible(),
            List.of(),
            List.of(),
            List.of(),
            1,
            Duration.ofSeconds(width * Ledger.BUCKET_SECONDS),
            Duration.ZERO);
    List<QueryResult.Row> rows = store.query(query.withDerived(objective.formulas())).rows();
    return rows.isEmpty() ? List.of() : rows.getFirst().series();
  }

  private static Counts counts(QueryResult.Point point) {
    return new Counts(count(point.cells().get(0)), count(point.cells().get(1)));
  }

  private static long count(QueryResult.Cell cell) {
    double number = cell.number();
    return Double.isNaN(number) ? 0 : Math.round(number);
  }
}
