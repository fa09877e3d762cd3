package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Longs;
import firebreak.eventstore.columns.Part;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a part that take part: those of [from, to), or of them those whose bit is set.
 *
 * @param bits null where the whole interval takes part; no bit outside of it is set
 * @param count how many rows take part
 */
@SuppressWarnings("ArrayRecordComponent")
record Rows(PartView part, int from, int to, long @Nullable [] bits, int count) {
  private static final int CHUNK = 4_096;

  static Rows interval(PartView part, int from, int to) {
    return new Rows(part, from, to, null, Math.max(0, to - from));
  }

  static Rows of(PartView part, int from, int to, long[] bits) {
    return new Rows(part, from, to, bits, Bits.count(bits, from, to));
  }

  /** The rows of a time range, given in nanoseconds since 1970, its end not included. */
  static Rows during(PartView view, long start, long end) {
    Part part = view.part();
    int rows = part.rows();
    if (rows == 0 || part.lastTime() < start || part.firstTime() >= end) {
      return interval(view, 0, 0);
    }
    if (part.firstTime() >= start && part.lastTime() < end) {
      return interval(view, 0, rows);
    }
    if (part.isSorted()) {
      int from = part.firstTime() >= start ? 0 : firstFrom(part.times(), start, 0, rows);
      int to = part.lastTime() < end ? rows : firstFrom(part.times(), end, from, rows);
      return interval(view, from, to);
    }
    long[] bits = Bits.of(rows);
    selectTimes(part.times(), 0, rows, start, end, bits);
    return of(view, 0, rows, bits);
  }

  /** Whether every row of the part takes part. */
  boolean isWhole() {
    return bits == null && from == 0 && to == part.rows();
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** The rows from 64 times {@code index} on as bits. */
  long word(int index) {
    if (bits != null) {
      return bits[index];
    }
    int base = index << 6;
    if (from >= to || from >= base + 64 || to <= base) {
      return 0;
    }
    long head = from > base ? -1L << from : -1L;
    long tail = to < base + 64 ? -1L >>> -to : -1L;
    return head & tail;
  }

  /** The first row of [low, high) whose time is not before {@code time}, of rows in order. */
  static int firstFrom(Longs times, long time, int low, int high) {
    int from = low;
    int to = high;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (times.at(middle) < time) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** Sets the bits of the rows of [from, to) that lie in the time range. */
  static void selectTimes(Longs times, int from, int to, long start, long end, long[] bits) {
    long[] chunk = new long[Math.min(CHUNK, Math.max(0, to - from))];
    for (int first = from; first < to; first += CHUNK) {
      int size = Math.min(CHUNK, to - first);
      times.read(first, size, chunk);
      for (int i = 0; i < size; i++) {
        if (chunk[i] >= start && chunk[i] < end) {
          Bits.set(bits, first + i);
        }
      }
    }
  }
}
