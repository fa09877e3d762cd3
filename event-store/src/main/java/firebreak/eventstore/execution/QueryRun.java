package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Point;
import firebreak.eventstore.QueryResult.Row;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a query is answered: first what decides which groups are listed, for every group; then all
 * the rest for the listed ones alone, with the others together.
 */
final class QueryRun {
  private final Query query;
  private final Workers workers;
  private final Deadline deadline;
  private final Scope scope;
  private final Accumulators accumulators;

  QueryRun(Query query, Scope scope, Workers workers, Deadline deadline) {
    this.query = query;
    this.workers = workers;
    this.deadline = deadline;
    this.scope = scope;
    accumulators = new Accumulators(scope);
  }

  QueryResult answer() {
    if (query.breakdowns().isEmpty()) {
      return answer(new Targets(null, new int[1], new int[0], new int[0]));
    }
    Grouping grouping = scope.grouping();
    return answer(rank(grouping));
  }

  /**
   * Where the rows of each group go: to one of the listed ones, or to those a limit cut off, or to
   * those that only the total knows.
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Targets(@Nullable Grouping grouping, int[] kept, int[] cut, int[] targetOfGroup) {
    int size() {
      return kept.length + 2;
    }

    int other() {
      return kept.length;
    }

    int of(int group) {
      return group < targetOfGroup.length ? targetOfGroup[group] : kept.length + 1;
    }

    static Targets of(Grouping grouping, Ranking.Listed listed) {
      int[] targets = new int[grouping.size()];
      Arrays.fill(targets, listed.kept().length + 1);
      for (int i = 0; i < listed.kept().length; i++) {
        targets[listed.kept()[i]] = i;
      }
      for (int group : listed.cut()) {
        targets[group] = listed.kept().length;
      }
      return new Targets(grouping, listed.kept(), listed.cut(), targets);
    }

    List<@Nullable Value> values(int target) {
      return grouping == null || target >= kept.length
          ? Collections.<@Nullable Value>emptyList()
          : grouping.values(kept[target]);
    }
  }

  private Targets rank(Grouping grouping) {
    Set<Integer> needed = Ranking.calculations(query);
    Gathered gathered = gather(scope::now, new Layout(grouping, null, null), needed);
    Count occurring = gathered.rows();
    int[] groups =
        IntStream.range(0, occurring.size()).filter(group -> occurring.at(group) > 0).toArray();
    if (groups.length > Limits.GROUPS) {
      throw Grouping.tooMany();
    }
    Ranking ranking = new Ranking(query, grouping);
    Level each = Level.each(occurring.size());
    needed.forEach(index -> ranking.set(index, gathered.of(index).cells(each)));
    deadline.check();
    return Targets.of(grouping, ranking.list(groups));
  }

  /** What a pass gathered. */
  private record Gathered(Count rows, Map<Integer, Accumulator> byCalculation) {
    Accumulator of(int calculation) {
      Accumulator found = byCalculation.get(calculation);
      if (found == null) {
        throw new IllegalStateException("calculation " + calculation + " was not asked for");
      }
      return found;
    }

    /** The cells of every calculation, by calculation. */
    List<Cell[]> cells(Level level) {
      return byCalculation.values().stream().map(found -> found.cells(level)).toList();
    }
  }

  private Gathered gather(
      Function<Filter, List<Rows>> rows, Layout layout, Collection<Integer> calculations) {
    Pass pass = new Pass(workers, deadline, layout, scope::scale);
    Map<Filter, List<Integer>> byFilter = new LinkedHashMap<>();
    byFilter.put(Filter.ALL, new ArrayList<>());
    for (int index : calculations) {
      byFilter
          .computeIfAbsent(query.calculations().get(index).filter(), _ -> new ArrayList<>())
          .add(index);
    }
    byFilter.forEach(
        (filter, indexes) -> {
          List<Supplier<Accumulator>> suppliers = new ArrayList<>();
          if (filter.equals(Filter.ALL)) {
            suppliers.add(Count::new);
          }
          for (int index : indexes) {
            Calculation calculation = query.calculations().get(index);
            suppliers.add(() -> accumulators.of(calculation));
          }
          pass.feed(rows.apply(filter), suppliers);
        });
    List<List<Accumulator>> gathered = pass.run();
    Map<Integer, Accumulator> found = new TreeMap<>();
    int feed = 0;
    for (Map.Entry<Filter, List<Integer>> entry : byFilter.entrySet()) {
      List<Accumulator> own = gathered.get(feed++);
      int skipped = own.size() - entry.getValue().size();
      for (int i = 0; i < entry.getValue().size(); i++) {
        found.put(entry.getValue().get(i), own.get(skipped + i));
      }
    }
    return new Gathered((Count) gathered.getFirst().getFirst(), found);
  }

