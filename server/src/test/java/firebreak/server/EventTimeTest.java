package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventTimeTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void readsWhatTheFormatterWrites(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      int nanos =
          switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(1_000) * 1_000_000;
            case 2 -> random.nextInt(10) * 100_000_000;
            default -> random.nextInt(1_000_000_000);
          };
      Instant time = Instant.ofEpochSecond(random.nextLong(7_258_118_400L), nanos);
      String text = time.toString();
      assertEquals(time, EventTime.parse(text), () -> "seed " + seed + ": " + text);
      OffsetDateTime elsewhere = time.atOffset(ZoneOffset.ofHours(random.nextInt(24) - 12));
      assertEquals(time, EventTime.parse(elsewhere.toString()), () -> "seed " + seed);
    }
  }

  @Test
  void refusesWhatIsNoTime() {
    for (String text :
        List.of(
            "2026-02-30T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:01Z",
            "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:0xZ",
            "2026-01-01T00:00:00.1234567890Z",
            "2026-1-1T00:00:00Z",
            "20260101T000000Z",
            "Z",
            "yesterday")) {
      assertThrows(IllegalArgumentException.class, () -> EventTime.parse(text), text);
    }
  }
}
