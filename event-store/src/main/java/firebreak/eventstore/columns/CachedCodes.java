package firebreak.eventstore.columns;

import java.util.List;

/** Codes in a part file, read where they lie or, when often read, from the cache. */
final class CachedCodes extends Codes {
  private static final int LARGEST_BYTE = 0xFF;
  private static final int LARGEST_CHAR = 0xFFFF;

  private final Codes stored;
  private final CacheSlot<Codes> slot;

  private CachedCodes(Codes stored, CacheSlot<Codes> slot) {
    this.stored = stored;
    this.slot = slot;
  }

  /**
   * Codes that may be kept in a cache.
   *
   * @param slots to which the place in the cache is added
   */
  static Codes of(
      Codes stored, int rows, int highest, ColumnCache cache, List<CacheSlot<?>> slots) {
    long width =
        highest <= LARGEST_BYTE
            ? Byte.BYTES
            : highest <= LARGEST_CHAR ? Character.BYTES : Integer.BYTES;
    CacheSlot<Codes> slot =
        new CacheSlot<>(cache, width * rows, rows, () -> decode(stored, rows, highest));
    slots.add(slot);
    return new CachedCodes(stored, slot);
  }

  private static Codes decode(Codes stored, int rows, int highest) {
    if (highest > LARGEST_CHAR) {
      int[] ints = new int[rows];
      stored.read(0, rows, ints);
      return new IntCodes(ints);
    }
    byte[] bytes = new byte[highest <= LARGEST_BYTE ? rows : 0];
    char[] chars = new char[highest <= LARGEST_BYTE ? 0 : rows];
    int[] chunk = new int[Math.min(CHUNK, rows)];
    for (int from = 0; from < rows; from += CHUNK) {
      int size = Math.min(CHUNK, rows - from);
      stored.read(from, size, chunk);
      if (highest <= LARGEST_BYTE) {
        for (int i = 0; i < size; i++) {
          bytes[from + i] = (byte) chunk[i];
        }
      } else {
        for (int i = 0; i < size; i++) {
          chars[from + i] = (char) chunk[i];
        }
      }
    }
    return highest <= LARGEST_BYTE ? new ByteCodes(bytes) : new CharCodes(chars);
  }

  private Codes forRows(int count) {
    return forRange((long) count * CacheSlot.SINGLE_ROW);
  }

  private Codes forRange(long count) {
    Codes decoded = slot.get(count);
    return decoded == null ? stored : decoded;
  }

  @Override
  public int at(int row) {
    Codes decoded = slot.peek();
    return (decoded == null ? stored : decoded).at(row);
  }

  @Override
  public void read(int from, int count, int[] into) {
    forRange(count).read(from, count, into);
  }

  @Override
  public void gather(int[] rows, int count, int[] into) {
    forRows(count).gather(rows, count, into);
  }

  @Override
  public void count(int from, int to, int[] counts) {
    forRange(to - from).count(from, to, counts);
  }

  @Override
  public void count(int[] rows, int count, int[] counts) {
    forRows(count).count(rows, count, counts);
  }

  @Override
  public void mark(int from, int count, CodeMarks marks, RowMarks into) {
    forRange(count).mark(from, count, marks, into);
  }

  @Override
  public void select(int from, int to, boolean[] accepted, long[] bits) {
    forRange(to - from).select(from, to, accepted, bits);
  }
}
