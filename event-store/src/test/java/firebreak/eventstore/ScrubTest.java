package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrubTest {
  @TempDir Path directory;

  /** So a service can stop while its store is verified slowly, and no damage is made up. */
  @Test
  void endsWhenItsThreadIsInterrupted() throws InterruptedException {
    StoreSettings slow = StoreSettings.defaults().withScrubBytesPerSecond(1);
    try (LuceneEventStore store = LuceneEventStore.open(directory, slow)) {
      Instant time = Instant.parse("2026-03-01T12:00:00Z");
      store.append("a", List.of(new Event(time, 1, Map.of("x", Value.of(1)))));
      store.seal();
      List<String> damaged = new ArrayList<>(List.of("no answer"));
      Thread scrub =
          Thread.ofPlatform()
              .start(
                  () -> {
                    List<String> found = store.scrub();
                    damaged.clear();
                    damaged.addAll(found);
                  });
      Thread.sleep(100);
      scrub.interrupt();

      assertTrue(scrub.join(Duration.ofSeconds(20)), "goes on");
      assertEquals(List.of(), damaged);
      assertTrue(store.status().isHealthy(), store.status().toString());
    }
  }
}
