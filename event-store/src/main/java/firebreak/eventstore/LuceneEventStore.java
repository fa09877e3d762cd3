package firebreak.eventstore;

import firebreak.eventstore.columns.Snapshot;
import firebreak.eventstore.execution.Deadline;
import firebreak.eventstore.execution.Engine;
import firebreak.eventstore.journal.Change;
import firebreak.eventstore.journal.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The event store on disk.
 *
 * <p>An append is encoded by the thread that makes it and goes to the {@link Journal}. When it is
 * safe there, the {@link Applier} adds it to the rows in memory, and it is acknowledged: the next
 * question sees it. The {@link Upkeep} moves rows from memory into part files, and drops what the
 * journal no longer needs to hold. Questions are answered by the {@link Engine} from the {@link
 * Contents} of the moment.
 */
final class LuceneEventStore implements PersistentEventStore {
  private final OpenStore open;
  private final Semaphore room = new Semaphore(Limits.PENDING_EVENTS, true);
  private final Room disk;
  private volatile boolean closed;

  private LuceneEventStore(OpenStore open) {
    this.open = open;
    disk = new Room(open);
  }

  static LuceneEventStore open(Path directory, StoreSettings settings) {
    return open(directory, settings, StoreDisk.FILES);
  }

  static LuceneEventStore open(Path directory, StoreSettings settings, StoreDisk disk) {
    try {
      return new LuceneEventStore(OpenStore.open(directory, settings, disk));
    } catch (IOException e) {
      throw new UncheckedIOException("The event store in " + directory + " cannot be opened", e);
    }
  }

  /** An append on its way. */
  private final class Pending implements Journal.Receipt {
    private final Applier.Prepared prepared;
    private final int room;
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    Pending(Applier.Prepared prepared, int room) {
      this.prepared = prepared;
      this.room = room;
    }

    @Override
    public void kept(long sequence) {
      open.applier().submit(sequence, prepared, this::end);
    }

    @Override
    public void failed(Exception cause) {
      end(cause);
    }

    private void end(@Nullable Exception failure) {
      LuceneEventStore.this.room.release(room);
      if (failure == null) {
        done.complete(null);
      } else {
        done.completeExceptionally(failure);
      }
    }

    void await() {
      try {
        done.join();
      } catch (CompletionException e) {
        throw new UncheckedIOException(
            new IOException("The events could not be kept", e.getCause()));
      }
    }
  }

  @Override
  public Durability append(String dataset, List<Event> events, @Nullable BatchKey key) {
    checkOpen();
    Durability durability = open.settings().durabilityFor(dataset);
    if (events.isEmpty()) {
      return durability;
    }
    disk.check();
    List<Event> admitted = open.catalogue().admit(dataset, events);
    append(Applier.Prepared.of(new Change.Batch(dataset, admitted, key)), durability);
    return durability;
  }

  private void append(Applier.Prepared prepared, Durability durability) {
    int needed = Math.min(prepared.change().numbers(), Limits.PENDING_EVENTS);
    room.acquireUninterruptibly(needed);
    Pending pending = new Pending(prepared, needed);
    try {
      open.journal().append(prepared.change(), durability, pending);
    } catch (RuntimeException e) {
      room.release(needed);
      throw e;
    }
    pending.await();
  }

  @Override
  public EventStore askedBy(Asker asker) {
    return new AskedStore(this, asker);
  }

  @Override
  public QueryResult query(Query query) {
    return query(query, Asker.PATIENT);
  }

  QueryResult query(Query query, Asker asker) {
    return ask(
        query.datasets(),
        List.of(query.range(), query.earlierRange()),
        List.of(),
        snapshot -> open.engine().query(query, snapshot, deadline(asker)));
  }

  @Override
  public Contrast contrast(Selection selection) {
    return contrast(selection, Asker.PATIENT);
  }

  Contrast contrast(Selection selection, Asker asker) {
    return ask(
        selection.datasets(),
        List.of(selection.range()),
        filters(selection, List.of()),
        snapshot -> open.engine().contrast(selection, snapshot, deadline(asker)));
  }

  @Override
  public List<Pattern> patterns(Selection selection, List<Filter> terms) {
    return patterns(selection, terms, Asker.PATIENT);
  }

