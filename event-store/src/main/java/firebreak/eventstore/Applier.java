package firebreak.eventstore;

import firebreak.eventstore.journal.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings changes from the journal into memory, in the journal's order: drops duplicates, adds rows,
 * tells listeners. It does so on a thread of its own, except that the journal is read again on the
 * thread that opens the store.
 */
final class Applier {
  private static final System.Logger LOG = System.getLogger(Applier.class.getName());

  private static final String BROKEN =
      "The store failed while it took events into memory; start it again.";

  /** What the applier's thread is to do. */
  private sealed interface Task {
    /** Ends the thread. */
    record Stop() implements Task {}

    /** Lets the rows in memory of some datasets be written; of all of them where none is named. */
    record Freeze(@Nullable String dataset, CompletableFuture<@Nullable Void> done)
        implements Task {}

    /** Applies a change. */
    record Apply(long sequence, Prepared prepared, Outcome outcome) implements Task {}
  }

  /** Is told whether a change was applied, on the applier's thread. */
  @FunctionalInterface
  interface Outcome {
    void applied(@Nullable Exception failure);
  }

  /**
   * A change with the keys of its events, worked out before it is its turn.
   *
   * @param erased how many events were erased, once they are
   */
  record Prepared(Change change, List<@Nullable EventKey> keys, CompletableFuture<Long> erased) {
    static Prepared of(Change change) {
      List<@Nullable EventKey> keys = new ArrayList<>();
      if (change instanceof Change.Batch batch) {
        batch.events().forEach(event -> keys.add(EventKey.of(event)));
      }
      return new Prepared(change, keys, new CompletableFuture<>());
    }
  }

  /** An order to erase that is not carried out yet. */
  record Erasing(long sequence, Change.Erasure erasure, CompletableFuture<Long> erased) {}

  private final StoreSettings settings;
  private final CurrentContents current;
  private final BatchKeys batchKeys;
  private final Runnable wakeUpkeep;
  private final LinkedBlockingQueue<Task> queue = new LinkedBlockingQueue<>();
  private final List<EventStore.AppendListener> listeners = new CopyOnWriteArrayList<>();
  private final List<Erasing> erasing = new CopyOnWriteArrayList<>();
  private final Map<String, FreshRows> active = new HashMap<>();
  private final Thread thread = new Thread(this::run, "firebreak-store");
  private final AtomicLong duplicates = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile long applied;
  private volatile @Nullable Throwable failure;

  Applier(
      StoreSettings settings,
      CurrentContents current,
      BatchKeys batchKeys,
      long applied,
      Runnable wakeUpkeep) {
    this.settings = settings;
    this.current = current;
    this.batchKeys = batchKeys;
    this.applied = applied;
    this.wakeUpkeep = wakeUpkeep;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  void onAppend(EventStore.AppendListener listener) {
    listeners.add(listener);
  }

  /** Leaves a change, whose numbers start at {@code sequence}, to the applier's thread. */
  void submit(long sequence, Prepared prepared, Outcome outcome) {
    queue.add(new Task.Apply(sequence, prepared, outcome));
  }

  /** Returns when all rows that are now in memory may be written. */
  void freezeAll() {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    queue.add(new Task.Freeze(null, done));
    done.join();
  }

  /** Applies what was submitted and stops. */
  void stop() {
    queue.add(new Task.Stop());
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    boolean running = true;
    while (running) {
      try {
        switch (queue.take()) {
          case Task.Stop() -> running = false;
          case Task.Freeze(String dataset, var done) -> {
            freeze(dataset);
            done.complete(null);
          }
          case Task.Apply(long sequence, Prepared prepared, Outcome outcome) ->
              apply(sequence, prepared, outcome);
        }
      } catch (InterruptedException e) {
        // Nobody has this thread to interrupt it.
        LOG.log(System.Logger.Level.WARNING, "The store's thread was interrupted", e);
      }
    }
  }

  /**
   * Applies a change. If it fails half-way the rows in memory may be wrong from there on, so that
   * no other is applied: the next start reads them all from the journal.
   */
  private void apply(long sequence, Prepared prepared, Outcome outcome) {
    Throwable before = failure;
    if (before != null) {
      outcome.applied(new IllegalStateException(BROKEN, before));
      return;
    }
    try {
      apply(sequence, prepared);
      outcome.applied(null);
    } catch (RuntimeException | Error e) {
      failure = e;
      LOG.log(System.Logger.Level.ERROR, BROKEN, e);
      outcome.applied(new IllegalStateException(BROKEN, e));
    }
  }

  /** Applies a change at once. Only for use before {@link #start}. */
  void apply(long sequence, Prepared prepared) {
    long last = sequence + prepared.change().numbers() - 1;
    switch (prepared.change()) {
      case Change.Batch batch -> apply(sequence, last, batch, prepared.keys());
      case Change.Erasure erasure -> {
        freeze(erasure.dataset());
        erasing.add(new Erasing(sequence, erasure, prepared.erased()));
      }
    }
    applied = last;
    current.changed();
  }

  private void apply(long first, long last, Change.Batch batch, List<@Nullable EventKey> keys) {
    FreshRows fresh = active(batch.dataset());
    Contents contents = current.acquire();
    List<Event> kept;
    try {
      if (isRepeated(batch, first, contents)) {
        duplicates.addAndGet(batch.events().size());
        return;
      }
      kept = add(batch, keys, contents, fresh);
    } finally {
      contents.release();
    }
    if (kept.isEmpty()) {
      return;
    }
    try {
      fresh.show(first, last);
    } catch (RuntimeException e) {
      kept = showWithout(batch.dataset(), kept, first, last, e);
    }
    current.changed();
    seal(batch.dataset());
    tell(batch.dataset(), kept);
  }

  /** Shows those of the events that can become rows, so that no other can stop them. */
  private List<Event> showWithout(
      String dataset, List<Event> events, long first, long last, RuntimeException cause) {
    List<Event> sound = new ArrayList<>();
    for (Event event : events) {
      if (FreshRows.takes(event)) {
        sound.add(event);
      } else {
        refused.incrementAndGet();
        LOG.log(System.Logger.Level.ERROR, "An event was refused and is lost: " + event, cause);
      }
    }
    if (sound.size() == events.size()) {
      throw cause;
    }
    // Those of before may hold half an event behind the rows that are shown.
    FreshRows before = active(dataset);
    before.freeze();
    active.remove(dataset);
    FreshRows fresh = active(dataset);
    sound.forEach(event -> fresh.add(event, EventKey.of(event)));
    fresh.show(first, last);
    return sound;
  }

  private void seal(String dataset) {
    FreshRows fresh = active.get(dataset);
    if (fresh != null
        && (fresh.rows() >= settings.sealRows() || fresh.bytes() >= settings.sealBytes())) {
      freeze(dataset);
    }
  }

  private boolean isRepeated(Change.Batch batch, long sequence, Contents contents) {
    BatchKey key = batch.key();
    try {
      return key != null && batchKeys.isRepeated(batch.dataset(), key, sequence, contents.reader());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "The key of a batch could not be looked up", e);
      return false;
    }
  }

