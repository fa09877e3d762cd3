package firebreak.eventstore.execution;

import firebreak.eventstore.columns.IdTable;
import org.jspecify.annotations.Nullable;

/** What rows weigh by the number of their value, in the order in which numbers first came. */
final class NumberWeights {
  /** Up to so many numbers each has a place of its own. */
  private static final int FEW = 1 << 16;

  /** No more values than so many are made room for before they come. */
  private static final int MOST_EXPECTED = 1 << 20;

  /** The place of each number plus one; null where there are too many numbers. */
  private final int @Nullable [] placeOf;

  private final IdTable table;
  private int[] numbers;
  private long[] weights;
  private int size;

  /**
   * Makes room.
   *
   * @param ids which gives out the numbers
   * @param rows how many rows will come at most
   */
  NumberWeights(FieldIds ids, long rows) {
    boolean dense = ids.isComplete() && ids.size() <= FEW;
    placeOf = dense ? new int[ids.size()] : null;
    int expected = (int) Math.min(rows, dense ? ids.size() : MOST_EXPECTED);
    table = new IdTable(dense ? 0 : expected);
    numbers = new int[Math.max(1, expected)];
    weights = new long[numbers.length];
  }

  void add(int number, long weight) {
    int place = place(number); // first, for it may put a longer array in the place of this one
    weights[place] += weight;
  }

  private int place(int number) {
    int place;
    if (placeOf == null) {
      place = table.id(number);
    } else {
      place = placeOf[number] - 1;
      if (place < 0) {
        place = size;
        placeOf[number] = size + 1;
      }
    }
    if (place == size) {
      numbers = Accumulator.reach(numbers, size);
      weights = Accumulator.reach(weights, size);
      numbers[size++] = number;
    }
    return place;
  }

  boolean has(int number) {
    return placeOf == null
        ? table.contains(number)
        : number < placeOf.length && placeOf[number] != 0;
  }

  /** How many different numbers came. */
  int size() {
    return size;
  }

  int number(int place) {
    return numbers[place];
  }

  long weight(int place) {
    return weights[place];
  }

  /** The weights by place; what lies behind the last place is not meant. */
  long[] weights() {
    return weights;
  }
}
