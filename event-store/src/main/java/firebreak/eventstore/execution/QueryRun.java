package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Query;
import firebreak.eventstore.Query.Having;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Point;
import firebreak.eventstore.QueryResult.Row;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Times;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a query is answered: first what decides which groups are listed, for every group; then all
 * the rest for the listed ones alone, with the others together.
 */
final class QueryRun {
  /** Groups whose rows are at most this part of all are looked for before anything is read. */
  private static final int FEW = 4;

  private static final List<@Nullable Value> EVERYTHING = Collections.<@Nullable Value>emptyList();

  private final Query query;
  private final QueryScope scope;
  private final List<Integer> calculations;
  private final boolean hasRates;

  QueryRun(Query query, QueryScope scope) {
    this.query = query;
    this.scope = scope;
    calculations = IntStream.range(0, query.calculations().size()).boxed().toList();
    hasRates = query.calculations().stream().anyMatch(each -> each.operation().isRate());
  }

  QueryResult answer() {
    Ranked ranked = query.breakdowns().isEmpty() ? new Ranked(Targets.one(), null) : rank();
    Targets targets = ranked.targets();
    List<Gathered> now = gather(ranked);
    QueryScope.Side earlier = scope.earlier();
    List<Gathered> before = earlier == null ? List.of() : List.of(readEarlier(earlier, targets));
    int size = targets.size();
    List<List<Point>> series = series(now, size);
    List<List<Cell>> cells = cells(now, size);
    List<List<Cell>> compared =
        earlier == null ? Collections.nCopies(size + 1, List.of()) : cells(before, size);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < targets.listed(); i++) {
      rows.add(new Row(targets.values(i), cells.get(i), series.get(i), compared.get(i)));
    }
    if (query.breakdowns().isEmpty()) {
      rows.removeIf(row -> !holdsHavings(row));
    }
    Row none = new Row(EVERYTHING, List.of(), List.of(), List.of());
    int other = targets.other();
    return new QueryResult(
        rows,
        query.wantsTotal()
            ? new Row(EVERYTHING, cells.get(size), series.get(size), compared.get(size))
            : none,
        query.wantsOther()
            ? new Row(EVERYTHING, cells.get(other), series.get(other), compared.get(other))
            : none,
        scope.examined());
  }

  private Gathered readEarlier(QueryScope.Side earlier, Targets targets) {
    Frame frame = hasRates ? earlier.frame() : earlier.frame().withoutBuckets();
    return new Reading(query, scope, earlier, targets.layout(frame)).read(calculations);
  }

  /** Where groups go, and what is known of them by group already, if it was not by bucket too. */
  private record Ranked(Targets targets, @Nullable Gathered known) {}

  /** What all calculations need, from what is known and what is read besides. */
  private List<Gathered> gather(Ranked ranked) {
    Targets targets = ranked.targets();
    Frame frame = scope.now().frame();
    List<Gathered> gathered = new ArrayList<>();
    List<Integer> needed = new ArrayList<>(calculations);
    Gathered known = ranked.known();
    if (known != null && frame.buckets() == null) {
      Gathered united = known.united(targets);
      needed.removeIf(united::knows);
      gathered.add(united);
    }
    if (!needed.isEmpty() || frame.buckets() != null) {
      gathered.add(new Reading(query, scope, side(ranked), targets.layout(frame)).read(needed));
    }
    return gathered;
  }

  /** The rows that are read for the listed groups: only theirs, where that spares most of all. */
  private QueryScope.Side side(Ranked ranked) {
    QueryScope.Side all = scope.now();
    Gathered known = ranked.known();
    Function<Rows, Condition> isListed =
        known == null || query.wantsTotal() || query.wantsOther()
            ? null
            : ranked.targets().isListed();
    if (known == null || isListed == null || known.frame().width() != 1) {
      return all;
    }
    long rows = all.rows(Filter.ALL).stream().mapToLong(Rows::count).sum();
    return FEW * ranked.targets().listedWeight(known.rows()) <= rows ? all.narrowed(isListed) : all;
  }

  private static Gathered of(List<Gathered> gathered, int calculation) {
    for (Gathered each : gathered) {
      if (each.knows(calculation)) {
        return each;
      }
    }
    throw new IllegalStateException("calculation " + calculation + " was not gathered");
  }

  private Ranked rank() {
    Set<Integer> needed = Ranking.calculations(query);
    boolean byRate =
        needed.stream().anyMatch(i -> query.calculations().get(i).operation().isRate());
    Frame frame = byRate ? scope.now().frame() : scope.now().frame().withoutBuckets();
    Grouping grouping = scope.grouping(byRate ? Limits.GROUPS / frame.width() : Integer.MAX_VALUE);
    int bound = grouping.isBounded() ? grouping.size() : Reading.UNKNOWN;
    Gathered now =
        new Reading(query, scope, scope.now(), new Layout(grouping, null, frame, bound))
            .read(needed);
    int[] groups = now.rows().occurring(frame.width());
    if (groups.length > Limits.GROUPS) {
      throw Grouping.tooMany();
    }
    Ranking ranking = new Ranking(query, grouping);
    needed.forEach(index -> ranking.set(index, now.numbers(index)));
    Set<Integer> compared = Ranking.compared(query);
    QueryScope.Side earlier = scope.earlier();
    if (earlier != null && !compared.isEmpty()) {
      Frame before = byRate ? earlier.frame() : earlier.frame().withoutBuckets();
      Gathered gathered =
          new Reading(query, scope, earlier, new Layout(grouping, null, before, bound))
              .read(compared);
      compared.forEach(index -> ranking.setEarlier(index, gathered.numbers(index)));
    }
    scope.means().deadline().check();
    return new Ranked(Targets.of(grouping, ranking.list(groups)), now);
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

  /** The cells of each target and, last, those of all together. */
  private List<List<Cell>> cells(List<Gathered> gathered, int targets) {
    List<Cell[]> each = new ArrayList<>();
    List<Cell> all = new ArrayList<>();
    for (int calculation : calculations) {
      each.add(of(gathered, calculation).targets(calculation));
      all.add(query.wantsTotal() ? of(gathered, calculation).all(calculation) : new Cell.Absent());
    }
    List<List<Cell>> cells = new ArrayList<>();
    for (int target = 0; target < targets; target++) {
      cells.add(at(each, target));
    }
    cells.add(Collections.unmodifiableList(all));
    return cells;
  }

  /** The series of each target and, last, that of all together. */
  private List<List<Point>> series(List<Gathered> gathered, int targets) {
    Frame.Buckets buckets = scope.now().frame().buckets();
    if (buckets == null) {
      return Collections.nCopies(targets + 1, List.of());
    }
    Gathered now = gathered.getLast();
    int width = buckets.count();
    List<Cell[]> points = new ArrayList<>();
    List<Cell[]> totals = new ArrayList<>();
    for (int calculation : calculations) {
      points.add(now.points(calculation));
      totals.add(now.buckets(calculation));
    }
    List<List<Point>> series = new ArrayList<>();
    for (int target = 0; target < targets; target++) {
      int base = target * width;
      series.add(points(buckets, points, base, bucket -> now.rows().at(base + bucket) > 0));
    }
    Cell[] rows = now.rowsOfBuckets();
    series.add(points(buckets, totals, 0, bucket -> rows[bucket].number() > 0));
    return series;
  }

  private List<Point> points(
      Frame.Buckets buckets, List<Cell[]> cells, int base, IntPredicate hasRows) {
    List<Point> points = new ArrayList<>();
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      if (hasRows.test(bucket) || runs(cells, base + bucket)) {
        points.add(
            new Point(
                Times.bucketStart(buckets.first() + bucket, query.granularity()),
                at(cells, base + bucket)));
      }
    }
    return points;
  }

  /** Whether something runs at a place of the cells. */
  private boolean runs(List<Cell[]> cells, int place) {
    for (int calculation : calculations) {
      if (query.calculations().get(calculation).operation() == Operation.CONCURRENCY
          && cells.get(calculation)[place].number() > 0) {
        return true;
      }
    }
    return false;
  }

  private static List<Cell> at(List<Cell[]> cells, int index) {
    List<Cell> row = new ArrayList<>(cells.size());
    for (Cell[] column : cells) {
      row.add(column[index]);
    }
    return Collections.unmodifiableList(row);
  }
}
