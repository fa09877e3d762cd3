package firebreak.eventstore.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Figures;
import firebreak.eventstore.Numbered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Torn and flipped bytes of a journal are noticed; only what nobody could tell from a crash goes.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("durability")
final class JournalDamageTest {
  private static final long SEED = Long.getLong("firebreak.seed", 20_260_301L);
  private static final int LENGTH = 64 * 1024;

  @TempDir Path directory;

  private Path file;
  private byte[] whole;

  /** Where each frame ends, and the number of the first event after it. */
  private final List<Integer> ends = new ArrayList<>();

  private final List<Long> next = new ArrayList<>();

  private Journal open(int fileBytes) throws IOException {
    return new Journal(
        directory, JournalReader.replay(directory, 0, (_, _) -> {}), JournalDisk.FILES, fileBytes);
  }

  /** Writes a journal file of 64 KiB, its events numbered as the journal numbers them less one. */
  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("0000000000000001.journal");
    Random random = new Random(SEED);
    long number = 0;
    try (Journal journal = open(Integer.MAX_VALUE)) {
      for (int length = 0; length < LENGTH; length = (int) Files.size(file)) {
        int events = 1 + random.nextInt(60);
        journal.append(new Change.Batch(Numbered.DATASET, Numbered.events(number, events)));
        number += events;
        ends.add((int) Files.size(file));
        next.add(number);
      }
    }
    whole = Files.readAllBytes(file);
  }

  /** The number behind the last event of the frames that lie before the offset. */
  private long whatEndsBefore(int offset) {
    long number = 0;
    for (int i = 0; i < ends.size() && ends.get(i) <= offset; i++) {
      number = next.get(i);
    }
    return number;
  }

  private static IntStream chosen(int all, int some) {
    return some >= all ? IntStream.range(0, all) : new Random(SEED).ints(some, 0, all);
  }

  /** Reads the journal, whose events must be those numbered from 0 on; gives how many there are. */
  private long replayed() throws IOException {
    long[] number = {0};
    JournalReader.replay(
        directory,
        0,
        (sequence, change) -> {
          assertEquals(number[0] + 1, sequence, "a sequence number");
          List<?> events = ((Change.Batch) change).events();
          assertEquals(Numbered.events(number[0], events.size()), events, "wrong events");
          number[0] += events.size();
        });
    return number[0];
  }

  @Test
  void keepsWhatIsWholeWhereverTheYoungestFileEnds() throws IOException {
    Figures figures = new Figures("R3", "journal cut off anywhere");
    chosen(whole.length + 1, Figures.runs("truncations", 1_500, Integer.MAX_VALUE))
        .forEach(
            length -> {
              figures.ran(1);
              assertEquals(whatEndsBefore(length), inState(Arrays.copyOf(whole, length)));
            });
    figures.write();
  }

  /** What is read of the journal if its first file is this. */
  private long inState(byte[] bytes) {
    try {
      Files.write(file, bytes);
      return replayed();
    } catch (IOException e) {
      throw new AssertionError("seed %d: %d bytes".formatted(SEED, bytes.length), e);
    }
  }

  @Test
  void noticesEveryBitBeforeTheLastFrame() throws IOException {
    Figures figures = new Figures("R3", "any bit of the youngest file flipped");
    int last = ends.size() - 2;
    flipEach(
        figures,
        Figures.runs("flips", 4_000, Integer.MAX_VALUE),
        offset -> {
          // A last frame that does not check is the torn end of a crash for all that can be told.
          if (offset >= ends.get(last)) {
            assertEquals(next.get(last), replayed());
          } else {
            assertRefused();
          }
        });
    figures.write();
  }

  @Test
  void noticesEveryBitOfAnOlderFile() throws IOException {
    long first = next.getLast();
    try (Journal journal = open(Integer.MAX_VALUE)) {
      journal.append(new Change.Batch(Numbered.DATASET, Numbered.events(first, 1)));
    }
    Figures figures = new Figures("R3", "any bit of an older file flipped");
    flipEach(figures, Figures.runs("flips", 2_000, 100_000), _ -> assertRefused());
    assertEquals(first + 1, replayed());
    for (int length = 0; length < whole.length; length += 997) {
      Files.write(file, Arrays.copyOf(whole, length));
      figures.ran(1);
      assertRefused();
    }
    for (int from = 0; from < whole.length; from += 4096) {
      byte[] zeroed = whole.clone();
      Arrays.fill(zeroed, from, Math.min(from + 4096, zeroed.length), (byte) 0);
      Files.write(file, zeroed);
      figures.ran(1);
      assertRefused();
    }
    Files.delete(file);
    assertRefused();
    figures.write();
  }

  private void assertRefused() {
    IOException refused = assertThrows(IOException.class, this::replayed);
    assertTrue(
        String.valueOf(refused.getMessage()).contains("is damaged at byte"), refused.toString());
  }

  /** What must hold when a byte is damaged. */
  @FunctionalInterface
  private interface Check {
    void holds(int offset) throws IOException;
  }

  private void flipEach(Figures figures, int some, Check check) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int bit : chosen(8 * whole.length, some).toArray()) {
        int offset = bit / 8;
        byte sound = whole[offset];
        put(channel, offset, (byte) (sound ^ (1 << (bit % 8))));
        try {
          check.holds(offset);
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("seed %d: bit %d flipped".formatted(SEED, bit), e);
        }
        put(channel, offset, sound);
        figures.ran(1);
      }
    }
  }

  private static void put(FileChannel channel, int offset, byte value) throws IOException {
    channel.write(ByteBuffer.wrap(new byte[] {value}), offset);
  }
}
