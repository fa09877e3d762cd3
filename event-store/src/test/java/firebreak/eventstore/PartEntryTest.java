package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartEntryTest {
  private static final PartEntry ENTRY =
      new PartEntry(
          "shop",
          "part-0000000003.columns",
          1200,
          1_772_366_400_500_000_000L,
          1_772_366_460_000_000_000L,
          17,
          40,
          88_123,
          3_141_592_653L,
          Set.of("trace.trace_id", "id"));

  private static PartEntry read(String numbers) throws IOException {
    return PartEntry.of(ENTRY.dataset(), ENTRY.file(), numbers, ENTRY.lookups());
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    assertEquals(ENTRY, read(ENTRY.numbers()));
  }

  /** Lucene does not verify a stored field when it is read: a wrong time would hide events. */
  @Test
  void refusesEveryFlippedBit() {
    byte[] numbers = ENTRY.numbers().getBytes(StandardCharsets.ISO_8859_1);
    for (int bit = 0; bit < 8 * numbers.length; bit++) {
      byte[] flipped = numbers.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      String text = new String(flipped, StandardCharsets.ISO_8859_1);
      assertThrows(IOException.class, () -> read(text), text);
    }
    assertThrows(
        IOException.class,
        () -> PartEntry.of("shoq", ENTRY.file(), ENTRY.numbers(), ENTRY.lookups()));
  }

  @Test
  void readsEntriesFromBeforeTheyHadAChecksum() throws IOException {
    assertEquals(
        ENTRY, read("1200 1772366400500000000 1772366460000000000 17 40 88123 3141592653"));
  }
}
