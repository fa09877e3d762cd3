package firebreak.eventstore.execution;

/**
 * A way of uniting spots: rows, series, the total and the rest that a limit cuts off are all unions
 * of the spots into which rows were divided.
 *
 * @param size how many unions there are
 */
record Level(Union union, int size) {
  /** Marks a spot that belongs to no union. */
  static final int NONE = -1;

  /** Tells the union that a spot belongs to, or {@link #NONE}. */
  @FunctionalInterface
  interface Union {
    int of(int spot);
  }

  /** Each spot by itself. */
  static Level each(int size) {
    return new Level(spot -> spot < size ? spot : NONE, size);
  }

  /** All spots together. */
  static Level all() {
    return new Level(_ -> 0, 1);
  }

  int of(int spot) {
    return union.of(spot);
  }
}
