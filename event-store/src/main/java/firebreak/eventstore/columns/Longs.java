package firebreak.eventstore.columns;

/** A whole number for each row. */
public interface Longs {
  long at(int row);

  /** Reads the rows from {@code from} on into {@code into[0]} to {@code into[count - 1]}. */
  default void read(int from, int count, long[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = at(from + i);
    }
  }

  /** Reads {@code rows[0]} to {@code rows[count - 1]}. */
  default void gather(int[] rows, int count, long[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = at(rows[i]);
    }
  }
}
