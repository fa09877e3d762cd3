package firebreak.eventstore;

import firebreak.eventstore.Query.Having;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Row;
import firebreak.eventstore.columns.HeatmapBins;
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

  private static final Row NOT_ASKED_FOR = new Row(EVERYTHING, List.of(), List.of(), List.of());

  private final Query query;

  QueryDefinition(Query query) {
    this.query = query;
  }

  QueryResult answer(List<SeenEvent> examined, List<SeenEvent> examinedEarlier) {
    List<SeenEvent> events = examined.stream().filter(query.filter()::matches).toList();
    List<SeenEvent> earlier = examinedEarlier.stream().filter(query.filter()::matches).toList();
    Map<List<@Nullable Value>, List<SeenEvent>> groups = groups(events);
    Map<List<@Nullable Value>, List<SeenEvent>> earlierGroups = groups(earlier);
    if (query.breakdowns().isEmpty()) {
      groups.putIfAbsent(EVERYTHING, List.of());
    }
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<List<@Nullable Value>, List<SeenEvent>> group : groups.entrySet()) {
      List<SeenEvent> before = earlierGroups.getOrDefault(group.getKey(), List.of());
      rows.add(row(group.getKey(), group.getValue(), before));
    }
    List<Row> listed = rows.stream().filter(this::holdsHavings).sorted(RowOrder.of(query)).toList();
    List<Row> kept = listed.stream().limit(query.limit()).toList();
    List<Row> cut = listed.stream().skip(query.limit()).toList();
    Row other =
        query.wantsOther()
            ? row(EVERYTHING, members(groups, cut), members(earlierGroups, cut))
            : NOT_ASKED_FOR;
    Row total = query.wantsTotal() ? row(EVERYTHING, events, earlier) : NOT_ASKED_FOR;
    return new QueryResult(kept, total, other, examined.size() + examinedEarlier.size());
  }

  private Map<List<@Nullable Value>, List<SeenEvent>> groups(List<SeenEvent> events) {
    Map<List<@Nullable Value>, List<SeenEvent>> groups = new LinkedHashMap<>();
    for (SeenEvent event : events) {
      List<@Nullable Value> group = new ArrayList<>();
      query.breakdowns().forEach(field -> group.add(event.field(field)));
      groups
          .computeIfAbsent(Collections.unmodifiableList(group), _ -> new ArrayList<>())
          .add(event);
    }
    return groups;
  }

  private static List<SeenEvent> members(
      Map<List<@Nullable Value>, List<SeenEvent>> groups, List<Row> rows) {
    return rows.stream()
        .flatMap(row -> groups.getOrDefault(row.group(), List.of()).stream())
        .toList();
  }

  private boolean holdsHavings(Row row) {
    return query.havings().stream().allMatch(having -> having.holds(subject(having, row)));
  }

  private static double subject(Having having, Row row) {
    return switch (having.subject()) {
      case VALUE -> row.cells().get(having.calculation()).number();
      case DIFFERENCE -> row.difference(having.calculation());
    };
  }

  private Row row(List<@Nullable Value> group, List<SeenEvent> events, List<SeenEvent> earlier) {
    return new Row(
        group,
        cells(events, query.range()),
        query.granularity().isZero() ? List.of() : new SeriesDefinition(query, events).points(),
        query.comparisonOffset().isZero() ? List.of() : cells(earlier, query.earlierRange()));
  }

  private List<Cell> cells(List<SeenEvent> events, TimeRange range) {
    return query.calculations().stream()
        .map(
            calculation ->
                calculation.operation().isRate()
                    ? new SeriesDefinition(query, events).overallRate(calculation)
                    : cell(calculation, events, range))
        .toList();
  }

  private record Sample(double value, long weight) {}

  /** What a calculation other than a rate makes of events that lie in a range or run into it. */
  static Cell cell(Calculation calculation, List<SeenEvent> events, TimeRange range) {
    List<SeenEvent> counted = events.stream().filter(calculation.filter()::matches).toList();
    String column = calculation.column();
    return switch (calculation.operation()) {
      case COUNT -> new Cell.Figure(counted.stream().mapToLong(SeenEvent::sampleRate).sum());
      case COUNT_DISTINCT ->
          new Cell.Figure(
              counted.stream()
                  .map(event -> event.field(column))
                  .filter(Objects::nonNull)
                  .distinct()
                  .count());
      case CONCURRENCY -> new Cell.Figure(ConcurrencyDefinition.average(counted, range));
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
          P999 -> {
        List<Sample> samples = counted.stream().flatMap(event -> sample(event, column)).toList();
        yield samples.isEmpty() ? new Cell.Absent() : cell(calculation.operation(), samples);
      }
      case RATE_AVG, RATE_SUM, RATE_MAX -> throw new IllegalArgumentException(column);
    };
  }

  private static Stream<Sample> sample(SeenEvent event, String column) {
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
