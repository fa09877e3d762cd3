package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrubTest {
  private static final Instant NOON = EventStoreContract.NOON;

  @TempDir Path directory;

  /** Most files are small, but a big one is not to be read in one go either. */
  @Test
  void keepsToItsSpeedWithinAFile() throws Exception {
    Random random = new Random(1);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      byte[] noise = new byte[700];
      random.nextBytes(noise);
      String text = HexFormat.of().formatHex(noise);
      events.add(new Event(NOON.plusMillis(i), 1, Map.of("text", Value.of(text))));
    }
    StoreSettings slow = StoreSettings.defaults().withScrubBytesPerSecond(1_000_000);
    try (LuceneEventStore store = LuceneEventStore.open(directory, slow)) {
      store.append("a", events);
    }
    Path part;
    try (Stream<Path> files = Files.list(directory.resolve("parts"))) {
      part = files.filter(file -> file.toString().endsWith(".columns")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(part);
    assertTrue(bytes.length > 3_000_000, bytes.length + " bytes");
    bytes[bytes.length * 4 / 5] ^= 1;
    Files.write(part, bytes);
    try (LuceneEventStore store = LuceneEventStore.open(directory, slow)) {
      Thread scrub = Thread.ofPlatform().start(store::scrub);
      Thread.sleep(1_000);
      assertTrue(store.status().isHealthy(), "has read far more than its megabyte");
      assertTrue(scrub.join(Duration.ofSeconds(30)), "goes on");
      assertEquals(1, store.status().damaged().size());
    }
  }

  /** A scrub takes hours; what goes meanwhile must not stay on the disk for as long. */
  @Test
  void holdsNoFileButTheOneItReads() throws Exception {
    StoreSettings slow = StoreSettings.defaults().withScrubBytesPerSecond(1);
    try (LuceneEventStore store = LuceneEventStore.open(directory, slow)) {
      for (int day = 0; day < 4; day++) {
        Instant time = NOON.plus(Duration.ofDays(day));
        store.append("a", List.of(new Event(time, 1, Map.of("x", Value.of(day)))));
      }
      store.seal();
      Thread scrub = Thread.ofPlatform().start(store::scrub);
      Thread.sleep(100);
      assertEquals(4, store.retain("a", NOON.plus(Duration.ofDays(9))));
      try (Stream<Path> files = Files.list(directory.resolve("parts"))) {
        assertTrue(files.filter(file -> file.toString().endsWith(".columns")).count() <= 1);
      }
      scrub.interrupt();
      assertTrue(scrub.join(Duration.ofSeconds(20)), "goes on");
    }
  }

  /** So a service can stop while its store is verified slowly, and no damage is made up. */
  @Test
  void endsWhenItsThreadIsInterrupted() throws InterruptedException {
    StoreSettings slow = StoreSettings.defaults().withScrubBytesPerSecond(1);
    try (LuceneEventStore store = LuceneEventStore.open(directory, slow)) {
      store.append("a", List.of(new Event(NOON, 1, Map.of("x", Value.of(1)))));
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
