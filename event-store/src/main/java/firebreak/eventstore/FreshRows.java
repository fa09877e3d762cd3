package firebreak.eventstore;

import firebreak.eventstore.columns.Memtable;
import firebreak.eventstore.columns.Part;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one dataset that lie in memory, and in the journal, and not yet in a part file. The
 * store's thread adds to them; others see what was last shown.
 */
final class FreshRows {
  private static final int ROWS_BETWEEN_MEASURES = 4_096;

  /**
   * What others see.
   *
   * @param first the sequence number of the first row
   * @param last the last sequence number of which a row may have come
   */
  record Shown(Part part, long first, long last) {}

  /**
   * Rows to which nothing is added any more.
   *
   * @param shown null where there are none
   */
  record Frozen(@Nullable Shown shown) {}

  private final Memtable memtable = new Memtable();
  private final KnownKeys keys = new KnownKeys();
  private final List<Event> waiting = new ArrayList<>();
  private final List<@Nullable EventKey> waitingKeys = new ArrayList<>();
  private final long born = System.nanoTime();
  private int rows;
  private int measuredAt;
  private volatile long bytes;
  private volatile @Nullable Shown shown;
  private volatile boolean frozen;

  boolean contains(EventKey key) {
    return keys.contains(
        key,
        row -> {
          int place = row - rows;
          return place < 0 ? key.isOf(memtable.view(), row) : key.equals(waitingKeys.get(place));
        });
  }

  /** Takes an event, which becomes a row when the rows are next shown. */
  void add(Event event, @Nullable EventKey key) {
    if (key != null) {
      keys.add(key, rows + waiting.size());
    }
    waiting.add(event);
    waitingKeys.add(key);
  }

  /** Lets others see all rows so far, which come from changes numbered from first to last. */
  void show(long first, long last) {
    memtable.add(waiting);
    waiting.clear();
    waitingKeys.clear();
    Shown before = shown;
    Part part = memtable.view();
    rows = part.rows();
    shown = new Shown(part, before == null ? first : before.first(), last);
    if (measuredAt == 0 || rows - measuredAt >= ROWS_BETWEEN_MEASURES) {
      measuredAt = rows;
      bytes = memtable.bytes() + keys.bytes();
    }
  }

  /** Whether an event can become a row. */
  static boolean takes(Event event) {
    try {
      new Memtable().add(event);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  @Nullable Shown shown() {
    return shown;
  }

  int rows() {
    Shown now = shown;
    return now == null ? 0 : now.part().rows();
  }

  /** Nothing more is added; the rows may be written. */
  void freeze() {
    frozen = true;
  }

  /** All rows there will ever be, when nothing is added any more; null before. */
  @Nullable Frozen frozen() {
    return frozen ? new Frozen(shown) : null; // in this order, or rows shown between are missed
  }

  /** About how much memory the rows take. */
  long bytes() {
    return bytes;
  }

  /** How many nanoseconds ago the first row may have come. */
  long age() {
    return System.nanoTime() - born;
  }
}
