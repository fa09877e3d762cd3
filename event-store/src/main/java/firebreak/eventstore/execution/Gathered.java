package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult.Cell;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What reading a query's rows gathered: how many rows each spot has, and some calculations. */
record Gathered(Query query, Frame frame, Levels levels, Map<Need, Accumulator> found) {
  static final Calculation ROWS = Calculation.count();

  /**
   * The ways in which spots are united for the answer.
   *
   * @param each each target
   * @param all all targets together
   * @param points each bucket of each target
   * @param buckets each bucket of all targets together
   */
  record Levels(Level each, Level all, Level points, Level buckets) {
    static Levels of(int targets, Frame frame) {
      return new Levels(
          Level.targets(targets, frame),
          Level.all(frame),
          Level.points(targets, frame),
          Level.buckets(frame));
    }

    /** The groups as spots, each with the target it goes to. */
    static Levels of(Targets targets, Frame frame) {
      Level each = new Level(targets::of, targets.size(), _ -> frame.length());
      return new Levels(each, Level.all(frame), each, Level.all(frame));
    }

    List<Level> needed(Frame frame) {
      return frame.buckets() == null ? List.of(each, all) : List.of(each, all, points, buckets);
    }
  }

  /** How many rows each spot has, by weight. */
  Count rows() {
    return (Count) accumulator(ROWS);
  }

  /** What is known of groups, as that of the targets they go to. */
  Gathered united(Targets targets) {
    Map<Need, Accumulator> known = new HashMap<>(found);
    known.values().removeIf(accumulator -> !accumulator.unitesFreely());
    return new Gathered(query, frame, Levels.of(targets, frame), known);
  }

  /** Whether a calculation can be asked for. */
  boolean knows(int calculation) {
    return found.containsKey(Need.of(query.calculations().get(calculation)));
  }

  private Cell[] cells(int calculation, Level level) {
    Calculation asked = query.calculations().get(calculation);
    return accumulator(asked).cells(level, asked.operation());
  }

  /** The numbers of one calculation for each target, NaN where there is none. */
  double[] numbers(int calculation) {
    Calculation asked = query.calculations().get(calculation);
    return isRate(calculation)
        ? Arrays.stream(targets(calculation)).mapToDouble(Cell::number).toArray()
        : accumulator(asked).numbers(levels.each(), asked.operation());
  }

  private Accumulator accumulator(Calculation asked) {
    Accumulator accumulator = found.get(Need.of(asked));
    if (accumulator == null) {
      throw new IllegalStateException(asked + " was not asked for");
    }
    return accumulator;
  }

  private boolean isRate(int calculation) {
    return query.calculations().get(calculation).operation().isRate();
  }

  /** The cells of one calculation for each target. */
  Cell[] targets(int calculation) {
    return isRate(calculation)
        ? overallRates(cells(calculation, levels.points()))
        : cells(calculation, levels.each());
  }

  /** The cell of one calculation for all targets together. */
  Cell all(int calculation) {
    return isRate(calculation)
        ? overallRates(cells(calculation, levels.buckets()))[0]
        : cells(calculation, levels.all())[0];
  }

  /** The cells of one calculation for each bucket of each target. */
  Cell[] points(int calculation) {
    Cell[] cells = cells(calculation, levels.points());
    return isRate(calculation) ? rates(cells) : cells;
  }

  /** The cells of one calculation for each bucket of all targets together. */
  Cell[] buckets(int calculation) {
    Cell[] cells = cells(calculation, levels.buckets());
    return isRate(calculation) ? rates(cells) : cells;
  }

  /** What the rows of each bucket weigh, of all targets together. */
  Cell[] rowsOfBuckets() {
    return rows().cells(levels.buckets(), Calculation.Operation.COUNT);
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
