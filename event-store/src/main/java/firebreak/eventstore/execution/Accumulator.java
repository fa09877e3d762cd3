package firebreak.eventstore.execution;

import firebreak.eventstore.QueryResult.Cell;
import java.util.Arrays;

/** The state of one calculation over many spots, as one thread has gathered it. */
abstract class Accumulator {
  /** Adds the rows of a batch. */
  abstract void add(Batch batch);

  /** Takes over what another thread has gathered for the same calculation. */
  abstract void merge(Accumulator other);

  /** The results for unions of spots. */
  abstract Cell[] cells(Level level);

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
