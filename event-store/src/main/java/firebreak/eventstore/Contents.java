package firebreak.eventstore;

import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.lucene.index.DirectoryReader;

/**
 * What the store holds between two changes of its parts: for each dataset the part files, then the
 * rows in memory, both in the order of appending, and the index that leads to the files. It never
 * changes, except that its rows in memory grow. Whoever reads it keeps its files open until they
 * release it.
 */
final class Contents {
  /**
   * One dataset.
   *
   * @param fresh the rows in memory; the last ones are still added to unless they are frozen
   * @param lastTime the latest time of a row in a part file
   */
  record Slot(List<StoredPart> parts, List<FreshRows> fresh, long lastTime) {
    static final Slot EMPTY = new Slot(List.of(), List.of(), Long.MIN_VALUE);

    static Slot of(List<StoredPart> parts, List<FreshRows> fresh) {
      long last = Long.MIN_VALUE;
      for (StoredPart part : parts) {
        last = Math.max(last, part.entry().lastTime());
      }
      return new Slot(List.copyOf(parts), List.copyOf(fresh), last);
    }

    long rows() {
      long rows = 0;
      for (StoredPart part : parts) {
        rows += part.part() == null ? 0 : part.entry().rows();
      }
      for (FreshRows one : fresh) {
        rows += one.rows();
      }
      return rows;
    }
  }

  private final Map<String, Slot> slots;
  private final DirectoryReader reader;
  private final AtomicInteger users = new AtomicInteger(1);

  Contents(Map<String, Slot> slots, DirectoryReader reader) {
    this.slots = Map.copyOf(slots);
    this.reader = reader;
    reader.incRef();
    this.slots.values().forEach(slot -> slot.parts().forEach(StoredPart::acquire));
  }

  /** Becomes a user, unless the contents have been given up. */
  boolean tryAcquire() {
    for (int now = users.get(); now > 0; now = users.get()) {
      if (users.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  void release() {
    if (users.decrementAndGet() > 0) {
      return;
    }
    slots.values().forEach(slot -> slot.parts().forEach(StoredPart::release));
    try {
      reader.decRef();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Map<String, Slot> slots() {
    return slots;
  }

  Slot slot(String dataset) {
    return slots.getOrDefault(dataset, Slot.EMPTY);
  }

  /** A copy of the slots, to make the next contents of. */
  Map<String, Slot> copy() {
    return new HashMap<>(slots);
  }

  DirectoryReader reader() {
    return reader;
  }

  List<StoredPart> parts() {
    return slots.values().stream().flatMap(slot -> slot.parts().stream()).toList();
  }

  List<FreshRows> fresh() {
    return slots.values().stream().flatMap(slot -> slot.fresh().stream()).toList();
  }

  /**
   * The rows of some datasets.
   *
   * @param generation read before this is called, so that it promises no more than is seen
   * @param wanted which part files are to be looked at
   * @param ranges the time that matters: damage outside of it does no harm
   */
  Snapshot snapshot(
      long generation,
      Collection<String> datasets,
      List<TimeRange> ranges,
      Predicate<PartEntry> wanted) {
    Map<String, List<Part>> parts = new HashMap<>();
    for (String dataset : new LinkedHashSet<>(datasets)) {
      Slot slot = slot(dataset);
      List<Part> rows = new ArrayList<>();
      for (StoredPart stored : slot.parts()) {
        Part part = stored.part();
        if (part == null) {
          DamagedPartException.check(stored.entry(), ranges);
        } else if (wanted.test(stored.entry())) {
          rows.add(part);
        }
      }
      for (FreshRows fresh : slot.fresh()) {
        FreshRows.Shown shown = fresh.shown();
        if (shown != null) {
          rows.add(shown.part());
        }
      }
      parts.put(dataset, rows);
    }
    return new Snapshot(generation, parts);
  }
}
