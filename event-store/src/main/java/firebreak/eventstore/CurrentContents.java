package firebreak.eventstore;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.DirectoryReader;

/** Leads to the contents of the store as they are now, and replaces them as a whole. */
final class CurrentContents {
  private static final Comparator<StoredPart> IN_ORDER =
      Comparator.<StoredPart>comparingLong(part -> part.entry().firstSequence())
          .thenComparingLong(part -> part.entry().firstTime());

  private final AtomicLong generation = new AtomicLong();
  private volatile Contents contents;
  private volatile boolean closed;

  CurrentContents(DirectoryReader reader, Collection<StoredPart> parts) {
    contents = new Contents(Map.of(), reader);
    publish(Set.of(), Set.of(), parts, reader);
  }

  /** The contents, of which the caller is now a user. */
  Contents acquire() {
    while (!closed) {
      Contents now = contents;
      if (now.tryAcquire()) {
        return now;
      }
      Thread.onSpinWait();
    }
    throw new IllegalStateException("the event store is closed");
  }

  /** Rises with every change. */
  long generation() {
    return generation.get();
  }

  void changed() {
    generation.incrementAndGet();
  }

  /** Adds rows that are empty yet. */
  synchronized void add(String dataset, FreshRows fresh) {
    Map<String, Contents.Slot> slots = contents.copy();
    Contents.Slot slot = contents.slot(dataset);
    List<FreshRows> all = new ArrayList<>(slot.fresh());
    all.add(fresh);
    slots.put(dataset, Contents.Slot.of(slot.parts(), all));
    replace(new Contents(slots, contents.reader()));
  }

  /** Puts new parts in the place of rows in memory or of old parts. */
  synchronized void publish(
      Set<FreshRows> written,
      Set<StoredPart> removed,
      Collection<StoredPart> added,
      DirectoryReader reader) {
    Map<String, Contents.Slot> slots = contents.copy();
    Set<String> datasets = new HashSet<>(slots.keySet());
    added.forEach(part -> datasets.add(part.entry().dataset()));
    for (String dataset : datasets) {
      Contents.Slot slot = contents.slot(dataset);
      List<StoredPart> parts = new ArrayList<>(slot.parts());
      parts.removeAll(removed);
      added.stream().filter(part -> part.entry().dataset().equals(dataset)).forEach(parts::add);
      parts.sort(IN_ORDER);
      List<FreshRows> fresh = new ArrayList<>(slot.fresh());
      fresh.removeAll(written);
      slots.put(dataset, Contents.Slot.of(parts, fresh));
    }
    replace(new Contents(slots, reader));
  }

  /** Lets nobody read a damaged part any more. */
  synchronized void quarantine(StoredPart stored) {
    if (contents.parts().contains(stored)) {
      publish(Set.of(), Set.of(stored), Set.of(stored.asDamaged()), contents.reader());
      stored.release();
    }
  }

  private void replace(Contents next) {
    Contents before = contents;
    contents = next;
    generation.incrementAndGet();
    before.release();
  }

  /** Gives the contents up; nobody may acquire them any more. */
  synchronized void close() {
    closed = true;
    contents.release();
  }
}
