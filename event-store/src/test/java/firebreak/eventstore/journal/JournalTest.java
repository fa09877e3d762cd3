package firebreak.eventstore.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JournalTest {
  private static final int SMALL_FILE = 1_000;
  private static final int LARGE_FILE = 1_000_000;

  @TempDir Path directory;

  private static Change.Batch batch(long... ids) {
    List<Event> events =
        Arrays.stream(ids)
            .mapToObj(
                id ->
                    new Event(Instant.parse("2026-03-01T12:00:00Z"), 1, Map.of("id", Value.of(id))))
            .toList();
    return new Change.Batch("api", events);
  }

  private static void addIds(Change change, List<Long> ids) {
    if (change instanceof Change.Batch batch) {
      batch
          .events()
          .forEach(
              event -> ids.add((long) event.fields().getOrDefault("id", Value.of(-1)).asDouble()));
    }
  }

  private record Replay(List<Long> ids, JournalReader.Replayed replayed) {}

  private Replay replay(long after) throws IOException {
    List<Long> ids = new ArrayList<>();
    return new Replay(
        ids, JournalReader.replay(directory, after, (_, change) -> addIds(change, ids)));
  }

  private Journal open(JournalDisk disk, int fileBytes) throws IOException {
    return new Journal(directory, replay(0).replayed(), disk, fileBytes);
  }

  private void write(int fileBytes, int batches) throws IOException {
    try (Journal journal = open(JournalDisk.FILES, fileBytes)) {
      for (int i = 0; i < batches; i++) {
        journal.append(batch(2L * i, 2L * i + 1));
      }
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static List<Long> upTo(long end) {
    return Stream.iterate(0L, id -> id < end, id -> id + 1).toList();
  }

  @Test
  void givesBackWhatWasAppendedInOrderAcrossFilesAndStarts() throws IOException {
    try (Journal journal = open(JournalDisk.FILES, SMALL_FILE)) {
      for (int i = 0; i < 20; i++) {
        journal.append(batch(2L * i, 2L * i + 1));
      }
    }
    assertTrue(files().size() > 1, "the journal should have needed several files");
    assertEquals(upTo(40), replay(0).ids());
    assertEquals(40, replay(0).replayed().last());
    try (Journal journal = open(JournalDisk.FILES, SMALL_FILE)) {
      journal.append(batch(40));
    }
    assertEquals(upTo(41), replay(0).ids());
    assertEquals(List.of(38L, 39L, 40L), replay(38).ids());
  }

  @Test
  void deletesFilesThatAreWhollyCovered() throws IOException {
    try (Journal journal = open(JournalDisk.FILES, SMALL_FILE)) {
      for (int i = 0; i < 40; i++) {
        journal.append(batch(i));
      }
      int before = files().size();
      journal.deleteCovered(25);
      assertTrue(files().size() < before);
    }
    List<Long> left = replay(25).ids();
    assertEquals(upTo(40).subList(25, 40), left);
  }

  @Test
  void dropsATornEndWhereverItTears() throws IOException {
    write(LARGE_FILE, 4);
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    int atLeast = 0;
    for (int length = 0; length <= whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      List<Long> ids = replay(0).ids();
      assertEquals(upTo(ids.size()), ids, "cut at " + length);
      assertTrue(ids.size() >= atLeast, "cut at " + length);
      atLeast = ids.size();
    }
    assertEquals(8, atLeast);
  }

  @Test
  void neverReturnsAWrongEventWhereverABitFlips() throws IOException {
    write(LARGE_FILE, 4);
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    int lastFrame = whole.length - (whole.length - JournalFormat.HEADER_BYTES) / 4;
    int refused = 0;
    for (int bit = 0; bit < 8 * whole.length; bit += 9) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, flipped);
      try {
        List<Long> ids = replay(0).ids();
        assertEquals(upTo(6), ids, "bit " + bit + " may only cost the last frame");
        assertTrue(bit / 8 >= lastFrame, "bit " + bit + " was not noticed");
      } catch (IOException e) {
        assertTrue(bit / 8 < lastFrame, "bit " + bit + ": " + e.getMessage());
        assertTrue(e.toString().contains("is damaged at byte"), e.toString());
        refused++;
      }
    }
    assertEquals((8 * lastFrame + 8) / 9, refused);
  }

  @Test
  void saysWhatADamagedFileCostsAndGoesOnWithTheRestWhenToldTo() throws IOException {
    write(SMALL_FILE, 40);
    Path first = files().getFirst();
    byte[] bytes = Files.readAllBytes(first);
    int second = firstFrameEnd(bytes);
    bytes[second + JournalFormat.FRAME_BYTES + 3] ^= 1;
    Files.write(first, bytes);
    IOException refused = assertThrows(IOException.class, () -> replay(0));
    assertTrue(
        refused.toString().contains("lost is the events numbered 3 to 4."), refused.toString());
    assertEquals(upTo(80).subList(4, 80), replay(4).ids(), "an index holds the damaged ones");
    Files.move(first, directory.resolve("0000000000000001" + JournalReader.DAMAGED));
    List<Long> rest = new ArrayList<>(upTo(80));
    rest.removeAll(List.of(2L, 3L));
    assertEquals(rest, replay(0).ids());
  }

  private static int firstFrameEnd(byte[] bytes) {
    JournalFormat.Frame frame = JournalFormat.readFrame(bytes, JournalFormat.HEADER_BYTES);
    return frame == null ? -1 : frame.end();
  }

  @Test
  void noticesThatAFileIsMissing() throws IOException {
    write(SMALL_FILE, 60);
    assertTrue(files().size() >= 3);
    Files.delete(files().get(1));
    assertThrows(IOException.class, () -> replay(0));
  }

  @Test
  @Timeout(20)
  void letsManyWritersShareAForce() throws Exception {
    FaultyDisk disk = new FaultyDisk(1);
    int writers = 50;
    try (Journal journal = open(disk, LARGE_FILE)) {
      journal.append(batch(0));
      CountDownLatch gate = new CountDownLatch(1);
      disk.holdForces(gate);
      List<Thread> threads = new ArrayList<>();
      threads.add(Thread.startVirtualThread(() -> journal.append(batch(1))));
      while (disk.held() < 1) {
        Thread.onSpinWait();
      }
      for (int i = 2; i <= writers; i++) {
        int id = i;
        threads.add(Thread.startVirtualThread(() -> journal.append(batch(id))));
      }
      while (journal.waiting() < writers - 1) {
        Thread.onSpinWait();
      }
      gate.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertTrue(journal.forces() == 3, journal.forces() + " forces");
    }
    assertEquals(upTo(writers + 1), new ArrayList<>(new TreeSet<>(replay(0).ids())));
    assertEquals(writers + 1, replay(0).ids().size());
  }

  /** Appends until the power is cut and tells how many acknowledged events are lost. */
  private int lostInAPowerCut(FaultyDisk disk) throws IOException {
    List<Long> acknowledged = new ArrayList<>();
    try (Journal journal = open(disk, SMALL_FILE)) {
      for (long id = 0; id < 30; id++) {
        journal.append(batch(id));
        acknowledged.add(id);
      }
      disk.cutPower();
      assertThrows(UncheckedIOException.class, () -> journal.append(batch(99)));
    }
    List<Long> found = replay(0).ids();
    assertEquals(new ArrayList<>(new TreeSet<>(found)), found, "found twice or out of order");
    acknowledged.removeAll(found);
    return acknowledged.size();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void losesNothingAcknowledgedWhenThePowerIsCut(long seed) throws IOException {
    assertEquals(0, lostInAPowerCut(new FaultyDisk(seed)));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aJournalThatAcknowledgesBeforeTheForceIsCaught(long seed) throws IOException {
    FaultyDisk disk = new FaultyDisk(seed);
    try (Journal journal = open(disk, LARGE_FILE)) {
      journal.append(batch(0));
      disk.forgetToForce();
      journal.append(batch(1));
      disk.cutPower();
    }
    assertEquals(List.of(0L), replay(0).ids());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void neverTriesAFailedForceAgainButStartsANewFile(long seed) throws IOException {
    FaultyDisk disk = new FaultyDisk(seed);
    try (Journal journal = open(disk, LARGE_FILE)) {
      journal.append(batch(0));
      disk.failForceAfter(0);
      assertThrows(UncheckedIOException.class, () -> journal.append(batch(666)));
      assertEquals(1, files().size());
      journal.append(batch(1));
      assertEquals(2, files().size());
      // The self-test of a new file fails too: not acknowledged, and the file is gone.
      disk.failForceAfter(0);
      assertThrows(UncheckedIOException.class, () -> journal.append(batch(666)));
      disk.failForceAfter(0);
      assertThrows(UncheckedIOException.class, () -> journal.append(batch(666)));
      assertEquals(2, files().size());
      journal.append(batch(2));
      disk.cutPower();
    }
    assertEquals(upTo(3), replay(0).ids());
  }

  @Test
  void refusesWhatComesAfterTheClose() throws IOException {
    Journal journal = open(JournalDisk.FILES, LARGE_FILE);
    journal.close();
    assertThrows(IllegalStateException.class, () -> journal.append(batch(1)));
    assertFalse(files().iterator().hasNext());
  }

  @Test
  void refusesAFormatOfTheFuture() throws IOException {
    write(LARGE_FILE, 1);
    Path file = files().getFirst();
    byte[] bytes = Files.readAllBytes(file);
    bytes[7]++;
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, JournalFormat.HEADER_BYTES - 4);
    ByteBuffer.wrap(bytes).putInt(JournalFormat.HEADER_BYTES - 4, (int) checksum.getValue());
    Files.write(file, bytes);
    IOException refused = assertThrows(IOException.class, () -> replay(0));
    assertTrue(refused.toString().contains("format version 3"), refused.toString());
  }
}
