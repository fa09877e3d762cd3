package firebreak.eventstore.columns;

/**
 * A small number for each row. The loops over many rows live here, so that each form in which codes
 * lie can have the loop that suits it.
 */
public abstract class Codes {
  static final int CHUNK = 4_096;

  public abstract int at(int row);

  /** Reads the rows from {@code from} on into {@code into[0]} to {@code into[count - 1]}. */
  public abstract void read(int from, int count, int[] into);

  /** Reads {@code rows[0]} to {@code rows[count - 1]}. */
  public void gather(int[] rows, int count, int[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = at(rows[i]);
    }
  }

  /** Adds 1 to {@code counts[code]} for each row of [from, to). */
  public void count(int from, int to, int[] counts) {
    int[] chunk = new int[Math.min(CHUNK, to - from)];
    for (int start = from; start < to; start += CHUNK) {
      int size = Math.min(CHUNK, to - start);
      read(start, size, chunk);
      for (int i = 0; i < size; i++) {
        counts[chunk[i]]++;
      }
    }
  }

  /** Adds 1 to {@code counts[code]} for each of {@code rows[0]} to {@code rows[count - 1]}. */
  public void count(int[] rows, int count, int[] counts) {
    for (int i = 0; i < count; i++) {
      counts[at(rows[i])]++;
    }
  }

  /** Adds the mark of its code to that of row {@code i}, for each row from {@code from} on. */
  public void mark(int from, int count, CodeMarks marks, RowMarks into) {
    int[] chunk = new int[Math.min(CHUNK, count)];
    for (int start = 0; start < count; start += CHUNK) {
      int size = Math.min(CHUNK, count - start);
      read(from + start, size, chunk);
      marks.addTo(chunk, size, start, into);
    }
  }

  /**
   * Sets, for each row of [from, to) whose code is accepted, the bit of that row; {@code from} is a
   * multiple of 64 and bit 0 of {@code bits[0]} stands for row 0.
   */
  public void select(int from, int to, boolean[] accepted, long[] bits) {
    int[] chunk = new int[Math.min(CHUNK, to - from)];
    for (int start = from; start < to; start += CHUNK) {
      int size = Math.min(CHUNK, to - start);
      read(start, size, chunk);
      for (int i = 0; i < size; i += Long.SIZE) {
        int end = Math.min(Long.SIZE, size - i);
        long word = 0;
        for (int j = 0; j < end; j++) {
          word |= (accepted[chunk[i + j]] ? 1L : 0L) << j;
        }
        bits[(start + i) >> 6] |= word;
      }
    }
  }

  /** Sets the bits of all rows of [from, to); {@code from} is a multiple of 64. */
  static void fill(int from, int to, long[] bits) {
    int row = from;
    for (; row <= to - Long.SIZE; row += Long.SIZE) {
      bits[row >> 6] = -1L;
    }
    if (row < to) {
      bits[row >> 6] |= (1L << (to - row)) - 1;
    }
  }
}
