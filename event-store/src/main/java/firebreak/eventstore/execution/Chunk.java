package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Codes;
import firebreak.eventstore.columns.Longs;
import firebreak.eventstore.columns.Numbers;
import java.util.function.IntConsumer;

/**
 * A few thousand rows of a part, read column by column: an interval, or single rows in order.
 *
 * <p>Single rows that lie close together are picked from the interval they lie in, which is quicker
 * to read than each row by itself.
 */
final class Chunk {
  static final int SIZE = 4_096;

  /** Up to this many times as many rows are read as are wanted. */
  private static final int CLOSE = 4;

  private final int[] rows = new int[SIZE];
  private final double[] spare = new double[SIZE];

  /** Room for the interval in which single rows lie, made when it is first needed. */
  private int[] codes = {};

  private long[] longs = {};
  private double[] numbers = {};
  private int first;
  private int span;
  private int count;
  private boolean interval;

  /** How many rows there are. */
  int count() {
    return count;
  }

  /** Whether the rows are an interval from {@link #first} on. */
  boolean isInterval() {
    return interval;
  }

  int first() {
    return first;
  }

  /** Room for a number of each row. */
  double[] spare() {
    return spare;
  }

  int row(int index) {
    return interval ? first + index : rows[index];
  }

  /** Takes the next rows from {@code from} on, before {@code to}; returns where to go on. */
  int fill(Rows among, int from, int to) {
    long[] bits = among.bits();
    first = from;
    interval = bits == null;
    if (bits == null) {
      count = Math.max(0, Math.min(SIZE, to - from));
      span = count;
      return from + count;
    }
    count = 0;
    int row = Bits.next(bits, from, to);
    while (row < to) {
      int word = row >> 6;
      long left = bits[word] & (-1L << row);
      int base = word << 6;
      if (base + 64 > to) {
        left &= -1L >>> -to;
      }
      if (count + 64 > SIZE) {
        break;
      }
      while (left != 0) {
        rows[count++] = base + Long.numberOfTrailingZeros(left);
        left &= left - 1;
      }
      row = Bits.next(bits, base + 64, to);
    }
    if (count > 0) {
      first = rows[0];
      span = rows[count - 1] - first + 1;
      interval = span == count;
    }
    return row;
  }

  /** Shows the places, from 0, of those rows that are among others too. */
  void forEach(Rows others, IntConsumer visitor) {
    if (!interval) {
      for (int i = 0; i < count; i++) {
        if ((others.word(rows[i] >> 6) >>> rows[i] & 1) != 0) {
          visitor.accept(i);
        }
      }
      return;
    }
    int end = first + count;
    for (int word = first >> 6; word < (end + 63) >>> 6; word++) {
      for (long left = others.word(word); left != 0; left &= left - 1) {
        int row = (word << 6) + Long.numberOfTrailingZeros(left);
        if (row >= first && row < end) {
          visitor.accept(row - first);
        }
      }
    }
  }

  void read(Codes from, int[] into) {
    if (interval) {
      from.read(first, count, into);
    } else if (span <= CLOSE * count) {
      codes = codes.length == 0 ? new int[CLOSE * SIZE] : codes;
      from.read(first, span, codes);
      for (int i = 0; i < count; i++) {
        into[i] = codes[rows[i] - first];
      }
    } else {
      from.gather(rows, count, into);
    }
  }

  void read(Longs from, long[] into) {
    if (interval) {
      from.read(first, count, into);
    } else if (span <= CLOSE * count) {
      longs = longs.length == 0 ? new long[CLOSE * SIZE] : longs;
      from.read(first, span, longs);
      for (int i = 0; i < count; i++) {
        into[i] = longs[rows[i] - first];
      }
    } else {
      from.gather(rows, count, into);
    }
  }

  void read(Numbers from, double[] into) {
    if (interval) {
      from.read(first, count, into);
    } else if (span <= CLOSE * count) {
      numbers = numbers.length == 0 ? new double[CLOSE * SIZE] : numbers;
      from.read(first, span, numbers);
      for (int i = 0; i < count; i++) {
        into[i] = numbers[rows[i] - first];
      }
    } else {
      from.gather(rows, count, into);
    }
  }
}
