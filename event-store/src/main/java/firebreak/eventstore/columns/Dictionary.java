package firebreak.eventstore.columns;

import firebreak.eventstore.Value;
import java.util.List;

/**
 * The different values of a column, numbered from 1 in the order of their first appearance; 0
 * stands for a row that lacks the field. It may know more values than the rows of a part use.
 */
public interface Dictionary {
  /** The highest code. */
  int size();

  /** The value of a code from 1 to {@link #size}. */
  Value value(int code);

  /** The code of a value; 0 where it has none. */
  int code(Value value);

  /** Finds the code of each of several values, 0 where it has none: in one go, which is quicker. */
  default int[] codes(List<Value> values) {
    return values.stream().mapToInt(this::code).toArray();
  }

  /**
   * Names what the codes are of: dictionaries of one origin give the same value to each code that
   * both of them know.
   */
  default Object origin() {
    return this;
  }

  /** The number of a code, NaN for text and truth values. */
  default double number(int code) {
    return value(code).asDouble();
  }

  /** Whether some value may be a number. */
  default boolean hasNumbers() {
    return true;
  }

  /** A hash of the value of each of several codes: equal values have equal ones everywhere. */
  default void hashes(int[] codes, int count, int[] into) {
    KeyedDictionary keyed = KeyedDictionary.of(this);
    Key key = new Key();
    for (int i = 0; i < count; i++) {
      keyed.key(codes[i], key);
      into[i] = key.hash();
    }
  }
}
