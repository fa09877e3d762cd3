package firebreak.eventstore.columns;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Codes up to 255, a byte each. */
final class ByteCodes extends Codes {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int TABLE = 256;

  /** From so many rows on, several tables are worth their making. */
  private static final int MANY = 1_024;

  /** Up to so many different codes, comparing is faster than counting. */
  private static final int FEW = 4;

  /** Up to so many codes are compared with, rather than looked up. */
  private static final int FEW_MARKED = 8;

  private static final long EACH = 0x0101010101010101L;
  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;
  private static final long TO_ONE_BYTE = 0x0102040810204080L;

  private final byte[] codes;

  ByteCodes(byte[] codes) {
    this.codes = codes;
  }

  @Override
  public int at(int row) {
    return codes[row] & 0xFF;
  }

  @Override
  public void read(int from, int count, int[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = codes[from + i] & 0xFF;
    }
  }

  @Override
  public void gather(int[] rows, int count, int[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = codes[rows[i]] & 0xFF;
    }
  }

  @Override
  public void count(int from, int to, int[] counts) {
    if (to - from < MANY) {
      for (int i = from; i < to; i++) {
        counts[codes[i] & 0xFF]++;
      }
    } else if (counts.length <= FEW) {
      countFew(from, to, counts);
    } else {
      countMany(from, to, counts);
    }
  }

  @Override
  public void mark(int from, int count, CodeMarks marks, RowMarks into) {
    if (marks.marked().length <= FEW_MARKED) {
      into.addEqual(codes, from, count, marks);
    } else {
      super.mark(from, count, marks, into);
    }
  }

  /** Counts by comparing; what is equal to no other code is 0. */
  private void countFew(int from, int to, int[] counts) {
    int rest = to - from;
    for (int code = 1; code < counts.length; code++) {
      int count = count(from, to, code);
      counts[code] += count;
      rest -= count;
    }
    counts[0] += rest;
  }

