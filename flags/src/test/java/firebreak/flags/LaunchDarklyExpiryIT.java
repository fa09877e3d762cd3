package firebreak.flags;

import static firebreak.flags.FlagFixtures.applied;
import static firebreak.flags.FlagFixtures.customers;
import static firebreak.flags.FlagFixtures.shortCacheOff;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.flags.FakeLaunchDarkly.Fault;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Targets that LaunchDarkly removes by itself. */
class LaunchDarklyExpiryIT {
  private static final Instant END = Instant.parse("2026-11-27T20:00:00Z");

  private FakeLaunchDarkly fake;
  private LaunchDarkly flags;

  @BeforeEach
  void start() {
    fake = FakeLaunchDarkly.start();
    fake.addFlag(FlagFixtures.SHORT_CACHE);
    flags = Flags.launchDarkly(fake.access(Duration.ofSeconds(5)));
  }

  @AfterEach
  void stop() {
    flags.close();
    fake.close();
  }

  @Test
  void targetsAreGivenAnEndThatCanBeReadAndMoved() {
    Withdrawal off = shortCacheOff(customers("retail", "acme"), "7");
    assertInstanceOf(Outcome.Refused.class, flags.expire(off, END), "they are not there yet");
    applied(flags.apply(off));
    assertEquals(List.of(), flags.expiring("short-cache"));

    assertEquals("8", applied(flags.expire(off, END)).fence());
    assertEquals(
        List.of(
            new ExpiringTarget("customer", "retail", "false", END),
            new ExpiringTarget("customer", "acme", "false", END)),
        flags.expiring("short-cache"));
    applied(flags.expire(off, END.plusSeconds(60)));
    assertEquals(END.plusSeconds(60), flags.expiring("short-cache").getFirst().at());

    fake.expiry().passes(END);
    assertTrue(flags.holds(off));
    fake.expiry().passes(END.plusSeconds(60));
    assertFalse(flags.holds(off));
    assertEquals(List.of(), flags.expiring("short-cache"));
  }

  @Test
  void onlyTheTargetsOfContextsHaveAnEnd() {
    Withdrawal off = shortCacheOff(new Audience.Everyone(), "7");
    applied(flags.apply(off));
    assertInstanceOf(Outcome.Refused.class, flags.expire(off, END));
  }

  @Test
  void troubleIsToldAsItIs() {
    Withdrawal off = shortCacheOff(customers("retail"), "7");
    applied(flags.apply(off));
    fake.failNext("PATCH", new Fault.Status(429, Map.of("Retry-After", "9")));
    var busy = assertInstanceOf(Outcome.Unavailable.class, flags.expire(off, END));
    assertEquals(Duration.ofSeconds(9), busy.retryAfter());
    fake.failNext("PATCH", new Fault.Status(500, Map.of()), new Fault.Status(403, Map.of()));
    assertInstanceOf(Outcome.Unknown.class, flags.expire(off, END));
    assertInstanceOf(Outcome.Refused.class, flags.expire(off, END));
    fake.failNext("GET", new Fault.Status(503, Map.of()));
    assertThrows(UncheckedIOException.class, () -> flags.expiring("short-cache"));
  }
}
