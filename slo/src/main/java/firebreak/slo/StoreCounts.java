package firebreak.slo;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.TimeRange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;

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
    for (QueryResult.Point point : series(objective, first, first + width * SPAN, width)) {
      Counts counts = counts(point);
      long bucket = Ledger.bucketOf(point.time());
      if (counts.eligible() > 0 && width > 1) {
        zoom(objective, bucket, width / SPAN, into);
      } else if (counts.eligible() > 0) {
        into.put(bucket, counts);
      }
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
    for (QueryResult.Point point : series(objective, first, end, 1)) {
      counts.replace(Ledger.bucketOf(point.time()), counts(point));
    }
  }

  private List<QueryResult.Point> series(Objective objective, long first, long end, long width) {
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
    List<QueryResult.Row> rows = store.query(query).rows();
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
