package firebreak.deploytracker;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds, deploys, flag changes and markers on one timeline, kept in the event store.
 *
 * <p>Each telling of a change that says something new is one event; tellings are folded by id, and
 * the fold is kept in memory, rebuilt from the store on start. The order in which tellings arrive
 * does not matter. Safe for use by many threads.
 */
public final class ChangeLog {

  /** The dataset that holds the timeline. */
  public static final String DATASET = "firebreak.changes";

  /** Beyond this many the oldest are no longer read, though the store still holds them. */
  public static final int CHANGES_AT_MOST = 100_000;

  private static final Comparator<Change> OLDEST_FIRST =
      Comparator.comparing(Change::time).thenComparing(change -> change.id());
  private static final TimeRange ALWAYS = new TimeRange(Telling.EARLIEST, Telling.LATEST);
  private static final int LOCKS = 64;

  /** A change in its latest state and the fold that it was read from. */
  private record Entry(Folded folded, Change change) {}

  private final EventStore store;
  private final int atMost;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();

  /** One of these is held over a change's append, so that tellings of others share its fsync. */
  private final List<Lock> locks = Stream.<Lock>generate(ReentrantLock::new).limit(LOCKS).toList();

  public ChangeLog(EventStore store) {
    this(store, CHANGES_AT_MOST);
  }

  ChangeLog(EventStore store, int atMost) {
    this.store = store;
    this.atMost = atMost;
    store.scan(
        List.of(DATASET),
        ALWAYS,
        Filter.ALL,
        List.of(),
        event -> {
          Telling.change(event).ifPresent(this::replay);
          return true;
        });
  }

  private void replay(Change telling) {
    Entry known = entries.get(telling.id());
    if (known == null || sameKind(known, telling)) {
      entries.put(telling.id(), entry(known, telling));
    }
    forgetOldest();
  }

  /**
   * Keeps the change, or its newer state; returns when it is on disk; false when it says nothing
   * new.
   *
   * @throws IllegalArgumentException if it has no id, the id of a change of another kind, a time
   *     that no clock shows, or text beyond what one change may hold
   */
  public boolean record(Change change) {
    Event event = Telling.event(change);
    Lock lock = locks.get(Math.floorMod(change.id().hashCode(), LOCKS));
    Entry next;
    lock.lock();
    try {
      Entry known = entries.get(change.id());
      if (known != null && !sameKind(known, change)) {
        throw new IllegalArgumentException(
            "change %s is a %s, was told of as a %s"
                .formatted(
                    change.id(), ChangeFields.kind(known.change()), ChangeFields.kind(change)));
      }
      next = entry(known, change);
      if (next.equals(known)) {
        return false;
      }
      store.append(DATASET, List.of(event));
      entries.put(change.id(), next);
    } finally {
      lock.unlock();
    }
    forgetOldest();
    listeners.forEach(listener -> listener.accept(next.change()));
    return true;
  }

  /** The changes whose time lies in the range, each in its latest state, oldest first. */
  public List<Change> changes(TimeRange range) {
    return entries.values().stream()
        .map(Entry::change)
        .filter(change -> range.contains(change.time()))
        .sorted(OLDEST_FIRST)
        .toList();
  }

  public Optional<Change> find(String id) {
    return Optional.ofNullable(entries.get(id)).map(Entry::change);
  }

  /** Calls with each change that says something new, after it is on disk. */
  public void onRecord(Consumer<Change> listener) {
    listeners.add(listener);
  }

  private static Entry entry(@Nullable Entry known, Change telling) {
    Folded before = known == null ? Folded.NOTHING : known.folded();
    Folded folded = before.with(telling);
    return known != null && folded.equals(before) ? known : new Entry(folded, folded.change());
  }

  private static boolean sameKind(Entry known, Change telling) {
    return known.change().getClass() == telling.getClass();
  }

  /** Drops a tenth at once, so that the sorting is paid for rarely. */
  private void forgetOldest() {
    if (entries.size() <= atMost) {
      return;
    }
    entries.values().stream()
        .map(Entry::change)
        .sorted(OLDEST_FIRST)
        .limit(Math.max(1, atMost / 10))
        .forEach(change -> entries.remove(change.id()));
  }
}
