package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.QueryResult.Cell;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of calculations over many spots, as one thread has gathered it. */
abstract class Accumulator {
  /** Adds the rows of a batch. */
  abstract void add(Batch batch);

  /**
   * Adds an interval of rows that all belong to the batch's one spot and weigh 1 each, if there is
   * a quicker way than row by row.
   *
   * @return whether it was done
   */
  boolean addStretch(Batch batch, int from, int to) {
    return false;
  }

  /** Takes over what another thread has gathered for the same calculation. */
  abstract void merge(Accumulator other);

  /**
   * What must be gathered in a second reading of the same rows, now that the first is over.
   *
   * @param levels the unions of spots that will be asked for
   */
  @Nullable Gathering second(List<Level> levels, List<Operation> operations) {
    return null;
  }

  /** Whether unions that nobody has announced can be asked for. */
  boolean unitesFreely() {
    return true;
  }

  /** The results of an operation for unions of spots. */
  abstract Cell[] cells(Level level, Operation operation);

  /** The results of an operation as numbers, NaN where there is none. */
  double[] numbers(Level level, Operation operation) {
    return Arrays.stream(cells(level, operation)).mapToDouble(Cell::number).toArray();
  }

  private static int grown(int length, int needed) {
    return Math.max(needed, length + (length >> 1));
  }

  /** The array, or a longer copy that has a place of that number. */
  static long[] reach(long[] array, int place) {
    return place < array.length ? array : Arrays.copyOf(array, grown(array.length, place + 1));
  }

  /** The array, or a longer copy that has a place of that number. */
  static double[] reach(double[] array, int place) {
    return place < array.length ? array : Arrays.copyOf(array, grown(array.length, place + 1));
  }

  /** The array, or a longer copy that has a place of that number. */
  static int[] reach(int[] array, int place) {
    return place < array.length ? array : Arrays.copyOf(array, grown(array.length, place + 1));
  }

  static Cell[] figures(double[] values, long[] weights) {
    Cell[] cells = new Cell[values.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = weights[i] == 0 ? new Cell.Absent() : new Cell.Figure(values[i]);
    }
    return cells;
  }
}
