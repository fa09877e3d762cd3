package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.StoreStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HousekeepingTest {
  private static final long MIB = 1 << 20;
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private static String trouble(
      long freeBytes, long refused, @Nullable String trouble, String... damaged) {
    StoreStatus status =
        new StoreStatus(1, 1, 1, 1, 1, 1, 1, 1, refused, freeBytes, List.of(damaged), trouble);
    return Housekeeping.trouble(status, 256 * MIB);
  }

  @Test
  void saysWhyTheStoreIsNotReady() {
    assertEquals("", trouble(256 * MIB, 0, null));
    assertEquals(
        "The disk has 255 MiB left; events are taken again when it has 256 MiB.",
        trouble(256 * MIB - 1, 0, null));
    assertEquals("part 7 is damaged", trouble(0, 0, "x", "part 7 is damaged"));
    assertEquals("no such device", trouble(256 * MIB, 0, "no such device"));
    assertEquals("3 events could not be kept; the log has why.", trouble(256 * MIB, 3, null));
  }

  @Test
  void noticesAClockThatRunsAhead() {
    SteadyClock clock = new SteadyClock(START, 0);

    assertTrue(clock.agrees(START.plusSeconds(2), Duration.ofSeconds(2).toNanos()));
    assertTrue(clock.agrees(START.plusSeconds(9), Duration.ofSeconds(4).toNanos()));
    assertFalse(clock.agrees(START.plus(Duration.ofDays(90)), Duration.ofSeconds(6).toNanos()));
    assertTrue(
        clock.agrees(
            START.plus(Duration.ofDays(90)).plusSeconds(2), Duration.ofSeconds(8).toNanos()));
    assertTrue(clock.agrees(START, Duration.ofSeconds(9).toNanos()), "going back drops nothing");
  }
}
