package firebreak.deploytracker;

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
 */
public record SideBySide(Counts some, Counts rest) {
  private static final Duration BUCKET_AT_LEAST = Duration.ofMinutes(1);
  private static final long BUCKETS = 1_000;

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
    return new SideBySide(first, second);
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
