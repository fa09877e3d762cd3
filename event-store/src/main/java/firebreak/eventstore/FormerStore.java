package firebreak.eventstore;

import firebreak.eventstore.journal.Change;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Brings a data directory over that the former version wrote, which kept its events in the index.
 * They are written to part files in a directory of their own, which takes its place in one step; if
 * the process dies before, the next start begins anew. What the former journal has beyond the index
 * is then read as ever.
 */
final class FormerStore implements Closeable {
  private static final String INDEX = "index";
  private static final String WORK = "bringing-over";
  private static final int BATCH = 1_000;

  private final OpenStore store;
  private final List<Event> batch = new ArrayList<>();
  private String dataset = "";
  private long first;

  private FormerStore(OpenStore store) {
    this.store = store;
  }

  static void bringOver(Path path, StoreSettings settings, StoreDisk disk) throws IOException {
    Path index = path.resolve(INDEX);
    Path work = path.resolve(WORK);
    Path parts = path.resolve(OpenStore.PARTS);
    if (!Files.exists(index)) {
      return;
    }
    delete(work);
    if (!Files.exists(parts)) {
      try (FormerIndex former = new FormerIndex(index);
          FormerStore target = new FormerStore(OpenStore.open(work, settings, disk))) {
        former.fields().forEach(target.store.catalogue()::restore);
        former.readAll(target::take);
        target.flush();
      }
      Files.move(work.resolve(OpenStore.PARTS), parts, StandardCopyOption.ATOMIC_MOVE);
      disk.journal().forceDirectory(path);
      delete(work);
    }
    delete(index);
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = new ArrayList<>(all.toList());
    }
    Collections.reverse(files);
    for (Path file : files) {
      Files.delete(file);
    }
  }

  private void take(long sequence, String ofDataset, Event event) throws IOException {
    if (batch.size() == BATCH || !ofDataset.equals(dataset) || sequence != first + batch.size()) {
      flush();
      dataset = ofDataset;
      first = sequence;
    }
    batch.add(event);
  }

  private void flush() throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    // Without keys: what was kept twice then stays as it was.
    List<@Nullable EventKey> keys = new ArrayList<>();
    batch.forEach(_ -> keys.add(null));
    Change change = new Change.Batch(dataset, List.copyOf(batch));
    store
        .applier()
        .submit(
            first,
            new Applier.Prepared(change, keys, new CompletableFuture<>()),
            failure -> {
              if (failure == null) {
                done.complete(null);
              } else {
                done.completeExceptionally(failure);
              }
            });
    done.join();
    batch.clear();
    if (store.freshBytes() > store.settings().memoryBytes()) {
      store.upkeep().settleNow();
    }
  }

  /** Writes everything to part files. */
  @Override
  public void close() throws IOException {
    store.close(true);
  }
}
