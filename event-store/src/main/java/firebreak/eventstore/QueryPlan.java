package firebreak.eventstore;

import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Point;
import firebreak.eventstore.QueryResult.Row;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/** How a query is answered from the index: once over the events, then once over the groups. */
final class QueryPlan {
  private final Query query;
  private final Deadline deadline;
  private final Grouping grouping;
  private final Bins now;
  private final Bins earlier;
  private int groups;
  private long examined;

  QueryPlan(Query query, Deadline deadline) {
    this.query = query;
    this.deadline = deadline;
    grouping = new Grouping(query.breakdowns());
    now = new Bins(query, query.range(), grouping, query.granularity());
    earlier = new Bins(query, query.range(), grouping, Duration.ZERO);
  }

  QueryResult answer(IndexReader index) throws IOException {
    collect(index, query.range(), now);
    // Groups that only the earlier range has are numbered behind these and make no rows.
    groups = grouping.size();
    if (isCompared()) {
      collect(index, query.range().earlierBy(query.comparisonOffset()), earlier);
    }
    deadline.check();
    List<Ranked> cut = new ArrayList<>();
    List<Ranked> kept = kept(listed(), cut);
    return new QueryResult(rows(kept), all(), rest(cut), examined);
  }

  private boolean isCompared() {
    return !query.comparisonOffset().isZero();
  }

  private void collect(IndexReader index, TimeRange range, Bins bins) throws IOException {
    for (LeafReaderContext leaf : index.leaves()) {
      Segment segment = new Segment(leaf, deadline);
      FixedBitSet candidates = segment.candidates(query.datasets(), range);
      if (candidates != null) {
        examined += candidates.cardinality();
        bins.add(segment, new SegmentFilter(segment, candidates));
      }
    }
  }

  /** A group that meets the query's havings, as a row that still lacks series and comparison. */
  private record Ranked(int group, Row row) {}

  /** The first of the rows, sorted, as many as the limit allows; the others go to {@code cut}. */
  private List<Ranked> kept(List<Ranked> listed, List<Ranked> cut) {
    Comparator<Ranked> order = Comparator.comparing(Ranked::row, RowOrder.of(query));
    PriorityQueue<Ranked> lastFirst = new PriorityQueue<>(order.reversed());
    for (Ranked ranked : listed) {
      if (lastFirst.size() < query.limit()) {
        lastFirst.add(ranked);
      } else if (order.compare(ranked, lastFirst.element()) < 0) {
        cut.add(lastFirst.remove());
        lastFirst.add(ranked);
      } else {
        cut.add(ranked);
      }
    }
    return lastFirst.stream().sorted(order).toList();
  }

  private List<Ranked> listed() {
    int[] identity = IntStream.range(0, groups).toArray();
    List<Cell[]> cells = now.cells(now.byGroup(identity), groups);
    List<Ranked> ranked = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      Row row = new Row(grouping.values(group), at(cells, group), List.of(), List.of());
      if (query.havings().stream()
          .allMatch(having -> having.holds(row.cells().get(having.calculation()).number()))) {
        ranked.add(new Ranked(group, row));
      }
    }
    deadline.check();
    return ranked;
  }

  private List<Row> rows(List<Ranked> kept) {
    int[] rowOfGroup = new int[groups];
    Arrays.fill(rowOfGroup, Accumulator.NONE);
    for (int i = 0; i < kept.size(); i++) {
      rowOfGroup[kept.get(i).group()] = i;
    }
    List<List<Point>> series = series(rowOfGroup, kept.size());
    List<List<Cell>> compared = compared(rowOfGroup, kept.size());
    return IntStream.range(0, kept.size())
        .mapToObj(
            i -> {
              Row row = kept.get(i).row();
              return new Row(row.group(), row.cells(), series.get(i), compared.get(i));
            })
        .toList();
  }

  /** The row of everything, of groups too that are in the earlier range alone. */
  private Row all() {
    return union(new int[grouping.size()]);
  }

  private Row rest(List<Ranked> cut) {
    int[] unionOfGroup = new int[groups];
    Arrays.fill(unionOfGroup, Accumulator.NONE);
    cut.forEach(ranked -> unionOfGroup[ranked.group()] = 0);
    return union(unionOfGroup);
  }

  private Row union(int[] unionOfGroup) {
    return new Row(
        Collections.<@Nullable Value>emptyList(),
        at(now.cells(now.byGroup(unionOfGroup), 1), 0),
        series(unionOfGroup, 1).getFirst(),
        compared(unionOfGroup, 1).getFirst());
  }

  private List<List<Point>> series(int[] rowOfGroup, int rows) {
    List<List<Point>> series = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      series.add(new ArrayList<>());
    }
    if (query.granularity().isZero()) {
      return series;
    }
    record Spot(int row, long bucket) {}
    Map<Spot, Integer> spots = new HashMap<>();
    List<Spot> inOrder = new ArrayList<>();
    int[] rowOfBin = now.byGroup(rowOfGroup);
    int[] spotOfBin = new int[now.size()];
    for (int bin = 0; bin < now.size(); bin++) {
      Spot spot = new Spot(rowOfBin[bin], now.bucket(bin));
      spotOfBin[bin] = spot.row() < 0 ? Accumulator.NONE : id(spots, inOrder, spot);
    }
    List<Cell[]> cells = now.cells(spotOfBin, inOrder.size());
    for (int i = 0; i < inOrder.size(); i++) {
      Spot spot = inOrder.get(i);
      series
          .get(spot.row())
          .add(new Point(Times.bucketStart(spot.bucket(), query.granularity()), at(cells, i)));
    }
    series.forEach(points -> points.sort(Comparator.comparing(Point::time)));
    return series;
  }

  private static <T> int id(Map<T, Integer> known, List<T> inOrder, T key) {
    return known.computeIfAbsent(
        key,
        _ -> {
          inOrder.add(key);
          return inOrder.size() - 1;
        });
  }

  private List<List<Cell>> compared(int[] rowOfGroup, int rows) {
    if (!isCompared()) {
      return Collections.nCopies(rows, List.of());
    }
    List<Cell[]> cells = earlier.cells(earlier.byGroup(rowOfGroup), rows);
    return IntStream.range(0, rows).mapToObj(row -> at(cells, row)).toList();
  }

  private static List<Cell> at(List<Cell[]> cells, int index) {
    List<Cell> row = new ArrayList<>(cells.size());
    for (Cell[] column : cells) {
      row.add(column[index]);
    }
    return Collections.unmodifiableList(row);
  }
}
