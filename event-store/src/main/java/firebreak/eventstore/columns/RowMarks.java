package firebreak.eventstore.columns;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A mark of eight bits for each row of a chunk. Eight rows share a long, the first of them in its
 * lowest byte: loops over longs are what the compiler turns into instructions for many rows at
 * once.
 */
public final class RowMarks {
  private static final ValueLayout.OfLong EIGHT =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long EACH = 0x0101010101010101L;
  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;
  private static final int ONE = 0xFF;

  private final long[] eights;

  /** The codes of the rows that are compared. */
  private final long[] codes;

  /** Marks for so many rows, a multiple of eight. */
  public RowMarks(int rows) {
    eights = new long[Math.ceilDiv(rows, Long.BYTES)];
    codes = new long[eights.length];
  }

  /** Gives one mark to the first rows, and to some behind them. */
  public void fill(int count, byte mark) {
    Arrays.fill(eights, 0, Math.ceilDiv(count, Long.BYTES), (mark & ONE) * EACH);
  }

  public int of(int row) {
    return (int) (eights[row >> 3] >>> (row << 3)) & ONE;
  }

  /** The marks of the rows from eight times {@code index} on. */
  public long eight(int index) {
    return eights[index];
  }

  /** Adds the bits of a mark to that of a row. */
  public void add(int row, int mark) {
    eights[row >> 3] |= (mark & (long) ONE) << (row << 3);
  }

  /** Adds the bits of a mark to those of the first rows. */
  void addToEach(int count, byte mark) {
    if (mark == 0) {
      return;
    }
    long each = (mark & ONE) * EACH;
    int whole = count / Long.BYTES;
    for (int i = 0; i < whole; i++) {
      eights[i] |= each;
    }
    for (int row = whole * Long.BYTES; row < count; row++) {
      add(row, mark);
    }
  }

  /** Adds the bits of eight marks. */
  void addEight(int index, long marks) {
    eights[index] |= marks;
  }

  /** Adds the mark of each code of a few to the rows that have it. */
  void addEqual(byte[] from, int first, int count, CodeMarks marks) {
    int whole = count / Long.BYTES;
    MemorySegment.copy(MemorySegment.ofArray(from), EIGHT, first, codes, 0, whole);
    for (int code : marks.marked()) {
      if (code <= ONE) {
        addEqual(whole, code * EACH, (marks.ofCode(code) & ONE) * EACH);
      }
    }
    for (int i = whole * Long.BYTES; i < count; i++) {
      add(i, marks.ofCode(from[first + i] & ONE));
    }
  }

  /** Makes a byte of ones where a byte is equal, without a branch. */
  private void addEqual(int whole, long code, long mark) {
    long[] into = eights;
    long[] compared = codes;
    for (int i = 0; i < whole; i++) {
      long different = compared[i] ^ code;
      long equal = ~(((different & LOW_BITS) + LOW_BITS) | different | LOW_BITS);
      into[i] |= ((equal << 1) - (equal >>> 7)) & mark;
    }
  }
}
