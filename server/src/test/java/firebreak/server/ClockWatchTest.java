package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final ClockWatch watch = new ClockWatch();

  @Test
  void timeThatPassesIsNoStepHoweverLong() {
    assertFalse(watch.isSet(NOW, -7));
    assertFalse(watch.isSet(NOW.plusSeconds(1), SECOND - 7));
    assertFalse(watch.isSet(NOW.plusSeconds(601), 601 * SECOND));
    assertFalse(watch.isSet(NOW.plusSeconds(606), 602 * SECOND), "drift of four seconds");
  }

  @Test
  void aStepEitherWayIsNoticedOnce() {
    assertFalse(watch.isSet(NOW, 0));
    assertTrue(watch.isSet(NOW.minusSeconds(60), SECOND));
    assertFalse(watch.isSet(NOW.minusSeconds(59), 2 * SECOND));
    assertTrue(watch.isSet(NOW.plusSeconds(3), 3 * SECOND));
    assertFalse(watch.isSet(NOW.plusSeconds(4), 4 * SECOND));
  }
}
