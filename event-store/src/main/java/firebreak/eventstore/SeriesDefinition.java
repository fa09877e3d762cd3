package firebreak.eventstore;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Point;
import firebreak.eventstore.columns.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the series of a group means, computed without a thought for speed. */
final class SeriesDefinition {
  private final Query query;
  private final List<SeenEvent> all;
  private final TreeMap<Long, List<SeenEvent>> buckets = new TreeMap<>();

  SeriesDefinition(Query query, List<SeenEvent> events) {
    this.query = query;
    this.all = events;
    for (SeenEvent event : events) {
      long bucket = Times.bucket(Times.nanos(event.time()), query.granularity());
      buckets.computeIfAbsent(bucket, _ -> new ArrayList<>()).add(event);
    }
  }

  /** The cells of each bucket; of a range of events that all lie in the query's. */
  List<Point> points() {
    for (Calculation calculation : query.calculations()) {
      if (calculation.operation() == Operation.CONCURRENCY) {
        addBucketsThatOnlyRun(calculation.filter());
      }
    }
    List<Point> points = new ArrayList<>();
    for (Map.Entry<Long, List<SeenEvent>> bucket : buckets.entrySet()) {
      List<Cell> cells = new ArrayList<>();
      for (Calculation calculation : query.calculations()) {
        cells.add(cell(calculation, bucket.getKey()));
      }
      points.add(new Point(Times.bucketStart(bucket.getKey(), query.granularity()), cells));
    }
    return points;
  }

  private void addBucketsThatOnlyRun(Filter filter) {
    if (buckets.isEmpty()) {
      return;
    }
    List<SeenEvent> running = all.stream().filter(filter::matches).toList();
    long last = Times.bucket(Times.nanos(query.range().end()) - 1, query.granularity());
    for (long bucket = buckets.firstKey(); bucket <= last; bucket++) {
      TimeRange range = range(bucket);
      if (running.stream().anyMatch(event -> ConcurrencyDefinition.overlap(event, range) > 0)) {
        buckets.putIfAbsent(bucket, List.of());
      }
    }
  }

  /** The part of a bucket that lies in the query's range. */
  private TimeRange range(long bucket) {
    Instant start = Times.bucketStart(bucket, query.granularity());
    Instant end = start.plus(query.granularity());
    TimeRange range = query.range();
    return new TimeRange(
        start.isBefore(range.start()) ? range.start() : start,
        end.isAfter(range.end()) ? range.end() : end);
  }

  private Cell cell(Calculation calculation, long bucket) {
    if (calculation.operation() == Operation.CONCURRENCY) {
      return QueryDefinition.cell(calculation, all, range(bucket));
    }
    List<SeenEvent> events = buckets.getOrDefault(bucket, List.of());
    if (!calculation.operation().isRate()) {
      return QueryDefinition.cell(calculation, events, query.range());
    }
    double value = level(calculation, events).number();
    for (List<SeenEvent> earlier : buckets.headMap(bucket, false).descendingMap().values()) {
      double before = level(calculation, earlier).number();
      if (!Double.isNaN(before)) {
        return rate(before, value);
      }
    }
    return new Cell.Absent();
  }

  /** The rate of a whole row. */
  Cell overallRate(Calculation calculation) {
    double[] levels =
        buckets.values().stream()
            .mapToDouble(events -> level(calculation, events).number())
            .filter(level -> !Double.isNaN(level))
            .toArray();
    return levels.length < 2 ? new Cell.Absent() : rate(levels[0], levels[levels.length - 1]);
  }

  private static Cell rate(double before, double value) {
    return Double.isNaN(value) ? new Cell.Absent() : new Cell.Figure(value - before);
  }

  /** What the rate is the rate of, in one bucket. */
  private Cell level(Calculation rate, List<SeenEvent> events) {
    Calculation level = new Calculation(rate.operation().level(), rate.column(), rate.filter());
    return QueryDefinition.cell(level, events, query.range());
  }
}