  private int count(int from, int to, int code) {
    long pattern = code * EACH;
    int count = 0;
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      count += Long.bitCount(zeros((long) EIGHT.get(codes, i) ^ pattern));
    }
    for (; i < to; i++) {
      count += (codes[i] & 0xFF) == code ? 1 : 0;
    }
    return count;
  }

  /** The highest bit of each byte that is at least as large, unsigned, as that of the bounds. */
  private static long atLeast(long bytes, long bounds) {
    long withoutBorrow = (bytes | ~LOW_BITS) - (bounds & LOW_BITS);
    return ((bytes & ~bounds) | (~(bytes ^ bounds) & withoutBorrow)) & ~LOW_BITS;
  }

  /** The highest bit of each byte that is zero. */
  private static long zeros(long bytes) {
    return ~(((bytes & LOW_BITS) + LOW_BITS) | bytes | LOW_BITS);
  }

  /**
   * Counts in four tables, for adding to what was just written elsewhere is faster than adding to
   * what was just written here.
   */
  private void countMany(int from, int to, int[] counts) {
    int[] tables = new int[4 * TABLE];
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long eight = (long) EIGHT.get(codes, i);
      int low = (int) eight;
      int high = (int) (eight >>> 32);
      tables[low & 0xFF]++;
      tables[TABLE + (low >>> 8 & 0xFF)]++;
      tables[2 * TABLE + (low >>> 16 & 0xFF)]++;
      tables[3 * TABLE + (low >>> 24)]++;
      tables[high & 0xFF]++;
      tables[TABLE + (high >>> 8 & 0xFF)]++;
      tables[2 * TABLE + (high >>> 16 & 0xFF)]++;
      tables[3 * TABLE + (high >>> 24)]++;
    }
    for (; i < to; i++) {
      tables[codes[i] & 0xFF]++;
    }
    add(tables, counts);
  }

  private static void add(int[] tables, int[] counts) {
    for (int code = 0; code < Math.min(TABLE, counts.length); code++) {
      counts[code] +=
          tables[code] + tables[TABLE + code] + tables[2 * TABLE + code] + tables[3 * TABLE + code];
    }
  }

  @Override
  public void count(int[] rows, int count, int[] counts) {
    int i = 0;
    if (count >= MANY) {
      int[] tables = new int[4 * TABLE];
      for (; i <= count - 4; i += 4) {
        tables[codes[rows[i]] & 0xFF]++;
        tables[TABLE + (codes[rows[i + 1]] & 0xFF)]++;
        tables[2 * TABLE + (codes[rows[i + 2]] & 0xFF)]++;
        tables[3 * TABLE + (codes[rows[i + 3]] & 0xFF)]++;
      }
      add(tables, counts);
    }
    for (; i < count; i++) {
      counts[codes[rows[i]] & 0xFF]++;
    }
  }

  @Override
  public void select(int from, int to, boolean[] accepted, long[] bits) {
    int only = only(accepted, true);
    int allBut = only(accepted, false);
    if (only >= 0) {
      selectEqual(from, to, only, 0, bits);
    } else if (allBut >= 0) {
      selectEqual(from, to, allBut, -1L, bits);
    } else {
      int first = run(accepted, 0, false);
      int end = run(accepted, first, true);
      if (run(accepted, end, false) == accepted.length) {
        selectBetween(from, to, first, end, bits);
      } else {
        selectAny(from, to, accepted, bits);
      }
    }
  }

  /** Where a run of one value that begins at a place ends. */
  private static int run(boolean[] list, int from, boolean value) {
    int end = from;
    while (end < list.length && list[end] == value) {
      end++;
    }
    return end;
  }

  /** Selects rows of the codes from {@code first} on, before {@code end}. */
  private void selectBetween(int from, int to, int first, int end, long[] bits) {
    if (first >= TABLE || first == end) {
      return;
    }
    long lowest = first * EACH;
    long above = Math.min(end, TABLE - 1) * EACH;
    long unbounded = end >= TABLE ? -1L : 0;
    int row = from;
    for (; row <= to - Long.SIZE; row += Long.SIZE) {
      long word = 0;
      for (int i = 0; i < Long.SIZE; i += Long.BYTES) {
        long eight = (long) EIGHT.get(codes, row + i);
        long between = atLeast(eight, lowest) & (~atLeast(eight, above) | unbounded);
        word |= (((between >>> 7) * TO_ONE_BYTE) >>> 56) << i;
      }
      bits[row >> 6] |= word;
    }
    for (; row < to; row++) {
      int code = codes[row] & 0xFF;
      bits[row >> 6] |= code >= first && code < end ? 1L << row : 0;
    }
  }

  /** The only place that has a value; -1 where there are none or several. */
  private static int only(boolean[] list, boolean value) {
    int found = -1;
    for (int i = 0; i < list.length; i++) {
      if (list[i] == value) {
        if (found >= 0) {
          return -1;
        }
        found = i;
      }
    }
    return found;
  }

  /** Selects rows of a code, or where {@code flip} is -1 all others. */
  private void selectEqual(int from, int to, int code, long flip, long[] bits) {
    if (code >= TABLE) {
      fill(from, flip == 0 ? from : to, bits);
      return;
    }
    long pattern = code * EACH;
    int row = from;
    for (; row <= to - Long.SIZE; row += Long.SIZE) {
      long word = 0;
      for (int i = 0; i < Long.SIZE; i += Long.BYTES) {
        long equal = zeros((long) EIGHT.get(codes, row + i) ^ pattern);
        word |= (((equal >>> 7) * TO_ONE_BYTE) >>> 56) << i;
      }
      bits[row >> 6] |= word ^ flip;
    }
    for (; row < to; row++) {
      if (((codes[row] & 0xFF) == code) == (flip == 0)) {
        bits[row >> 6] |= 1L << row;
      }
    }
  }

  private void selectAny(int from, int to, boolean[] accepted, long[] bits) {
    byte[] one = new byte[TABLE];
    for (int code = 0; code < Math.min(TABLE, accepted.length); code++) {
      one[code] = (byte) (accepted[code] ? 1 : 0);
    }
    int row = from;
    for (; row <= to - Long.SIZE; row += Long.SIZE) {
      long word = 0;
      for (int i = 0; i < Long.SIZE; i++) {
        word |= (long) one[codes[row + i] & 0xFF] << i;
      }
      bits[row >> 6] |= word;
    }
    for (; row < to; row++) {
      bits[row >> 6] |= (long) one[codes[row] & 0xFF] << row;
    }
  }
}
