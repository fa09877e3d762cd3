package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk refuses appends at once, loses nothing, and takes them again when it has room. */
@Tag("durability")
final class DiskFullIT {
  private static final String WHAT = "disk filled under load, then freed";
  private static final int MEGABYTE = 1 << 20;
  private static final int DISK = 24;
  private static final int WRITERS = 3;
  private static final int REFUSALS = 60;
  private static final Duration ANSWER = Duration.ofSeconds(1);
  private static final Duration RECOVERY = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(3);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A full disk is what this test is about; the log of the store would tell of it all the time. */
  private static final Logger LOG = Logger.getLogger("firebreak.eventstore");

  static {
    LOG.setLevel(Level.OFF);
  }

  @TempDir Path directory;

  private final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
  private final Queue<Long> refusalNanos = new ConcurrentLinkedQueue<>();
  private final AtomicLong acknowledgements = new AtomicLong();
  private final AtomicLong next = new AtomicLong();
  private volatile boolean stopping;

  @Test
  void refusesWhileFullAndGoesOnAfterwards() throws Exception {
    String missing = LoopDisk.missing();
    if (!missing.isEmpty()) {
      Figures.skipped("R6", WHAT, missing);
    }
    assumeTrue(missing.isEmpty(), missing);
    Path disk = Files.createDirectory(directory.resolve("disk"));
    LoopDisk.must("mount", "-t", "tmpfs", "-o", "size=" + DISK + "m", "tmpfs", disk.toString());
    Figures figures = new Figures("R6", WHAT);
    try {
      int fills = Figures.runs("fills", 2, 200);
      for (int fill = 0; fill < fills; fill++) {
        // Now the store stops by itself in time, now it runs into the end of the disk.
        fill(disk, fill % 2 == 0 ? MEGABYTE : 0, figures);
      }
    } finally {
      LoopDisk.must("umount", disk.toString());
    }
    List<Long> nanos = refusalNanos.stream().sorted().toList();
    long late = nanos.get((int) (nanos.size() * 0.99));
    figures.control(
        "refused after %.1f ms, p99 %.1f, most %.0f"
            .formatted(nanos.get(nanos.size() / 2) / 1e6, late / 1e6, nanos.getLast() / 1e6));
    figures.write();
    assertTrue(late <= ANSWER.toNanos(), "a refusal takes " + Duration.ofNanos(late));
  }

  private LuceneEventStore open(Path disk, long freeBytes) {
    return LuceneEventStore.open(
        disk.resolve("store"),
        StoreSettings.defaults()
            .withSealRows(300)
            .withCheckInterval(Duration.ofMillis(100))
            .withMerging(4, 5_000)
            .withJournalFileBytes(128 * 1024)
            .withFreeBytes(freeBytes));
  }

  private void fill(Path disk, long freeBytes, Figures figures) throws Exception {
    acknowledged.clear();
    stopping = false;
    Path ballast = disk.resolve("ballast");
    try (LuceneEventStore store = open(disk, freeBytes)) {
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        writers.add(Thread.ofPlatform().start(() -> write(store)));
      }
      await("the first acknowledgement", acknowledgements, 1, PATIENCE);
      occupy(ballast, disk, freeBytes + MEGABYTE / 2);
      int before = refusalNanos.size();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (refusalNanos.size() < before + REFUSALS) {
        assertTrue(System.nanoTime() < end, "the disk does not get full");
        TimeUnit.MILLISECONDS.sleep(5);
      }
      assertTrue(store.status().trouble() != null || freeBytes > 0, "it says that it has trouble");
      Files.delete(ballast);
      await("room again", acknowledgements, 50, RECOVERY);
      stopping = true;
      for (Thread writer : writers) {
        writer.join();
      }
      check(store, figures);
      figures.ran(1);
    }
    try (LuceneEventStore store = open(disk, freeBytes)) {
      check(store, figures);
      assertEquals(List.of(), store.scrub());
    }
    delete(disk.resolve("store"));
  }

  private void write(EventStore store) {
    while (!stopping) {
      long first = next.getAndAdd(20);
      long start = System.nanoTime();
      try {
        store.append(Numbered.DATASET, Numbered.events(first, 20), null);
        for (long number = first; number < first + 20; number++) {
          acknowledged.add(number);
        }
        acknowledgements.incrementAndGet();
      } catch (LimitExceededException | UncheckedIOException e) {
        refusalNanos.add(System.nanoTime() - start);
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private static void await(String what, AtomicLong count, int more, Duration time)
      throws InterruptedException {
    long target = count.get() + more;
    long end = System.nanoTime() + time.toNanos();
    while (count.get() < target) {
      assertTrue(System.nanoTime() < end, what + " does not come within " + time);
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  /** Leaves so much room. */
  private static void occupy(Path ballast, Path disk, long left) throws IOException {
    long room = Files.getFileStore(disk).getUsableSpace() - left;
    try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
      byte[] bytes = new byte[MEGABYTE / 16];
      for (long written = 0; written < room; written += bytes.length) {
        file.write(bytes);
      }
    } catch (IOException e) {
      // The writers were faster, and it is full already.
      return;
    }
  }

  private void check(LuceneEventStore store, Figures figures) {
    Numbered.Difference difference = Numbered.compare(acknowledged, Numbered.in(store));
    figures.lost(difference.events());
    assertTrue(difference.isNone(), difference.toString());
  }

  private static void delete(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
