package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import firebreak.eventstore.WritingProcess.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An acknowledged event survives a power cut: the file system is shut down under the writer. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("durability")
final class PowerCutIT {
  private static final String WHAT = "power cut under load";
  private static final int LIVES_OF_A_STORE = 5;
  private static final int CONTROLS = 10;

  /** What a power cut may take of events that are kept {@link Durability#FAST}. */
  private static final Duration EXPOSED = Duration.ofSeconds(1);

  private static final long SEED = Long.getLong("firebreak.seed", 20_260_301L);

  @TempDir Path directory;

  @Test
  void findsEveryAcknowledgedEventOnceAfterPowerCuts() throws Exception {
    skipUnlessDisksCanBeCut(WHAT);
    Figures figures = new Figures("R1", WHAT);
    try (LoopDisk disk = LoopDisk.create(directory, 96)) {
      long counted = cut(disk, Mode.DURABLE, Figures.runs("cuts", 20, 1_000), figures);
      int caught = 0;
      try (Life life = new Life(disk, Mode.FORGETFUL)) {
        for (int cut = 0; cut < CONTROLS; cut++) {
          caught += life.isCaught(cut) ? 1 : 0;
        }
      }
      figures.control(
          "of %d events; without the force %d of %d caught".formatted(counted, caught, CONTROLS));
      figures.write();
      assertTrue(caught >= 8, "acknowledging before the force was caught in " + caught);
    }
  }

  @Test
  void losesNoMoreThanTheLastSecondOfWhatIsKeptFast() throws Exception {
    String what = "power cut, events kept fast, older than 1 s";
    skipUnlessDisksCanBeCut(what);
    Figures figures = new Figures("R1", what);
    try (LoopDisk disk = LoopDisk.create(directory, 96)) {
      long counted = cut(disk, Mode.FAST, Figures.runs("fastCuts", 2, 50), figures);
      figures.control("of %d events".formatted(counted));
      figures.write();
    }
  }

  private static void skipUnlessDisksCanBeCut(String what) {
    String missing = LoopDisk.missing();
    if (!missing.isEmpty()) {
      Figures.skipped("R1", what, missing);
    }
    assumeTrue(missing.isEmpty(), missing);
  }

  /** Cuts the power so often; gives how many events were acknowledged. */
  private static long cut(LoopDisk disk, Mode mode, int cuts, Figures figures) throws Exception {
    try (Life life = new Life(disk, mode)) {
      for (int cut = 0; cut < cuts; cut++) {
        Numbered.Difference difference = life.cut(cut);
        figures.ran(1);
        figures.lost(difference.events());
        assertTrue(difference.isNone(), "seed " + SEED + ", cut " + cut + ": " + difference);
      }
      assertTrue(life.counted > 5L * cuts, "hardly anything was written: " + life.counted);
      return life.counted;
    }
  }

  /** A store that lives through some cuts, then makes room for a new one. */
  private static final class Life implements AutoCloseable {
    private final Random random = new Random(SEED);
    private final LoopDisk disk;
    private final Mode mode;
    private final List<Long> acknowledged = new ArrayList<>();
    private WritingProcess next;
    private long number;
    private long counted;

    Life(LoopDisk disk, Mode mode) throws IOException {
      this.disk = disk;
      this.mode = mode;
      next = WritingProcess.start(mode);
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
        boolean early = mode == Mode.DURABLE && random.nextInt(8) == 0;
        if (!early) {
          writing.awaitFirst();
        }
        TimeUnit.MICROSECONDS.sleep(mostMicroseconds() / 2 + random.nextInt(mostMicroseconds()));
        // What is acknowledged from here on is not counted: the kernel may let a force that is
        // under way succeed while it shuts the file system down, when a real cut stops it too.
        List<Long> before = writing.acknowledged(mode == Mode.FAST ? EXPOSED : Duration.ZERO);
        acknowledged.addAll(before);
        counted += before.size();
        disk.cutPower(cut % 2 == 0 ? LoopDisk.Cut.AT_ONCE : LoopDisk.Cut.AFTER_LOG_FLUSH);
        next = WritingProcess.start(mode);
        writing.kill();
      }
      disk.unmount();
      disk.mount();
      try (EventStore store = WritingProcess.open(store(), Mode.DURABLE)) {
        List<Long> found = Numbered.in(store);
        assertEquals(found.size(), store.datasets().getOrDefault(Numbered.DATASET, 0L));
        return Numbered.compare(acknowledged, found);
      }
    }

    private int mostMicroseconds() {
      return switch (mode) {
        case DURABLE -> 120_000;
        case FORGETFUL -> 200_000;
        case FAST -> 1_500_000;
      };
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
