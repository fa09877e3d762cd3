package firebreak.eventstore.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Numbered;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sender puts into its events means nothing to the journal. */
final class JournalForgeryTest {
  private static final int GUESSES = 100_000;

  @TempDir Path directory;

  private List<Change> replayed() throws IOException {
    List<Change> changes = new ArrayList<>();
    JournalReader.replay(directory, 0, (_, change) -> changes.add(change));
    return changes;
  }

  /** A whole frame that orders to erase a dataset, all of whose bytes are plain characters. */
  private static String forgedFrame() {
    for (long guess = 0; guess < GUESSES; guess++) {
      Filter filter = new Filter.Not(Filter.equal("x", Long.toString(guess)));
      byte[] order = ChangeCodec.encode(new Change.Erasure(Numbered.DATASET, filter));
      long plain = guess & 0x7F7F7FL;
      byte[] frame = JournalFormat.frame(plain, 2 + guess % 100, 1, 1, List.of(order)).array();
      String text = new String(frame, StandardCharsets.UTF_8);
      if (Arrays.equals(frame, text.getBytes(StandardCharsets.UTF_8))) {
        return text;
      }
    }
    throw new AssertionError("no frame of plain characters was found");
  }

  @Test
  void takesNoTextOfAnEventForAFrameWhenTheRealOneIsTorn() throws IOException {
    Event first = Numbered.event(0);
    Event hostile =
        new Event(Instant.EPOCH, 1, Map.of("text", Value.of("x" + forgedFrame() + "y")));
    try (Journal journal =
        new Journal(
            directory,
            JournalReader.replay(directory, 0, (_, _) -> {}),
            JournalDisk.FILES,
            Integer.MAX_VALUE)) {
      journal.append(new Change.Batch(Numbered.DATASET, List.of(first)));
      journal.append(new Change.Batch(Numbered.DATASET, List.of(hostile)));
    }
    Path file = directory.resolve("0000000000000001.journal");
    byte[] whole = Files.readAllBytes(file);
    assertEquals(2, replayed().size());
    for (int lost = 1; lost < 8; lost++) {
      Files.write(file, Arrays.copyOf(whole, whole.length - lost));
      assertEquals(List.of(new Change.Batch(Numbered.DATASET, List.of(first))), replayed());
    }
  }

  @Test
  void refusesAnAppendThatIsTooLargeBeforeItIsInMemory() {
    Value large = Value.of("x".repeat(Limits.TEXT_BYTES));
    Event event = new Event(Instant.EPOCH, 1, Map.of("text", large));
    List<Event> events = Collections.nCopies(200_000, event);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> ChangeCodec.encode(new Change.Batch("api", events)));
    assertTrue(String.valueOf(refused.getMessage()).contains("an append may take"));
  }
}
