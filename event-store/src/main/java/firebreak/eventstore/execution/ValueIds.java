package firebreak.eventstore.execution;

import firebreak.eventstore.LimitExceededException;
import firebreak.eventstore.Value;
import java.util.Arrays;

/** Numbers different values from 1 on, in the order in which they are first shown. */
final class ValueIds {
  /** What a value takes besides its text: the objects, the table and the list. */
  private static final int BYTES_A_VALUE = 96;

  private final int most;
  private int[] slots = new int[64];
  private volatile Value[] values = new Value[16];
  private int size;
  private long bytes;

  /** Numbers for at most so many values. */
  ValueIds(int most) {
    this.most = most;
  }

  /** The number of a value, a new one if it has none yet. */
  synchronized int id(Value value) {
    Value[] known = values;
    int mask = slots.length - 1;
    int slot = slot(value) & mask;
    while (slots[slot] != 0) {
      if (known[slots[slot] - 1].equals(value)) {
        return slots[slot];
      }
      slot = (slot + 1) & mask;
    }
    if (size == most) {
      throw new LimitExceededException(
          ("The question makes more than %,d groups. A shorter time range, a narrower filter or"
                  + " fewer breakdowns make fewer.")
              .formatted(most));
    }
    if (size == known.length) {
      grow();
      return id(value);
    }
    known[size] = value;
    slots[slot] = ++size;
    bytes += BYTES_A_VALUE + (value instanceof Value.Text(String text) ? text.length() : 0);
    return size;
  }

  /** The number of a value; 0 where it has none. */
  synchronized int find(Value value) {
    int mask = slots.length - 1;
    for (int slot = slot(value) & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      if (values[slots[slot] - 1].equals(value)) {
        return slots[slot];
      }
    }
    return 0;
  }

  /** The value of a number that was given out before the caller was last waited for. */
  Value value(int id) {
    return values[id - 1];
  }

  /** The highest number. */
  synchronized int size() {
    return size;
  }

  /** About how much memory the values take. */
  synchronized long bytes() {
    return bytes;
  }

  private void grow() {
    Value[] grown = Arrays.copyOf(values, 2 * size);
    int[] spread = new int[2 * slots.length];
    int mask = spread.length - 1;
    for (int id = 1; id <= size; id++) {
      int slot = slot(grown[id - 1]) & mask;
      while (spread[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      spread[slot] = id;
    }
    slots = spread;
    values = grown;
  }

  private static int slot(Value value) {
    int hash = value.hashCode() * 0x9E3779B9;
    return hash ^ (hash >>> 15);
  }
}
