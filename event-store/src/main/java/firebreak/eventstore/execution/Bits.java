package firebreak.eventstore.execution;

import java.util.Arrays;

/** Sets of rows as bits; bit 0 of the first word stands for row 0. */
final class Bits {
  private Bits() {}

  /** Room for the rows below {@code rows}. */
  static long[] of(int rows) {
    return new long[(rows + 63) >>> 6];
  }

  static boolean get(long[] bits, int row) {
    return (bits[row >> 6] >>> row & 1) != 0;
  }

  static void clear(long[] bits, int row) {
    bits[row >> 6] &= ~(1L << row);
  }

  static void set(long[] bits, int row) {
    bits[row >> 6] |= 1L << row;
  }

  /** Sets the rows of [from, to). */
  static void set(long[] bits, int from, int to) {
    if (from >= to) {
      return;
    }
    int first = from >> 6;
    int last = (to - 1) >> 6;
    long head = -1L << from;
    long tail = -1L >>> -to;
    if (first == last) {
      bits[first] |= head & tail;
      return;
    }
    bits[first] |= head;
    Arrays.fill(bits, first + 1, last, -1L);
    bits[last] |= tail;
  }

  /** How many of the rows of [from, to) are set; no other row of their words may be. */
  static int count(long[] bits, int from, int to) {
    int count = 0;
    for (int word = from >> 6; word < (to + 63) >>> 6; word++) {
      count += Long.bitCount(bits[word]);
    }
    return count;
  }

  /** The first row from {@code row} on that is set, {@code end} where there is none before. */
  static int next(long[] bits, int row, int end) {
    if (row >= end) {
      return end;
    }
    int word = row >> 6;
    long left = bits[word] & (-1L << row);
    while (left == 0) {
      if (++word >= (end + 63) >>> 6) {
        return end;
      }
      left = bits[word];
    }
    return Math.min(end, (word << 6) + Long.numberOfTrailingZeros(left));
  }
}
