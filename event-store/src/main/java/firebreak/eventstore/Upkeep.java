package firebreak.eventstore;

import firebreak.eventstore.columns.RowFilter;
import firebreak.eventstore.columns.Times;
import firebreak.eventstore.journal.Journal;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What changes the part files, one thing after the other on a thread of its own: rows in memory are
 * written, merged parts exchanged, old ones dropped, events erased. Each ends in one commit of the
 * index, after which the journal behind it is no longer needed.
 */
final class Upkeep implements Closeable {
  private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());

  private final StoreSettings settings;
  private final CurrentContents current;
  private final Commits commits;
  private final PartFiles files;
  private final Applier applier;
  private final Eraser eraser;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("firebreak-upkeep").factory());
  private Runnable sealed = () -> {};
  private @Nullable ScheduledFuture<?> ticks;
  private @Nullable Journal journal;
  private volatile @Nullable Throwable failure;

  /**
   * Makes the upkeep of a store.
   *
   * @param givenUp damaged parts that an operator has renamed to go on without them
   */
  Upkeep(
      StoreSettings settings,
      CurrentContents current,
      Commits commits,
      PartFiles files,
      Applier applier,
      List<PartEntry> givenUp) {
    this.settings = settings;
    this.current = current;
    this.commits = commits;
    this.files = files;
    this.applier = applier;
    eraser = new Eraser(files, givenUp, this::quarantine);
  }

  /**
   * Begins to look after the store by itself.
   *
   * @param afterSealing is told when there are new parts
   */
  void start(Journal openJournal, Runnable afterSealing) {
    long interval = settings.checkInterval().toMillis();
    var _ =
        thread.submit(
            () -> {
              journal = openJournal;
              sealed = afterSealing;
              commits.trim(openJournal);
            });
    ticks = thread.scheduleWithFixedDelay(this::tick, interval, interval, TimeUnit.MILLISECONDS);
  }

  /** Does nothing by itself any more. */
  void pause() throws IOException {
    ScheduledFuture<?> running = ticks;
    if (running != null) {
      running.cancel(false);
    }
    await(() -> true);
  }

  /** There are frozen rows or an order to erase. */
  void wake() {
    if (woken.compareAndSet(false, true)) {
      thread.execute(this::settleAndTell);
    }
  }

  /** Why the last attempt to write failed; null if it did not. */
  @Nullable Throwable failure() {
    return failure;
  }

  private void tick() {
    if (isTimeToSeal()) {
      applier.freezeAll();
    }
    settleAndTell();
  }

  private boolean isTimeToSeal() {
    Journal open = journal;
    if (open != null && (open.bytes() > settings.journalBytes() || open.failure() != null)) {
      return true;
    }
    return read(
        contents ->
            contents.fresh().stream()
                .anyMatch(fresh -> fresh.rows() > 0 && fresh.age() > settings.sealAge().toNanos()));
  }

  private void settleAndTell() {
    woken.set(false);
    try {
      settle();
      failure = null;
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      LOG.log(
          System.Logger.Level.WARNING,
          "Events could not be moved from the journal into part files; they stay in the journal"
              + " and it is tried again",
          e);
    }
  }

  /** What is read of the contents. */
  private interface Reading<T> {
    T of(Contents contents);
  }

  private <T> T read(Reading<T> reading) {
    Contents contents = current.acquire();
    try {
      return reading.of(contents);
    } finally {
      contents.release();
    }
  }

  /** Runs on the upkeep's thread and returns when it is done. */
  <T> T run(Callable<T> work) throws IOException {
    try {
      return thread.submit(work).get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw new IOException(cause.getMessage(), cause);
        case RuntimeException cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the store's upkeep", e);
    }
  }

  /** The same as {@link #settle}, from another thread. */
  void settleNow() throws IOException {
    run(
        () -> {
          settle();
          return true;
        });
  }

  /** Writes all frozen rows and carries out all orders to erase, in their order. */
  void settle() throws IOException {
    while (true) {
      while (seal()) {
        // Until nothing is left before the next erasure.
      }
      if (applier.erasing().isEmpty()) {
        return;
      }
      erase(applier.erasing().getFirst());
    }
  }

  /** Writes some frozen rows; false if there are none to write. */
  private boolean seal() throws IOException {
    commits.settleDoubt();
    Contents contents = current.acquire();
    Commits.Step step = new Commits.Step();
    try {
      contents.slots().forEach((dataset, slot) -> gather(dataset, slot, step));
      if (step.written.isEmpty()) {
        return false;
      }
      for (Commits.Frozen frozen : step.frozen) {
        step.added.addAll(
            files.write(
                frozen.dataset(),
                List.of(frozen.shown().part()),
                RowFilter.ALL,
                new PartFiles.Sequences(frozen.shown().first(), frozen.shown().last())));
        step.sealed.merge(frozen.dataset(), frozen.shown().last(), Math::max);
      }
      commits.commit(step);
      sealed.run();
      return true;
    } catch (IOException | RuntimeException e) {
      step.abandon();
      throw e;
    } finally {
      contents.release();
    }
  }

  private void gather(String dataset, Contents.Slot slot, Commits.Step step) {
    long erasing =
        applier.erasing().stream()
            .filter(order -> order.erasure().dataset().equals(dataset))
            .mapToLong(Applier.Erasing::sequence)
            .min()
            .orElse(Long.MAX_VALUE);
    for (FreshRows fresh : slot.fresh()) {
      FreshRows.Frozen frozen = fresh.frozen();
      if (frozen == null) {
        return;
      }
      FreshRows.Shown shown = frozen.shown();
      if (shown != null && shown.first() > erasing) {
        return;
      }
      if (shown == null) {
        step.written.add(fresh);
        continue;
      }
      if (step.rows >= settings.sealRows()) {
        return;
      }
      step.rows += shown.part().rows();
      step.written.add(fresh);
      step.frozen.add(new Commits.Frozen(dataset, shown));
    }
  }

  private void erase(Applier.Erasing order) throws IOException {
    commits.settleDoubt();
    if (!applier.erasing().contains(order)) {
      return;
    }
    Contents contents = current.acquire();
    Commits.Step step = new Commits.Step();
    String dataset = order.erasure().dataset();
    try {
      eraser.erase(order, contents.slot(dataset).parts(), step);
      step.sealed.put(dataset, order.sequence());
      step.erased = order;
      commits.commit(step);
    } catch (IOException | RuntimeException e) {
      step.abandon();
      throw e;
    } finally {
      contents.release();
    }
  }

  /** Quarantines a part that another thread found damaged. */
  void reportDamaged(StoredPart stored, Exception cause) throws IOException {
    run(
        () -> {
          quarantine(stored, cause);
          return true;
        });
  }

  /** From now on questions that concern the part fail, instead of being answered wrongly. */
  private void quarantine(StoredPart stored, Exception cause) {
    LOG.log(System.Logger.Level.ERROR, DamagedPartException.describe(stored.entry()), cause);
    current.quarantine(stored);
  }

  /**
   * Puts merged parts in the place of those that they were made of; false if these are not what
   * there is any more, or are about to change, and then the new ones go.
   */
  boolean exchange(String dataset, List<StoredPart> before, List<StoredPart> merged)
      throws IOException {
    Commits.Step step = new Commits.Step();
    step.removed.addAll(before);
    step.added.addAll(merged);
    try {
      commits.settleDoubt();
      boolean changes =
          applier.erasing().stream().anyMatch(order -> order.erasure().dataset().equals(dataset));
      if (changes || !new HashSet<>(read(Contents::parts)).containsAll(before)) {
        step.abandon();
        return false;
      }
      commits.commit(step);
      return true;
    } catch (IOException | RuntimeException e) {
      step.abandon();
      throw e;
    }
  }

  /** Drops the dataset's parts all of whose events are older; answers how many events that were. */
  long retain(String dataset, Instant oldest) throws IOException {
    commits.settleDoubt();
    Commits.Step step = new Commits.Step();
    Collection<StoredPart> all = read(contents -> contents.slot(dataset).parts());
    long dropped = 0;
    for (StoredPart stored : all) {
      if (stored.entry().lastTime() < Times.nanos(oldest)) {
        step.removed.add(stored);
        dropped += stored.entry().rows();
      }
    }
    if (!step.removed.isEmpty()) {
      commits.commit(step);
    }
    return dropped;
  }

  /** Does what is under way to its end and stops. */
  @Override
  public void close() {
    end(thread);
  }

  /**
   * Does the last things, after the applier has stopped.
   *
   * @param writes whether rows in memory are written before the others
   */
  void finish(boolean writes, Callable<Boolean> last) throws IOException {
    await(
        () -> {
          if (writes) {
            settleAndTell();
          }
          return last.call();
        });
  }

  /** Does work on the upkeep's thread, however often its caller is interrupted meanwhile. */
  private void await(Callable<Boolean> work) throws IOException {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    thread.execute(
        () -> {
          try {
            done.complete(work.call());
          } catch (Exception | Error e) {
            done.completeExceptionally(e);
          }
        });
    try {
      done.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Returns when everything is done that was left to an executor, whoever interrupts. */
  static void end(ExecutorService executor) {
    executor.shutdown();
    boolean interrupted = false;
    while (!executor.isTerminated()) {
      try {
        executor.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
