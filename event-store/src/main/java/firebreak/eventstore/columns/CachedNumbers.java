package firebreak.eventstore.columns;

import firebreak.eventstore.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers in a part file, read where they lie or, when often read, from the cache. */
final class CachedNumbers implements ExactNumbers {
  private final FileNumbers stored;
  private final CacheSlot<DecodedNumbers> slot;

  private CachedNumbers(FileNumbers stored, CacheSlot<DecodedNumbers> slot) {
    this.stored = stored;
    this.slot = slot;
  }

  /**
   * Numbers that may be kept in a cache.
   *
   * @param slots to which the place in the cache is added
   */
  static ExactNumbers of(
      FileNumbers stored, int rows, ColumnCache cache, List<CacheSlot<?>> slots) {
    CacheSlot<DecodedNumbers> slot =
        new CacheSlot<>(
            cache,
            (long) rows * (stored.isNarrow() ? Integer.BYTES : Double.BYTES),
            rows,
            () -> stored.isNarrow() ? stored.decodeInts(rows) : stored.decodeDoubles(rows));
    slots.add(slot);
    return new CachedNumbers(stored, slot);
  }

  @Override
  public double at(int row) {
    DecodedNumbers decoded = slot.peek();
    return decoded == null ? stored.at(row) : decoded.at(row);
  }

  @Override
  public void read(int from, int count, double[] into) {
    DecodedNumbers decoded = slot.get(count);
    if (decoded == null) {
      stored.read(from, count, into);
    } else {
      decoded.read(from, count, into);
    }
  }

  @Override
  public void gather(int[] rows, int count, double[] into) {
    DecodedNumbers decoded = slot.get((long) count * CacheSlot.SINGLE_ROW);
    if (decoded == null) {
      stored.gather(rows, count, into);
    } else {
      decoded.gather(rows, count, into);
    }
  }

  @Override
  public @Nullable Value value(int row) {
    return stored.value(row);
  }

  @Override
  public boolean isWhole() {
    return stored.isWhole();
  }

  @Override
  public void exact(int from, int count, long[] into, boolean[] present) {
    stored.exact(from, count, into, present);
  }
}
