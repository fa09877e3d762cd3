package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What rewrites part files never passes over damage, and never makes it look sound. */
final class DamagedPartsTest {
  private static final Filter CUSTOMER = Filter.equal("customer", "c1");

  @TempDir Path directory;

  private LuceneEventStore open() {
    return LuceneEventStore.open(
        directory, StoreSettings.defaults().withSealRows(1_000).withMerging(4, 100_000));
  }

  /** Thirty events of a day, every third one of the customer. */
  private static List<Event> events(int day) {
    return Stream.iterate(0, id -> id < 30, id -> id + 1)
        .map(
            id ->
                new Event(
                    EventStoreContract.NOON.plus(Duration.ofDays(day)).plusSeconds(id),
                    1,
                    Map.of("id", Value.of(id), "customer", Value.of("c" + id % 3))))
        .toList();
  }

  /** A store of two part files, of a day each; answers the first. */
  private Path twoParts() throws IOException {
    try (LuceneEventStore store = open()) {
      store.append("api", events(0));
      store.append("api", events(1));
      store.seal();
    }
    try (Stream<Path> files = Files.list(directory.resolve("parts"))) {
      return files.filter(file -> file.toString().endsWith(".columns")).sorted().findFirst().get();
    }
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 4;
    Files.write(file, bytes);
  }

  /**
   * Nobody must believe that events are gone which are not.
   *
   * @param share where in the file a bit is wrong, in hundredths: some are seen at the start, some
   *     only by reading everything
   */
  @ParameterizedTest(name = "a bit is wrong at {0} %")
  @ValueSource(ints = {1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99})
  void anErasureNamesWhatItCouldNotRead(int share) throws IOException {
    Path part = twoParts();
    byte[] sound = Files.readAllBytes(part);
    flip(part, sound.length * share / 100);
    try (LuceneEventStore store = open()) {
      IncompleteErasureException incomplete =
          assertThrows(IncompleteErasureException.class, () -> store.erase("api", CUSTOMER));
      assertEquals(10, incomplete.erased());
      assertTrue(incomplete.toString().contains(part.getFileName().toString()));
      assertFalse(store.status().isHealthy());
      store.append("api", events(2));
      assertEquals(20 + 30, store.datasets().get("api"));
    }
    Files.write(part, sound);
    try (LuceneEventStore store = open()) {
      assertEquals(10 + 10, store.erase("api", CUSTOMER));
      assertEquals(0, store.erase("api", CUSTOMER));
      assertEquals(60, store.datasets().get("api"));
    }
  }

  @Test
  void anErasureNamesTheFilesOfPartsThatWereGivenUp() throws IOException {
    Path part = twoParts();
    Path renamed = part.resolveSibling(part.getFileName() + DamagedPartException.GIVEN_UP);
    Files.move(part, renamed);
    try (LuceneEventStore store = open()) {
      IncompleteErasureException incomplete =
          assertThrows(IncompleteErasureException.class, () -> store.erase("api", CUSTOMER));
      assertEquals(10, incomplete.erased());
      assertTrue(incomplete.toString().contains(renamed.getFileName().toString()));
      Files.write(renamed, new byte[0]);
      assertEquals(0, store.erase("api", CUSTOMER));
    }
    try (LuceneEventStore store = open()) {
      assertEquals(20, store.datasets().get("api"));
    }
  }

  @Test
  @Timeout(60)
  void aMergeDoesNotWriteDamageAnewUnderARightChecksum() throws Exception {
    Path part = twoParts();
    flip(part, (int) Files.size(part) / 5);
    try (LuceneEventStore store = open()) {
      for (int i = 0; i < 5; i++) {
        store.append("api", events(0));
        store.seal();
      }
      while (store.status().isHealthy()) {
        assertTrue(store.status().parts() > 3, "the damaged part was merged");
        Thread.sleep(5);
      }
      assertTrue(store.scrub().getFirst().contains(part.getFileName().toString()));
    }
  }
}