  private QueryResult answer(Targets targets) {
    List<Integer> all = IntStream.range(0, query.calculations().size()).boxed().toList();
    Layout.Buckets buckets =
        query.granularity().isZero()
            ? null
            : Layout.Buckets.of(
                Times.nanos(query.range().start()),
                Times.nanos(query.range().end()),
                query.granularity());
    Gathered now = gather(scope::now, new Layout(targets.grouping(), targets::of, buckets), all);
    int width = buckets == null ? 1 : buckets.count();
    int size = targets.size();
    List<Cell[]> cells = now.cells(new Level(spot -> spot / width, size));
    List<Cell[]> totals = now.cells(Level.all());
    List<List<Point>> series = buckets == null ? noSeries(size) : series(now, buckets, size);
    List<List<Cell>> compared = compared(targets);
    List<Row> rows = new ArrayList<>();
    for (int target = 0; target < targets.kept().length; target++) {
      rows.add(
          new Row(
              targets.values(target), at(cells, target), series.get(target), compared.get(target)));
    }
    if (targets.grouping() == null) {
      rows.removeIf(row -> !holdsHavings(row));
    }
    int other = targets.other();
    List<@Nullable Value> everything = Collections.<@Nullable Value>emptyList();
    return new QueryResult(
        rows,
        new Row(everything, at(totals, 0), series.get(size), compared.get(size)),
        new Row(everything, at(cells, other), series.get(other), compared.get(other)),
        scope.examined());
  }

  private boolean holdsHavings(Row row) {
    return query.havings().stream()
        .allMatch(having -> having.holds(row.cells().get(having.calculation()).number()));
  }

  private static List<List<Point>> noSeries(int targets) {
    return Collections.nCopies(targets + 1, List.of());
  }

  /** The series of each target and, last, that of all together. */
  private List<List<Point>> series(Gathered now, Layout.Buckets buckets, int targets) {
    List<List<Point>> series = new ArrayList<>();
    int width = buckets.count();
    List<Cell[]> each = now.cells(Level.each(targets * width));
    for (int target = 0; target < targets; target++) {
      List<Point> points = new ArrayList<>();
      for (int bucket = 0; bucket < width; bucket++) {
        int spot = target * width + bucket;
        if (now.rows().at(spot) > 0) {
          points.add(point(buckets, bucket, at(each, spot)));
        }
      }
      series.add(points);
    }
    Level byBucket = new Level(spot -> spot % width, width);
    List<Cell[]> totals = now.cells(byBucket);
    Cell[] occurring = now.rows().cells(byBucket);
    List<Point> points = new ArrayList<>();
    for (int bucket = 0; bucket < width; bucket++) {
      if (occurring[bucket].number() > 0) {
        points.add(point(buckets, bucket, at(totals, bucket)));
      }
    }
    series.add(points);
    return series;
  }

  private Point point(Layout.Buckets buckets, int bucket, List<Cell> cells) {
    return new Point(Times.bucketStart(buckets.first() + bucket, query.granularity()), cells);
  }

  /** The earlier cells of each target and, last, those of all together. */
  private List<List<Cell>> compared(Targets targets) {
    int size = targets.size();
    if (query.comparisonOffset().isZero()) {
      return Collections.nCopies(size + 1, List.of());
    }
    List<Integer> all = IntStream.range(0, query.calculations().size()).boxed().toList();
    Gathered earlier =
        gather(scope::earlier, new Layout(targets.grouping(), targets::of, null), all);
    List<Cell[]> cells = earlier.cells(Level.each(size));
    List<List<Cell>> compared = new ArrayList<>();
    for (int target = 0; target < size; target++) {
      compared.add(at(cells, target));
    }
    compared.add(at(earlier.cells(Level.all()), 0));
    return compared;
  }

  private static List<Cell> at(List<Cell[]> cells, int index) {
    List<Cell> row = new ArrayList<>(cells.size());
    for (Cell[] column : cells) {
      row.add(column[index]);
    }
    return Collections.unmodifiableList(row);
  }
}
