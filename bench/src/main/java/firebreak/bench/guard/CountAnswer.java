package firebreak.bench.guard;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Event;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Point;
import firebreak.eventstore.QueryResult.Row;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to a query that counts, as it comes together row by row, oldest first. */
final class CountAnswer {
  private final Query query;
  private final List<Event> kinds;
  private final long width;
  private final Map<List<@Nullable Value>, Group> groups = new LinkedHashMap<>();
  private final Group total;

  /** Where the counts of a kind go: to which group, and to which calculations; to none without. */
  private final @Nullable Place[] places;

  private record Place(@Nullable Group group, boolean[] counts) {}

  /** The counts of one group, in all and in the latest bucket of its series. */
  private final class Group {
    private final long[] sums = new long[query.calculations().size()];
    private final List<Point> points = new ArrayList<>();
    private long[] latest = new long[sums.length];
    private long bucket = Long.MIN_VALUE;

    void add(long in, int weight, boolean[] counts) {
      if (in != bucket) {
        closeBucket();
        bucket = in;
      }
      for (int i = 0; i < sums.length; i++) {
        sums[i] += counts[i] ? weight : 0;
        latest[i] += counts[i] ? weight : 0;
      }
    }

    private void closeBucket() {
      if (bucket != Long.MIN_VALUE && width > 0) {
        points.add(new Point(Instant.ofEpochSecond(bucket * width), cells(latest)));
      }
      latest = new long[sums.length];
    }

    Row row(List<@Nullable Value> group) {
      closeBucket();
      return new Row(group, cells(sums), points, List.of());
    }
  }

  CountAnswer(Query query, List<Event> kinds) {
    boolean isCount =
        query.calculations().stream()
            .allMatch(each -> each.operation() == Calculation.Operation.COUNT);
    if (!isCount
        || !query.orders().isEmpty()
        || !query.havings().isEmpty()
        || !query.derived().isEmpty()
        || !query.comparisonOffset().equals(Duration.ZERO)
        || query.granularity().toNanosPart() != 0) {
      throw new IllegalArgumentException("nothing but counts is asked here, was " + query);
    }
    this.query = query;
    this.kinds = kinds;
    width = query.granularity().toSeconds();
    places = new Place[kinds.size()];
    total = new Group();
    if (query.breakdowns().isEmpty()) {
      groups.put(Collections.emptyList(), new Group());
    }
  }

  void add(Event row, int kind) {
    Place place = places[kind];
    if (place == null) {
      place = place(kinds.get(kind));
      places[kind] = place;
    }
    Group group = place.group;
    if (group != null) {
      long bucket = width == 0 ? 0 : Math.floorDiv(row.time().getEpochSecond(), width);
      group.add(bucket, row.sampleRate(), place.counts);
      total.add(0, row.sampleRate(), place.counts);
    }
  }

  private Place place(Event kind) {
    boolean[] counts = new boolean[query.calculations().size()];
    if (!query.filter().matches(kind)) {
      return new Place(null, counts);
    }
    for (int i = 0; i < counts.length; i++) {
      Filter filter = query.calculations().get(i).filter();
      counts[i] = filter.matches(kind);
    }
    List<@Nullable Value> group = new ArrayList<>();
    query.breakdowns().forEach(field -> group.add(kind.field(field)));
    return new Place(groups.computeIfAbsent(group, _ -> new Group()), counts);
  }

  private static List<Cell> cells(long[] counts) {
    List<Cell> cells = new ArrayList<>(counts.length);
    for (long count : counts) {
      cells.add(new Cell.Figure((double) count));
    }
    return cells;
  }

  QueryResult result(long examined) {
    List<Row> rows = new ArrayList<>();
    groups.forEach((group, counts) -> rows.add(counts.row(group)));
    if (rows.size() > query.limit()) {
      throw new IllegalStateException("more groups than the %d asked for".formatted(query.limit()));
    }
    Row none = new Row(Collections.emptyList(), List.of(), List.of(), List.of());
    return new QueryResult(rows, total.row(Collections.emptyList()), none, examined);
  }
}
