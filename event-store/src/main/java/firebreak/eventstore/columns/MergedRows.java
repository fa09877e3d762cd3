package firebreak.eventstore.columns;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows that go into a new part: those kept of each source, one source after the other, and the
 * order in which they are written, which is by time and among equal times as they stand here.
 */
final class MergedRows {
  private static final int CHUNK = 1 << 14;
  private static final int DIGIT_BITS = 11;
  private static final int DIGITS = 1 << DIGIT_BITS;

  /** The kept rows of a source; null where all are. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Kept(int @Nullable [] rows, int count) {}

  private final List<Part> sources;
  private final Kept[] kept;
  private final int[] starts;
  private final int count;

  /** The times in the order of writing. */
  private final long[] times;

  /** Which row comes first, second ...; null where they are in order already. */
  private final int @Nullable [] order;

  private MergedRows(List<Part> sources, Kept[] kept, int count) {
    this.sources = sources;
    this.kept = kept;
    this.count = count;
    starts = new int[sources.size()];
    for (int i = 1; i < starts.length; i++) {
      starts[i] = starts[i - 1] + kept[i - 1].count();
    }
    times = new long[count];
    for (int i = 0; i < starts.length; i++) {
      readLongs(i, sources.get(i).times(), times);
    }
    order = sort(times);
  }

  /** The rows of sources whose time is in [from, to) and that a filter keeps. */
  static MergedRows of(List<Part> sources, long from, long to, RowFilter filter) {
    Kept[] kept = new Kept[sources.size()];
    long count = 0;
    for (int i = 0; i < kept.length; i++) {
      kept[i] = kept(sources.get(i), from, to, filter);
      count += kept[i].count();
    }
    if (count > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "a part may have %d rows, the sources have %d".formatted(Integer.MAX_VALUE / 2, count));
    }
    List<Part> uncached = sources.stream().map(MergedRows::uncached).toList();
    return new MergedRows(uncached, kept, (int) count);
  }

  private static Part uncached(Part part) {
    return part instanceof PartFile file ? file.uncached() : part;
  }

  private static Kept kept(Part source, long from, long to, RowFilter filter) {
    int rows = source.rows();
    boolean allTimes = rows == 0 || (source.firstTime() >= from && source.lastTime() < to);
    if (allTimes && filter.equals(RowFilter.ALL)) {
      return new Kept(null, rows);
    }
    int[] list = new int[rows];
    int size = 0;
    long[] chunk = new long[CHUNK];
    for (int start = 0; start < rows; start += CHUNK) {
      int length = Math.min(CHUNK, rows - start);
      source.times().read(start, length, chunk);
      for (int i = 0; i < length; i++) {
        if (chunk[i] >= from && chunk[i] < to && filter.keeps(source, start + i)) {
          list[size++] = start + i;
        }
      }
    }
    return size == rows ? new Kept(null, rows) : new Kept(Arrays.copyOf(list, size), size);
  }

  int count() {
    return count;
  }

  List<Part> sources() {
    return sources;
  }

  /** Where the rows of a source begin. */
  int start(int source) {
    return starts[source];
  }

  /** How many rows of a source are kept. */
  int count(int source) {
    return kept[source].count();
  }

  long[] times() {
    return times;
  }

  /** Reads kept rows of a source, {@code from} being the number of one among them. */
  void read(int source, Codes codes, int from, int size, int[] into) {
    int[] rows = kept[source].rows();
    if (rows == null) {
      codes.read(from, size, into);
    } else {
      codes.gather(from == 0 ? rows : Arrays.copyOfRange(rows, from, from + size), size, into);
    }
  }

  /** Reads all kept rows of a source into their places. */
  void readLongs(int source, Longs longs, long[] into) {
    long[] chunk = new long[CHUNK];
    int[] rows = kept[source].rows();
    int size = kept[source].count();
    for (int start = 0; start < size; start += CHUNK) {
      int length = Math.min(CHUNK, size - start);
      if (rows == null) {
        longs.read(start, length, chunk);
      } else {
        longs.gather(Arrays.copyOfRange(rows, start, start + length), length, chunk);
      }
      System.arraycopy(chunk, 0, into, starts[source] + start, length);
    }
  }

  /** Reads all kept rows of a source into their places. */
  void readExact(int source, ExactNumbers numbers, long[] into, boolean[] present) {
    long[] chunk = new long[CHUNK];
    boolean[] presentChunk = new boolean[CHUNK];
    int[] rows = kept[source].rows();
    int place = starts[source];
    int left = kept[source].count();
    for (int start = 0; start < sources.get(source).rows() && left > 0; start += CHUNK) {
      int length = Math.min(CHUNK, sources.get(source).rows() - start);
      numbers.exact(start, length, chunk, presentChunk);
      if (rows == null) {
        System.arraycopy(chunk, 0, into, place, length);
        System.arraycopy(presentChunk, 0, present, place, length);
        place += length;
        left -= length;
        continue;
      }
      while (left > 0 && rows[rows.length - left] < start + length) {
        int row = rows[rows.length - left] - start;
        into[place] = chunk[row];
        present[place++] = presentChunk[row];
        left--;
      }
    }
  }

  /** Puts numbers of all rows in the order of writing. */
  long[] ordered(long[] values) {
    if (order == null) {
      return values;
    }
    long[] ordered = new long[count];
    for (int i = 0; i < count; i++) {
      ordered[i] = values[order[i]];
    }
    return ordered;
  }

  int[] ordered(int[] values) {
    if (order == null) {
      return values;
    }
    int[] ordered = new int[count];
    for (int i = 0; i < count; i++) {
      ordered[i] = values[order[i]];
    }
    return ordered;
  }

  boolean[] ordered(boolean[] values) {
    if (order == null) {
      return values;
    }
    boolean[] ordered = new boolean[count];
    for (int i = 0; i < count; i++) {
      ordered[i] = values[order[i]];
    }
    return ordered;
  }

  /** Sorts times, equal ones keeping their order; answers where each came from. */
  private static int @Nullable [] sort(long[] times) {
    int count = times.length;
    long smallest = count == 0 ? 0 : times[0];
    long largest = smallest;
    boolean sorted = true;
    for (int i = 1; i < count; i++) {
      sorted &= times[i] >= times[i - 1];
      smallest = Math.min(smallest, times[i]);
      largest = Math.max(largest, times[i]);
    }
    if (sorted) {
      return null;
    }
    int[] order = new int[count];
    Arrays.setAll(order, i -> i);
    int[] orderAfter = new int[count];
    long[] before = times.clone();
    long[] after = new long[count];
    for (int shift = 0; shift < Long.SIZE && (largest - smallest) >>> shift != 0; ) {
      int[] ends = new int[DIGITS + 1];
      for (long time : before) {
        ends[(int) ((time - smallest) >>> shift) & (DIGITS - 1)]++;
      }
      int sum = 0;
      for (int i = 0; i <= DIGITS; i++) {
        int size = ends[i];
        ends[i] = sum;
        sum += size;
      }
      for (int i = 0; i < count; i++) {
        int place = ends[(int) ((before[i] - smallest) >>> shift) & (DIGITS - 1)]++;
        after[place] = before[i];
        orderAfter[place] = order[i];
      }
      long[] swapped = before;
      before = after;
      after = swapped;
      int[] swappedOrder = order;
      order = orderAfter;
      orderAfter = swappedOrder;
      shift += DIGIT_BITS;
    }
    System.arraycopy(before, 0, times, 0, count);
    return order;
  }
}
