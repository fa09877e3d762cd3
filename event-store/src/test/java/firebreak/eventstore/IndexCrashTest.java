package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.journal.FaultyDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.tests.store.MockDirectoryWrapper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What was committed is there after a crash, on Lucene's own disk that loses, zeroes, halves and
 * damages what was not forced, fails by chance, or is full; and so is all that was acknowledged.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("durability")
final class IndexCrashTest {
  private static final long SEED = Long.getLong("firebreak.seed", 20_260_301L);
  private static final int LIVES = 3;

  /** Failures are what this test is about; the log of the store would tell of every one. */
  private static final Logger LOG = Logger.getLogger("firebreak.eventstore");

  static {
    LOG.setLevel(Level.OFF);
  }

  @TempDir Path directory;

  /** How the disk fails before it crashes. */
  private enum Fault {
    NONE,
    ERRORS_BY_CHANCE,
    DISK_FULL
  }

  @Test
  void findsEveryAcknowledgedEventOnceAfterCrashesOfTheIndex() throws IOException {
    Figures figures = new Figures("R5", "crashes of the index, with I/O errors or a full disk");
    int crashes = Figures.runs("crashes", 500, 10_000);
    for (int cycle = 0; cycle < crashes / LIVES; cycle++) {
      long seed = SEED + cycle;
      Path folder = Files.createDirectory(directory.resolve("store-" + cycle));
      Cycle tried = new Cycle(folder, seed);
      for (int life = 0; life < LIVES; life++) {
        tried.live(Fault.values()[(cycle + life) % 3]);
        Numbered.Difference difference = tried.verify();
        figures.ran(1);
        figures.lost(difference.events());
        assertTrue(difference.isNone(), "seed %d, life %d: %s".formatted(seed, life, difference));
      }
      tried.delete();
    }
    figures.write();
  }

  /** One store that lives and crashes again and again. */
  private static final class Cycle {
    private final Path folder;
    private final Random random;
    private final Directory stored = new ByteBuffersDirectory();
    private final Set<Long> acknowledged = new TreeSet<>();

    /** What an erasure that failed may have erased or not. */
    private final Set<Long> doubtful = new TreeSet<>();

    private long number;

    Cycle(Path folder, long seed) {
      this.folder = folder;
      random = new Random(seed);
    }

    private LuceneEventStore open(FaultyDisk journal, Directory parts) {
      return LuceneEventStore.open(
          folder,
          StoreSettings.defaults()
              .withSealRows(15)
              .withCheckInterval(Duration.ofHours(1))
              .withMerging(3, 200)
              .withJournalFileBytes(1_000)
              .withFreeBytes(0),
          new StoreDisk(journal, _ -> parts));
    }

    /** Opens the store, writes to it while the disk fails, and crashes. */
    void live(Fault fault) throws IOException {
      FaultyDisk journal = new FaultyDisk(random.nextLong());
      MockDirectoryWrapper disk = new MockDirectoryWrapper(random, new KeptDirectory(stored));
      disk.setCheckIndexOnClose(false);
      disk.setAssertNoUnrefencedFilesOnClose(false);
      disk.setThrottling(MockDirectoryWrapper.Throttling.NEVER);
      try (LuceneEventStore store = open(journal, disk)) {
        switch (fault) {
          case NONE -> {}
          case ERRORS_BY_CHANCE -> {
            disk.setRandomIOExceptionRate(0.01);
            disk.setRandomIOExceptionRateOnOpen(0.01);
          }
          case DISK_FULL -> disk.setMaxSizeInBytes(disk.sizeInBytes() + 1 + random.nextInt(6_000));
        }
        for (int step = random.nextInt(12); step > 0; step--) {
          step(store);
        }
        journal.cutPower();
        crash(disk);
        abandon(store);
      }
    }

    /**
     * A part that the store began in the meantime is open: once more, and it is cut off as well.
     */
    private static void crash(MockDirectoryWrapper disk) throws IOException {
      try {
        disk.crash();
      } catch (RuntimeException e) {
        if (!(e.getCause() instanceof AccessDeniedException)) {
          throw e;
        }
        disk.crash();
      }
    }

    private void step(LuceneEventStore store) {
      try {
        switch (random.nextInt(6)) {
          case 0 -> store.seal();
          case 1 -> erase(store);
          default -> append(store);
        }
      } catch (UncheckedIOException | DamagedPartException e) {
        // The disk failed, and the store said so.
      }
    }

    private void append(EventStore store) {
      int count = 1 + random.nextInt(10);
      long first = number;
      number += count;
      store.append(Numbered.DATASET, Numbered.events(first, count));
      for (long one = first; one < number; one++) {
        acknowledged.add(one);
      }
    }

    private void erase(LuceneEventStore store) {
      long erased = number == 0 ? 0 : random.nextLong(number);
      if (acknowledged.remove(erased)) {
        doubtful.add(erased);
      }
      store.erase(Numbered.DATASET, new Filter.In("number", Set.of(Value.of(erased))));
      doubtful.remove(erased);
    }

    private static void abandon(LuceneEventStore store) {
      try {
        store.abandon();
      } catch (IllegalStateException | UncheckedIOException e) {
        // The disk is gone.
      } catch (RuntimeException e) {
        if (!String.valueOf(e.getMessage()).contains("cannot close")) {
          throw e;
        }
      }
    }

    /** Opens what the crash has left, on a sound disk. */
    Numbered.Difference verify() throws IOException {
      try (LuceneEventStore store = open(new FaultyDisk(1), new KeptDirectory(stored))) {
        assertEquals(List.of(), store.scrub());
        List<Long> found = Numbered.in(store);
        assertEquals((long) found.size(), store.datasets().getOrDefault(Numbered.DATASET, 0L));
        Numbered.Difference difference = Numbered.compare(acknowledged, found);
        // From now on what is there stays there, acknowledged or not.
        List<Long> erased = new ArrayList<>(doubtful);
        erased.removeAll(found);
        acknowledged.addAll(found);
        doubtful.removeAll(erased);
        store.abandon();
        return difference;
      }
    }

    void delete() throws IOException {
      stored.close();
    }
  }

  /** A directory that outlives those who close it. */
  private static final class KeptDirectory extends FilterDirectory {
    KeptDirectory(Directory directory) {
      super(directory);
    }

    @Override
    public void close() {}
  }
}
