package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kill at any moment under load loses nothing. */
@Tag("durability")
final class ProcessKillIT {
  private static final long SEED = Long.getLong("firebreak.seed", 20_260_301L);
  private static final int LIVES_OF_A_STORE = 5;

  @TempDir Path directory;

  @Test
  void findsEveryAcknowledgedEventOnceAfterKills() throws Exception {
    Figures figures = new Figures("R2", "SIGKILL at a random moment under load");
    Random random = new Random(SEED);
    int kills = Figures.runs("kills", 4, 200);
    List<Long> acknowledged = new ArrayList<>();
    WritingProcess next = WritingProcess.start(WritingProcess.Mode.DURABLE);
    try {
      for (int kill = 0; kill < kills; kill++) {
        Path store = directory.resolve("store-" + kill / LIVES_OF_A_STORE);
        if (kill % LIVES_OF_A_STORE == 0) {
          acknowledged.clear();
        }
        try (WritingProcess writing = next) {
          writing.begin(store, 1_000_000L * (kill + 1));
          if (random.nextInt(8) > 0) {
            writing.awaitFirst();
          }
          next = WritingProcess.start(WritingProcess.Mode.DURABLE);
          TimeUnit.MICROSECONDS.sleep(random.nextInt(150_000));
          writing.kill();
          acknowledged.addAll(writing.acknowledged());
        }
        try (EventStore opened = WritingProcess.open(store, WritingProcess.Mode.DURABLE)) {
          Numbered.Difference difference = Numbered.compare(acknowledged, Numbered.in(opened));
          figures.ran(1);
          figures.lost(difference.events());
          assertTrue(difference.isNone(), "seed " + SEED + ", kill " + kill + ": " + difference);
        }
      }
    } finally {
      next.close();
    }
    figures.write();
  }
}
