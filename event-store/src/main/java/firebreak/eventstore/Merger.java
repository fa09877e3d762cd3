package firebreak.eventstore;

import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.PartFile;
import firebreak.eventstore.columns.RowFilter;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Merges small parts into bigger ones on a thread of its own, so that rows in memory need not wait.
 * Only the exchange of the old parts for the new one is left to the upkeep, which refuses it when
 * the old ones are no longer what there is.
 */
final class Merger implements Closeable {
  private static final System.Logger LOG = System.getLogger(Merger.class.getName());

  private final StoreSettings settings;
  private final CurrentContents current;
  private final PartFiles files;
  private final Upkeep upkeep;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("firebreak-merge").factory());
  private volatile boolean closing;
  private volatile @Nullable Throwable failure;

  Merger(StoreSettings settings, CurrentContents current, PartFiles files, Upkeep upkeep) {
    this.settings = settings;
    this.current = current;
    this.files = files;
    this.upkeep = upkeep;
  }

  /** There are new parts. */
  void wake() {
    if (!closing && woken.compareAndSet(false, true)) {
      thread.execute(this::mergeAll);
    }
  }

  /** Why the last merge failed; null if it did not. */
  @Nullable Throwable failure() {
    return failure;
  }

  private void mergeAll() {
    woken.set(false);
    try {
      for (String dataset : datasets()) {
        boolean merged = true;
        while (merged && !closing) {
          merged = merge(dataset);
        }
      }
      failure = null;
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      LOG.log(System.Logger.Level.WARNING, "Parts could not be merged; it is tried again", e);
    }
  }

  private List<String> datasets() {
    Contents contents = current.acquire();
    try {
      return List.copyOf(contents.slots().keySet());
    } finally {
      contents.release();
    }
  }

  /** Merges some parts of a dataset; false if there was nothing to merge, or it came to nothing. */
  private boolean merge(String dataset) throws IOException {
    Contents contents = current.acquire();
    try {
      List<StoredPart> run = MergeChoice.of(contents.slot(dataset).parts(), settings);
      if (run.isEmpty()) {
        return false;
      }
      List<Part> parts = new ArrayList<>();
      long first = Long.MAX_VALUE;
      long last = 0;
      for (StoredPart stored : run) {
        if (!isSound(stored)) {
          return true;
        }
        Part part = stored.part();
        if (part != null) {
          parts.add(part);
        }
        first = Math.min(first, stored.entry().firstSequence());
        last = Math.max(last, stored.entry().lastSequence());
      }
      List<StoredPart> merged =
          files.write(dataset, parts, RowFilter.ALL, new PartFiles.Sequences(first, last));
      return upkeep.run(() -> upkeep.exchange(dataset, run, merged));
    } finally {
      contents.release();
    }
  }

  /** Verified first, or damage would be written anew under a checksum that is right. */
  private boolean isSound(StoredPart stored) throws IOException {
    try {
      stored.verify(PartFile.Pace.FULL);
      return true;
    } catch (IOException | RuntimeException e) {
      upkeep.reportDamaged(stored, e);
      return false;
    }
  }

  /** Returns when nothing is being merged any more. */
  @Override
  public void close() {
    closing = true;
    Upkeep.end(thread);
  }
}