  List<Pattern> patterns(Selection selection, List<Filter> terms, Asker asker) {
    if (terms.size() > Limits.PATTERN_TERMS) {
      throw new IllegalArgumentException(
          "patterns take %d terms, were %d".formatted(Limits.PATTERN_TERMS, terms.size()));
    }
    return ask(
        selection.datasets(),
        List.of(selection.range()),
        filters(selection, terms),
        snapshot -> open.engine().patterns(selection, terms, snapshot, deadline(asker)));
  }

  @Override
  public void scan(
      List<String> datasets, TimeRange range, Filter filter, List<String> fields, Visitor visitor) {
    scan(datasets, range, filter, fields, visitor, Asker.PATIENT);
  }

  void scan(
      List<String> datasets,
      TimeRange range,
      Filter filter,
      List<String> fields,
      Visitor visitor,
      Asker asker) {
    ask(
        datasets,
        List.of(range),
        List.of(filter),
        snapshot -> {
          open.engine().scan(datasets, range, filter, fields, visitor, snapshot, deadline(asker));
          return snapshot;
        });
  }

  /** All filters of a question, first the one that says which events take part at all. */
  private static List<Filter> filters(Selection selection, List<Filter> terms) {
    List<Filter> filters = new ArrayList<>(List.of(selection.within(), selection.selected()));
    filters.addAll(terms);
    return selection.derived().isEmpty() ? filters : List.of();
  }

  /**
   * Asks about the contents of this moment.
   *
   * @param filters the first one says which events take part, so that the index can tell which
   *     parts do; none where all do, or where names do not mean stored fields
   */
  private <T> T ask(
      Collection<String> datasets,
      List<TimeRange> ranges,
      List<Filter> filters,
      Function<Snapshot, T> question) {
    checkOpen();
    long generation = open.current().generation();
    Contents contents = open.current().acquire();
    try {
      return question.apply(
          contents.snapshot(
              generation, datasets, ranges, Lookups.narrow(filters, contents.reader())));
    } finally {
      contents.release();
    }
  }

  private Deadline deadline(Asker asker) {
    return new Deadline(open.settings().queryTime(), asker);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the event store is closed");
    }
  }

  @Override
  public SortedMap<String, Long> datasets() {
    return open.read(
        contents -> {
          SortedMap<String, Long> rows = new TreeMap<>();
          contents.slots().forEach((dataset, slot) -> rows.put(dataset, slot.rows()));
          rows.values().removeIf(count -> count == 0);
          return rows;
        });
  }

  @Override
  public SortedMap<String, FieldType> fields(String dataset) {
    return open.catalogue().fields(dataset);
  }

  @Override
  public void onAppend(AppendListener listener) {
    open.applier().onAppend(listener);
  }

  @Override
  public long retain(String dataset, Instant oldest) {
    return operate("drop old events", () -> open.upkeep().retain(dataset, oldest));
  }

  @Override
  public long erase(String dataset, Filter filter) {
    checkOpen();
    Applier.Prepared order = Applier.Prepared.of(new Change.Erasure(dataset, filter));
    append(order, Durability.DURABLE);
    return operate(
        "erase events, and will try it again",
        () -> {
          open.upkeep().settle();
          return erased(order);
        });
  }

  private static long erased(Applier.Prepared order) {
    try {
      return order.erased().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IncompleteErasureException incomplete) {
        throw incomplete;
      }
      throw e;
    }
  }

  @Override
  public void snapshot(Path target) {
    operate("make a snapshot", () -> new SnapshotCopy(open, target).run());
  }

  @Override
  public List<String> scrub() {
    checkOpen();
    return new Scrub(open).run();
  }

  @Override
  public StoreStatus status() {
    return operate("tell its state", open::status);
  }

  private <T> T operate(String what, Callable<T> work) {
    checkOpen();
    try {
      return open.upkeep().run(work);
    } catch (IOException e) {
      throw new UncheckedIOException("The store could not " + what, e);
    }
  }

  /** How often the journal was forced to disk. */
  long forces() {
    return open.journal().forces();
  }

  /** Writes all rows in memory to part files. */
  void seal() {
    open.applier().freezeAll();
    operate(
        "write part files",
        () -> {
          open.upkeep().settle();
          return true;
        });
  }

  /** Closes as a crash does: without writing anything, leaving the journal to the next start. */
  void abandon() {
    close(false);
  }

  @Override
  public void close() {
    close(true);
  }

  private synchronized void close(boolean writes) {
    if (closed) {
      return;
    }
    closed = true;
    try {
      open.close(writes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
