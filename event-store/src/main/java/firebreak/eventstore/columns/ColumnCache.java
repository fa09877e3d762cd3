package firebreak.eventstore.columns;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Columns of part files, decoded, up to a budget of bytes. A column is decoded when so much of it
 * has been read where it lies that decoding would have paid; when there is no room left, the one
 * that was not used for longest has to go.
 */
public final class ColumnCache {
  private final long budget;
  private final List<CacheSlot<?>> filled = new ArrayList<>();
  private long used;

  /** Rises with every column that comes; uses are told apart by it. */
  private volatile long clock;

  /**
   * @param budget how many bytes decoded columns may take together
   */
  public ColumnCache(long budget) {
    this.budget = budget;
  }

  /** How many bytes decoded columns take. */
  public synchronized long bytes() {
    return used;
  }

  long clock() {
    return clock;
  }

  /**
   * Makes room for a column.
   *
   * @param patient whether others may have to go for it
   */
  synchronized boolean reserve(CacheSlot<?> slot, boolean patient) {
    if (slot.bytes() > budget || (used + slot.bytes() > budget && !patient)) {
      return false;
    }
    while (used + slot.bytes() > budget) {
      CacheSlot<?> oldest = oldest();
      if (oldest == null) {
        return false;
      }
      release(oldest);
      oldest.empty();
    }
    used += slot.bytes();
    filled.add(slot);
    clock++;
    return true;
  }

  private @Nullable CacheSlot<?> oldest() {
    CacheSlot<?> oldest = null;
    for (CacheSlot<?> slot : filled) {
      if (slot.isFilled() && (oldest == null || slot.lastUse() < oldest.lastUse())) {
        oldest = slot;
      }
    }
    return oldest;
  }

  /** Gives back the room of a column. */
  synchronized void release(CacheSlot<?> slot) {
    if (filled.remove(slot)) {
      used -= slot.bytes();
    }
  }
}
