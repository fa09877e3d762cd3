package firebreak.eventstore.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Durability;
import firebreak.eventstore.Figures;
import firebreak.eventstore.Numbered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A force that failed is never tried again to success. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("durability")
final class FailedForceTest {
  private static final long SEED = Long.getLong("firebreak.seed", 20_260_301L);
  private static final int FILE_BYTES = 2_000;
  private static final int WRITERS = 3;
  private static final int APPENDS = 40;

  @TempDir Path directory;

  private static Journal open(Path directory, JournalDisk disk) throws IOException {
    return new Journal(
        directory, JournalReader.replay(directory, 0, (_, _) -> {}), disk, FILE_BYTES);
  }

  private static List<Long> found(Path directory) throws IOException {
    List<Long> found = new ArrayList<>();
    JournalReader.replay(
        directory,
        0,
        (_, change) ->
            ((Change.Batch) change).events().forEach(event -> found.add(Numbered.of(event))));
    return found;
  }

  @Test
  void acknowledgesNothingFalselyWhicheverForceFails() throws Exception {
    Figures figures = new Figures("R7", "the n-th force fails, then the power");
    int points = Figures.runs("forces", 100, 2_000);
    long refusals = 0;
    for (int point = 0; point < points; point++) {
      Path folder = Files.createDirectory(directory.resolve("at-" + point));
      FaultyDisk disk = new FaultyDisk(SEED + point);
      disk.failForceAfter(point % 100);
      Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
      AtomicLong refused = new AtomicLong();
      try (Journal journal = open(folder, disk)) {
        append(journal, acknowledged, refused);
        disk.cutPower();
      }
      Numbered.Difference difference = Numbered.compare(acknowledged, found(folder));
      figures.ran(1);
      figures.falselyAcknowledged(difference.lost().size());
      figures.lost(difference.events());
      refusals += refused.get();
      assertTrue(difference.isNone(), "seed " + SEED + ", force " + point + ": " + difference);
    }
    assertTrue(refusals >= points / 2, "hardly any force failed: " + refusals);
    figures.write();
  }

  private static void append(Journal journal, Queue<Long> acknowledged, AtomicLong refused)
      throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int writer = 0; writer < WRITERS; writer++) {
      int first = writer * APPENDS;
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (long number = first; number < first + APPENDS; number++) {
                  try {
                    journal.append(new Change.Batch(Numbered.DATASET, Numbered.events(number, 1)));
                    acknowledged.add(number);
                  } catch (UncheckedIOException e) {
                    refused.incrementAndGet();
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void leavesTheFileOnWhichAForceFailed() throws IOException {
    FaultyDisk disk = new FaultyDisk(SEED);
    try (Journal journal = open(directory, disk)) {
      journal.append(new Change.Batch(Numbered.DATASET, Numbered.events(0, 1)));
      disk.failForceAfter(0);
      try {
        journal.append(new Change.Batch(Numbered.DATASET, Numbered.events(1, 1)));
      } catch (UncheckedIOException e) {
        assertTrue(journal.failure() != null, "the journal is not well, and says so");
      }
      long length = Files.size(directory.resolve("0000000000000001.journal"));
      journal.append(new Change.Batch(Numbered.DATASET, Numbered.events(2, 1)));
      assertEquals(length, Files.size(directory.resolve("0000000000000001.journal")));
      assertTrue(Files.exists(directory.resolve("0000000000000002.journal")));
    }
  }

  /** Tells whether a change was kept. */
  private static final class Outcome implements Journal.Receipt {
    private final CompletableFuture<Boolean> kept = new CompletableFuture<>();

    @Override
    public void kept(long sequence) {
      kept.complete(true);
    }

    @Override
    public void failed(Exception cause) {
      kept.complete(false);
    }
  }

  private static boolean appendFast(Journal journal, long number) {
    Outcome outcome = new Outcome();
    Change change = new Change.Batch(Numbered.DATASET, Numbered.events(number, 1));
    journal.append(change, Durability.FAST, outcome);
    return outcome.kept.join();
  }

  private static void awaitForce(Journal journal, long sequence) throws InterruptedException {
    while (journal.forced() < sequence) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  @Timeout(30)
  void forcesElsewhereWhatWasAcknowledgedFastOnAFileThatFailed(long seed) throws Exception {
    FaultyDisk disk = new FaultyDisk(seed);
    List<Long> acknowledged = new ArrayList<>();
    try (Journal journal = open(directory, disk)) {
      long number = 0;
      for (int failure = 0; failure < 3; failure++) {
        for (int i = 0; i < 5; i++) {
          if (appendFast(journal, number)) {
            acknowledged.add(number);
          }
          number++;
        }
        // The force that comes by itself fails; the next must save all of it.
        disk.failForceAfter(0);
        if (failure == 1) {
          assertThrows(
              UncheckedIOException.class,
              () -> journal.append(new Change.Batch("api", Numbered.events(999, 1))));
        }
        awaitForce(journal, acknowledged.size());
      }
      disk.cutPower();
    }
    Numbered.Difference difference = Numbered.compare(acknowledged, found(directory));
    assertTrue(difference.isNone(), difference.toString());
    assertTrue(acknowledged.size() >= 10, "hardly any were acknowledged");
  }
}
