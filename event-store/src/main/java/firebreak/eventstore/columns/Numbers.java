package firebreak.eventstore.columns;

import firebreak.eventstore.Value;
import org.jspecify.annotations.Nullable;

/** A number for each row, NaN where the row has none. */
public interface Numbers {
  double at(int row);

  /** The exact value, which a double may not hold; null where the row has none. */
  @Nullable Value value(int row);

  /** Reads the rows from {@code from} on into {@code into[0]} to {@code into[count - 1]}. */
  default void read(int from, int count, double[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = at(from + i);
    }
  }

  /** Reads {@code rows[0]} to {@code rows[count - 1]}. */
  default void gather(int[] rows, int count, double[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = at(rows[i]);
    }
  }
}
