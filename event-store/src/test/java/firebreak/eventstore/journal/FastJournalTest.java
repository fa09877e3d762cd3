package firebreak.eventstore.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Durability;
import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that are acknowledged before they are forced, among others that are not. */
final class FastJournalTest {
  @TempDir Path directory;

  private Journal open(JournalDisk disk, int fileBytes) throws IOException {
    return new Journal(
        directory, JournalReader.replay(directory, 0, (_, _) -> {}), disk, fileBytes);
  }

  private static Change change(long id) {
    Event event = new Event(Instant.parse("2026-03-01T12:00:00Z"), 1, Map.of("id", Value.of(id)));
    return new Change.Batch("api", List.of(event));
  }

  /** Returns when the change is acknowledged. */
  private static long append(Journal journal, long id, Durability durability) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    journal.append(
        change(id),
        durability,
        new Journal.Receipt() {
          @Override
          public void kept(long sequence) {
            done.complete(sequence);
          }

          @Override
          public void failed(Exception cause) {
            done.completeExceptionally(cause);
          }
        });
    return done.join();
  }

  private List<Long> replay() throws IOException {
    List<Long> ids = new ArrayList<>();
    JournalReader.replay(
        directory,
        0,
        (_, change) -> {
          if (change instanceof Change.Batch batch) {
            batch.events().forEach(event -> ids.add((long) number(event)));
          }
        });
    return ids;
  }

  private static double number(Event event) {
    return event.fields().getOrDefault("id", Value.of(-1)).asDouble();
  }

  private static List<Long> upTo(long end) {
    return LongStream.range(0, end).boxed().toList();
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList().getFirst();
    }
  }

  @Test
  @Timeout(30)
  void acknowledgesAtOnceAndForcesWithinASecond() throws Exception {
    FaultyDisk disk = new FaultyDisk(1);
    try (Journal journal = open(disk, 1_000_000)) {
      for (long id = 0; id < 5; id++) {
        append(journal, id, Durability.FAST);
      }
      long start = System.nanoTime();
      while (journal.forced() < 5) {
        Thread.sleep(5);
      }
      assertTrue(System.nanoTime() - start < 1_000_000_000L);
      disk.cutPower();
    }
    assertEquals(upTo(5), replay());
  }

  @Test
  void aForceForOneIsAForceForAllBefore() throws IOException {
    FaultyDisk disk = new FaultyDisk(1);
    try (Journal journal = open(disk, 1_000_000)) {
      append(journal, 0, Durability.FAST);
      append(journal, 1, Durability.FAST);
      append(journal, 2, Durability.DURABLE);
      assertEquals(3, journal.forced());
      disk.cutPower();
    }
    assertEquals(upTo(3), replay());
  }

  /** Files are rolled over in between, and the power cut tears what was not forced. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void losesNothingThatWasForcedAndStartsAfterAnyCut(long seed) throws IOException {
    Random random = new Random(seed);
    long next = 0;
    for (int life = 0; life < 5; life++) {
      FaultyDisk disk = new FaultyDisk(seed + life);
      long durable = next;
      try (Journal journal = open(disk, 500)) {
        for (int i = random.nextInt(20); i >= 0; i--) {
          boolean fast = random.nextInt(4) > 0;
          append(journal, next, fast ? Durability.FAST : Durability.DURABLE);
          next++;
          durable = fast ? durable : next;
        }
        disk.cutPower();
        assertThrows(Exception.class, () -> append(journal, 666, Durability.DURABLE));
      }
      List<Long> found = replay();
      assertTrue(found.size() >= durable, "seed " + seed + ": " + found + " after " + durable);
      assertEquals(upTo(found.size()), found, "seed " + seed);
      next = found.size();
    }
  }

  /** Pages reach the disk in any order: a frame may be torn and the one behind it whole. */
  @Test
  void takesATornFastFrameForNoDamage() throws IOException {
    try (Journal journal = open(JournalDisk.FILES, 1_000_000)) {
      append(journal, 0, Durability.DURABLE);
      append(journal, 1, Durability.FAST);
      append(journal, 2, Durability.FAST);
    }
    byte[] bytes = Files.readAllBytes(file());
    JournalFormat.Frame first = JournalFormat.readFrame(bytes, JournalFormat.HEADER_BYTES);
    int second = first == null ? -1 : first.end();
    bytes[second + JournalFormat.FRAME_BYTES] ^= 1;
    Files.write(file(), bytes);
    assertEquals(List.of(0L, 2L), replay());
    bytes[JournalFormat.HEADER_BYTES + JournalFormat.FRAME_BYTES] ^= 1;
    Files.write(file(), bytes);
    assertThrows(IOException.class, this::replay);
  }

  @Test
  @Timeout(30)
  void writesToANewFileWhatAFailedForceMayHaveLost() throws Exception {
    FaultyDisk disk = new FaultyDisk(3);
    try (Journal journal = open(disk, 1_000_000)) {
      append(journal, 0, Durability.DURABLE);
      append(journal, 1, Durability.FAST);
      disk.failForceAfter(0);
      while (journal.failure() == null) {
        Thread.sleep(5);
      }
      append(journal, 2, Durability.DURABLE);
      assertEquals(null, journal.failure());
      disk.cutPower();
    }
    assertEquals(upTo(3), replay());
  }
}
