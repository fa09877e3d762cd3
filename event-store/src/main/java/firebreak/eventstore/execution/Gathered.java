package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult.Cell;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What one reading of a query's rows gathered: how many rows each spot has, and calculations. */
final class Gathered {
  private final Query query;
  private final Frame frame;
  private final Count rows;
  private final Map<Integer, Accumulator> byCalculation;

  private Gathered(Query query, Frame frame, Count rows, Map<Integer, Accumulator> byCalculation) {
    this.query = query;
    this.frame = frame;
    this.rows = rows;
    this.byCalculation = byCalculation;
  }

  /** Reads the rows for some of the calculations, named by position. */
  static Gathered read(
      Query query,
      QueryScope scope,
      QueryScope.Side side,
      Layout layout,
      Collection<Integer> calculations) {
    Accumulators accumulators = new Accumulators(scope);
    Frame frame = layout.frame();
    Map<Filter, List<Integer>> byFilter = new LinkedHashMap<>();
    byFilter.put(Filter.ALL, new ArrayList<>());
    for (int index : calculations) {
      byFilter
          .computeIfAbsent(query.calculations().get(index).filter(), _ -> new ArrayList<>())
          .add(index);
    }
    Pass pass = new Pass(scope, layout);
    byFilter.forEach(
        (filter, indexes) -> {
          List<Supplier<Accumulator>> suppliers = new ArrayList<>();
          for (int index : indexes) {
            Calculation calculation = query.calculations().get(index);
            suppliers.add(() -> accumulators.of(calculation, frame));
          }
          if (filter.equals(Filter.ALL)) {
            suppliers.add(Count::new);
          }
          pass.feed(side.rows(filter), suppliers);
        });
    List<List<Accumulator>> gathered = pass.run();
    Map<Integer, Accumulator> found = new TreeMap<>();
    int feed = 0;
    for (List<Integer> indexes : byFilter.values()) {
      for (int i = 0; i < indexes.size(); i++) {
        found.put(indexes.get(i), gathered.get(feed).get(i));
      }
      feed++;
    }
    return new Gathered(query, frame, (Count) gathered.getFirst().getLast(), found);
  }

  Frame frame() {
    return frame;
  }

  /** How many rows each spot has, by weight. */
  Count rows() {
    return rows;
  }

  private Accumulator of(int calculation) {
    Accumulator found = byCalculation.get(calculation);
    if (found == null) {
      throw new IllegalStateException("calculation " + calculation + " was not asked for");
    }
    return found;
  }

  private boolean isRate(int calculation) {
    return query.calculations().get(calculation).operation().isRate();
  }

  /** The cells of one calculation for each of so many targets. */
  Cell[] targets(int calculation, int targets) {
    return isRate(calculation)
        ? overallRates(of(calculation).cells(Level.points(targets, frame)))
        : of(calculation).cells(Level.targets(targets, frame));
  }

  /** The cell of one calculation for all targets together. */
  Cell all(int calculation) {
    return isRate(calculation)
        ? overallRates(of(calculation).cells(Level.buckets(frame)))[0]
        : of(calculation).cells(Level.all(frame))[0];
  }

  /** The cells of one calculation for each bucket of each target. */
  Cell[] points(int calculation, int targets) {
    Cell[] cells = of(calculation).cells(Level.points(targets, frame));
    return isRate(calculation) ? rates(cells) : cells;
  }

  /** The cells of one calculation for each bucket of all targets together. */
  Cell[] buckets(int calculation) {
    Cell[] cells = of(calculation).cells(Level.buckets(frame));
    return isRate(calculation) ? rates(cells) : cells;
  }

  /** From each bucket's level how much it is above that of the last bucket that has one. */
  private Cell[] rates(Cell[] levels) {
    Cell[] rates = new Cell[levels.length];
    double before = Double.NaN;
    for (int i = 0; i < levels.length; i++) {
      before = i % frame.width() == 0 ? Double.NaN : before;
      double level = levels[i].number();
      rates[i] = figure(level - before);
      before = Double.isNaN(level) ? before : level;
    }
    return rates;
  }

  /** From each bucket's level how much the last is above the first, for each target. */
  private Cell[] overallRates(Cell[] levels) {
    Cell[] rates = new Cell[levels.length / frame.width()];
    for (int target = 0; target < rates.length; target++) {
      double first = Double.NaN;
      double last = Double.NaN;
      for (int bucket = 0; bucket < frame.width(); bucket++) {
        double level = levels[target * frame.width() + bucket].number();
        if (!Double.isNaN(level)) {
          last = Double.isNaN(first) ? Double.NaN : level;
          first = Double.isNaN(first) ? level : first;
        }
      }
      rates[target] = figure(last - first);
    }
    return rates;
  }

  private static Cell figure(double value) {
    return Double.isNaN(value) ? new Cell.Absent() : new Cell.Figure(value);
  }
}