  private List<Event> add(
      Change.Batch batch, List<@Nullable EventKey> keys, Contents contents, FreshRows fresh) {
    Contents.Slot slot = contents.slot(batch.dataset());
    List<Event> kept = new ArrayList<>(batch.events().size());
    for (int i = 0; i < keys.size(); i++) {
      EventKey key = keys.get(i);
      if (key != null && isKnown(key, slot, contents)) {
        duplicates.incrementAndGet();
        continue;
      }
      Event event = batch.events().get(i);
      fresh.add(event, key);
      kept.add(event);
    }
    return kept;
  }

  private static boolean isKnown(EventKey key, Contents.Slot slot, Contents contents) {
    for (FreshRows fresh : slot.fresh()) {
      if (fresh.contains(key)) {
        return true;
      }
    }
    return switch (key) {
      case EventKey.Span span ->
          span.time() <= slot.lastTime()
              && slot.parts().stream()
                  .anyMatch(part -> part.part() != null && span.isIn(part.part()));
      case EventKey.Id id -> !slot.parts().isEmpty() && isIndexed(id, slot, contents);
    };
  }

  private static boolean isIndexed(EventKey.Id id, Contents.Slot slot, Contents contents) {
    try {
      var files = Terms.files(contents.reader(), EventKey.EVENT_ID, id.value());
      return !files.isEmpty()
          && slot.parts().stream().anyMatch(part -> files.contains(part.entry().file()));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "The id of an event could not be looked up", e);
      return false;
    }
  }

  private void tell(String dataset, List<Event> events) {
    for (EventStore.AppendListener listener : listeners) {
      try {
        listener.appended(dataset, events);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "A listener failed", e);
      }
    }
  }

  private FreshRows active(String dataset) {
    FreshRows fresh = active.get(dataset);
    if (fresh == null) {
      fresh = new FreshRows();
      active.put(dataset, fresh);
      current.add(dataset, fresh);
    }
    return fresh;
  }

  /** Lets rows be written that are in memory now; what comes next goes to others. */
  private void freeze(@Nullable String dataset) {
    for (String name : dataset == null ? List.copyOf(active.keySet()) : Arrays.asList(dataset)) {
      FreshRows fresh = active.get(name);
      if (fresh != null && fresh.rows() > 0) {
        fresh.freeze();
        active.remove(name);
      }
    }
    wakeUpkeep.run();
  }

  /** Orders to erase that are not carried out yet, oldest first. */
  List<Erasing> erasing() {
    return erasing;
  }

  /** Why nothing is applied any more; null if all is well. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** The number up to which everything of the journal is in the contents. */
  long applied() {
    return applied;
  }

  long duplicates() {
    return duplicates.get();
  }

  long refused() {
    return refused.get();
  }
}
