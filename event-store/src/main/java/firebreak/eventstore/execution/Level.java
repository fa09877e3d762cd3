package firebreak.eventstore.execution;

import java.util.function.IntToLongFunction;

/**
 * A way of uniting spots: rows, series, the total and the rest that a limit cuts off are all unions
 * of the spots into which rows were divided.
 *
 * @param size how many unions there are
 * @param nanos how long the time of each union is
 */
record Level(Union union, int size, IntToLongFunction nanos) {
  /** Marks a spot that belongs to no union. */
  static final int NONE = -1;

  /** Tells the union that a spot belongs to, or {@link #NONE}. */
  @FunctionalInterface
  interface Union {
    int of(int spot);
  }

  /** Each of so many targets with all its time buckets. */
  static Level targets(int targets, Frame frame) {
    int width = frame.width();
    Union union = width == 1 ? spot -> spot : spot -> spot / width;
    return new Level(spot -> inside(union.of(spot), targets), targets, _ -> frame.length());
  }

  private static int inside(int union, int size) {
    return union < size ? union : NONE;
  }

  /** All spots together. */
  static Level all(Frame frame) {
    return new Level(_ -> 0, 1, _ -> frame.length());
  }

  /** Each time bucket of each of so many targets. */
  static Level points(int targets, Frame frame) {
    int width = frame.width();
    int size = targets * width;
    return new Level(
        spot -> inside(spot, size),
        size,
        spot -> frame.end(spot % width) - frame.start(spot % width));
  }

  /** Each time bucket of all targets together. */
  static Level buckets(Frame frame) {
    int width = frame.width();
    return new Level(
        spot -> spot % width, width, bucket -> frame.end(bucket) - frame.start(bucket));
  }

  int of(int spot) {
    return union.of(spot);
  }
}
