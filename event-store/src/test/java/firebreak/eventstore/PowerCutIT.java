package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import firebreak.eventstore.journal.JournalDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An acknowledged event survives a power cut: the file system is shut down under the writer. */
@Tag("durability")
final class PowerCutIT {
  private static final String WHAT = "power cut under load";
  private static final int LIVES_OF_A_STORE = 5;
  private static final int CONTROLS = 10;
  private static final long SEED = Long.getLong("firebreak.seed", 20_260_301L);

  @TempDir Path directory;

  @Test
  void findsEveryAcknowledgedEventOnceAfterPowerCuts() throws Exception {
    String missing = LoopDisk.missing();
    if (!missing.isEmpty()) {
      Figures.skipped("R1", WHAT, missing);
    }
    assumeTrue(missing.isEmpty(), missing);
    Figures figures = new Figures("R1", WHAT);
    int cuts = Figures.runs("cuts", 20, 1_000);
    try (LoopDisk disk = LoopDisk.create(directory, 96)) {
      try (Life life = new Life(disk, false)) {
        for (int cut = 0; cut < cuts; cut++) {
          Numbered.Difference difference = life.cut(cut);
          figures.ran(1);
          figures.lost(difference.events());
          assertTrue(difference.isNone(), "seed " + SEED + ", cut " + cut + ": " + difference);
        }
        assertTrue(life.number > cuts, "hardly anything was written");
      }
      int caught = 0;
      try (Life life = new Life(disk, true)) {
        for (int cut = 0; cut < CONTROLS; cut++) {
          caught += life.isCaught(cut) ? 1 : 0;
        }
      }
      figures.control("%d of %d".formatted(caught, CONTROLS));
      figures.write();
      assertTrue(
          caught >= 8, "acknowledging before the force was caught in %d only".formatted(caught));
    }
  }

  /** A store that lives through some cuts, then makes room for a new one. */
  private static final class Life implements AutoCloseable {
    private final Random random = new Random(SEED);
    private final LoopDisk disk;
    private final boolean forgetful;
    private final List<Long> acknowledged = new ArrayList<>();
    private WritingProcess next;
    private long number;

    Life(LoopDisk disk, boolean forgetful) throws IOException {
      this.disk = disk;
      this.forgetful = forgetful;
      next = WritingProcess.start(forgetful);
    }

    private Path store() {
      return disk.root().resolve("store");
    }

    /** Whether the store that acknowledges too early loses something, or does not open. */
    boolean isCaught(int cut) throws Exception {
      try {
        return !cut(cut).isNone();
      } catch (UncheckedIOException e) {
        return true;
      } finally {
        erase();
      }
    }

    Numbered.Difference cut(int cut) throws Exception {
      if (cut % LIVES_OF_A_STORE == 0) {
        erase();
      }
      try (WritingProcess writing = next) {
        number += 1_000_000;
        writing.begin(store(), number);
        boolean early = !forgetful && random.nextInt(8) == 0;
        if (!early) {
          writing.awaitFirst();
        }
        TimeUnit.MICROSECONDS.sleep(random.nextInt(forgetful ? 300_000 : 150_000));
        // What is acknowledged from here on is not counted: the kernel may let a force that is
        // under way succeed while it shuts the file system down, when a real cut stops it too.
        acknowledged.addAll(writing.acknowledged());
        disk.cutPower(cut % 2 == 0 ? LoopDisk.Cut.AT_ONCE : LoopDisk.Cut.AFTER_LOG_FLUSH);
        next = WritingProcess.start(forgetful);
        writing.kill();
      }
      disk.unmount();
      disk.mount();
      try (EventStore store = WritingProcess.open(store(), JournalDisk.FILES)) {
        List<Long> found = Numbered.in(store);
        assertEquals(found.size(), store.datasets().getOrDefault(Numbered.DATASET, 0L));
        return Numbered.compare(acknowledged, found);
      }
    }

    private void erase() throws IOException {
      acknowledged.clear();
      if (Files.exists(store())) {
        try (Stream<Path> files = Files.walk(store())) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }

    @Override
    public void close() {
      next.close();
    }
  }
}
