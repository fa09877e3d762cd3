package firebreak.deploytracker;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
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
          Telling.change(event).ifPresent(change -> replay(change, Telling.asOf(event)));
          return true;
        });
  }

  private void replay(Change telling, @Nullable Instant asOf) {
    Entry known = entries.get(telling.id());
    if (known == null || sameKind(known, telling)) {
      entries.put(telling.id(), entry(known, telling, asOf));
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
    return keep(change, _ -> new Step(Settled.NEWS, null)) == Settled.NEWS;
  }

  /** What became of a word of the source's own. */
  public enum Settled {
    /** It is what is known. */
    KNOWN,
    /** It says more than was told. */
    NEWS,
    /** It says something else than was told, and stands. */
    CORRECTED,
    /** It is older than what was told: the source may not have caught up with what it sends. */
    BEHIND
  }

  /**
   * Keeps what the source of a change says when it is asked: that stands, whatever was told. As
   * {@link #record} otherwise.
   *
   * @param asOf up to when the source knew of it, by the source's own clock
   * @param insists whether it stands even where something was told that ended later
   */
  public Settled settle(Change said, Instant asOf, boolean insists) {
    return keep(said, known -> step(known, said, asOf, insists));
  }

  /**
   * What is to be done with a telling.
   *
   * @param asOf null where it is kept as any other
   */
  private record Step(Settled became, @Nullable Instant asOf) {}

  private static Step step(@Nullable Entry known, Change said, Instant asOf, boolean insists) {
    if (known == null || agree(entry(known, said, null).change(), said)) {
      return new Step(Settled.NEWS, null);
    }
    Instant told = end(known.change());
    boolean isBehind = told != null && told.isAfter(asOf);
    if (isBehind && !insists) {
      return new Step(Settled.BEHIND, null);
    }
    Instant at = isBehind && told != null ? told : asOf;
    Instant before = known.folded().settled();
    return new Step(Settled.CORRECTED, at.isAfter(before) ? at : before.plusMillis(1));
  }

  private static boolean agree(Change one, Change other) {
    return switch (one) {
      case Change.Build build -> build.state() == ((Change.Build) other).state();
      case Change.Deploy deploy -> deploy.state() == ((Change.Deploy) other).state();
      case Change.Marker marker -> marker.commit().equals(((Change.Marker) other).commit());
      case Change.FlagChange _ -> true;
    };
  }

  private static @Nullable Instant end(Change change) {
    return switch (change) {
      case Change.Build build -> build.finishedAt();
      case Change.Deploy deploy -> deploy.finishedAt();
      case Change.Marker marker -> marker.finishedAt();
      case Change.FlagChange _ -> null;
    };
  }

  private Settled keep(Change change, Function<@Nullable Entry, Step> decide) {
    Event told = Telling.event(change, null);
    Lock lock = locks.get(Math.floorMod(change.id().hashCode(), LOCKS));
    Entry next;
    Step step;
    lock.lock();
    try {
      Entry known = entries.get(change.id());
      if (known != null && !sameKind(known, change)) {
        throw new IllegalArgumentException(
            "change %s is a %s, was told of as a %s"
                .formatted(
                    change.id(), ChangeFields.kind(known.change()), ChangeFields.kind(change)));
      }
      step = decide.apply(known);
      if (step.became() == Settled.BEHIND) {
        return Settled.BEHIND;
      }
      next = entry(known, change, step.asOf());
      if (next.equals(known)) {
        return Settled.KNOWN;
      }
      store.append(
          DATASET, List.of(step.asOf() == null ? told : Telling.event(change, step.asOf())));
      entries.put(change.id(), next);
    } finally {
      lock.unlock();
    }
    forgetOldest();
    listeners.forEach(listener -> listener.accept(next.change()));
    return step.became();
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

  private static Entry entry(@Nullable Entry known, Change telling, @Nullable Instant asOf) {
    Folded before = known == null ? Folded.NOTHING : known.folded();
    Folded folded = before.with(telling, asOf);
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
