package firebreak.eventstore;

import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Point;
import firebreak.eventstore.QueryResult.Row;
import firebreak.eventstore.columns.HeatmapBins;
import firebreak.eventstore.columns.Times;
import firebreak.eventstore.execution.RowOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a query means, computed from lists of events without a thought for speed. */
final class QueryDefinition {
  /** The group of a row that has none. */
  private static final List<@Nullable Value> EVERYTHING = Collections.<@Nullable Value>emptyList();

  private final Query query;

  QueryDefinition(Query query) {
    this.query = query;
  }

  QueryResult answer(List<Event> examined, List<Event> examinedEarlier) {
    List<Event> events = examined.stream().filter(query.filter()::matches).toList();
    List<Event> earlier = examinedEarlier.stream().filter(query.filter()::matches).toList();
    Map<List<@Nullable Value>, List<Event>> groups = groups(events);
    Map<List<@Nullable Value>, List<Event>> earlierGroups = groups(earlier);
    if (query.breakdowns().isEmpty()) {
      groups.putIfAbsent(EVERYTHING, List.of());
    }
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<List<@Nullable Value>, List<Event>> group : groups.entrySet()) {
      List<Event> before = earlierGroups.getOrDefault(group.getKey(), List.of());
      rows.add(row(group.getKey(), group.getValue(), before));
    }
    List<Row> listed = rows.stream().filter(this::holdsHavings).sorted(RowOrder.of(query)).toList();
    List<Row> kept = listed.stream().limit(query.limit()).toList();
    List<Row> cut = listed.stream().skip(query.limit()).toList();
    Row other = row(EVERYTHING, members(groups, cut), members(earlierGroups, cut));
    Row total = row(EVERYTHING, events, earlier);
    return new QueryResult(kept, total, other, examined.size() + examinedEarlier.size());
  }

  private Map<List<@Nullable Value>, List<Event>> groups(List<Event> events) {
    Map<List<@Nullable Value>, List<Event>> groups = new LinkedHashMap<>();
    for (Event event : events) {
      List<@Nullable Value> group = new ArrayList<>();
      query.breakdowns().forEach(field -> group.add(event.field(field)));
      groups
          .computeIfAbsent(Collections.unmodifiableList(group), _ -> new ArrayList<>())
          .add(event);
    }
    return groups;
  }

  private static List<Event> members(
      Map<List<@Nullable Value>, List<Event>> groups, List<Row> rows) {
    return rows.stream()
        .flatMap(row -> groups.getOrDefault(row.group(), List.of()).stream())
        .toList();
  }

  private boolean holdsHavings(Row row) {
    return query.havings().stream()
        .allMatch(having -> having.holds(row.cells().get(having.calculation()).number()));
  }

  private Row row(List<@Nullable Value> group, List<Event> events, List<Event> earlier) {
    return new Row(
        group,
        cells(events),
        query.granularity().isZero() ? List.of() : series(events),
        query.comparisonOffset().isZero() ? List.of() : cells(earlier));
  }

  private List<Point> series(List<Event> events) {
    Map<Long, List<Event>> buckets = new TreeMap<>();
    for (Event event : events) {
      long bucket = Times.bucket(Times.nanos(event.time()), query.granularity());
      buckets.computeIfAbsent(bucket, _ -> new ArrayList<>()).add(event);
    }
    return buckets.entrySet().stream()
        .map(
            entry ->
                new Point(
                    Times.bucketStart(entry.getKey(), query.granularity()),
                    cells(entry.getValue())))
        .toList();
  }

  private List<Cell> cells(List<Event> events) {
    return query.calculations().stream().map(calculation -> cell(calculation, events)).toList();
  }

  private record Sample(double value, long weight) {}

  private static Cell cell(Calculation calculation, List<Event> events) {
    List<Event> counted = events.stream().filter(calculation.filter()::matches).toList();
    String column = calculation.column();
    return switch (calculation.operation()) {
      case COUNT -> new Cell.Figure(counted.stream().mapToLong(Event::sampleRate).sum());
      case COUNT_DISTINCT ->
          new Cell.Figure(
              counted.stream()
                  .map(event -> event.field(column))
                  .filter(Objects::nonNull)
                  .distinct()
                  .count());
      case SUM,
          AVG,
          MIN,
          MAX,
          HEATMAP,
          P001,
          P01,
          P05,
          P10,
          P20,
          P25,
          P50,
          P75,
          P80,
          P90,
          P95,
          P99,
          P999,
          CONCURRENCY,
          RATE_AVG,
          RATE_SUM,
          RATE_MAX -> {
        List<Sample> samples = counted.stream().flatMap(event -> sample(event, column)).toList();
        yield samples.isEmpty() ? new Cell.Absent() : cell(calculation.operation(), samples);
      }
    };
  }

  private static Stream<Sample> sample(Event event, String column) {
    Value value = event.field(column);
    return value != null && value.isNumber()
        ? Stream.of(new Sample(value.asDouble(), event.sampleRate()))
        : Stream.empty();
  }

  private static Cell cell(Calculation.Operation operation, List<Sample> samples) {
    return switch (operation) {
      case SUM -> new Cell.Figure(sum(samples));
      case AVG -> new Cell.Figure(sum(samples) / weight(samples));
      case MIN -> new Cell.Figure(samples.stream().mapToDouble(Sample::value).min().orElseThrow());
      case MAX -> new Cell.Figure(samples.stream().mapToDouble(Sample::value).max().orElseThrow());
      case HEATMAP -> heatmap(samples);
      case P001, P01, P05, P10, P20, P25, P50, P75, P80, P90, P95, P99, P999 ->
          new Cell.Figure(percentile(operation.thousandths(), samples));
      case COUNT, COUNT_DISTINCT, CONCURRENCY, RATE_AVG, RATE_SUM, RATE_MAX ->
          throw new IllegalArgumentException(operation.name());
    };
  }

  private static double sum(List<Sample> samples) {
    return samples.stream().mapToDouble(sample -> sample.weight() * sample.value()).sum();
  }

  private static long weight(Collection<Sample> samples) {
    return samples.stream().mapToLong(Sample::weight).sum();
  }

  private static double percentile(int thousandths, List<Sample> samples) {
    List<Sample> sorted =
        samples.stream().sorted(Comparator.comparingDouble(Sample::value)).toList();
    long wanted = thousandths * weight(samples);
    long below = 0;
    for (Sample sample : sorted) {
      below += sample.weight();
      if (1_000 * below >= wanted) {
        return sample.value();
      }
    }
    throw new IllegalStateException("the whole weight is less than " + thousandths + "/1000 of it");
  }

  private static Cell heatmap(List<Sample> samples) {
    Map<Integer, Long> bins = new TreeMap<>();
    samples.forEach(
        sample -> bins.merge(HeatmapBins.number(sample.value()), sample.weight(), Long::sum));
    return new Cell.Heatmap(
        bins.entrySet().stream()
            .map(bin -> HeatmapBins.bin(bin.getKey(), bin.getValue()))
            .toList());
  }
}
