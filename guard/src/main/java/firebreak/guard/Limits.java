package firebreak.guard;

import java.time.Duration;

/** How much the guard may do by itself, and how long it waits for what. */
public record Limits(
    int togglesPerHour,
    int togglesPerDay,
    int togglesPerFlagPerDay,
    Duration changeAgeAtMost,
    Duration dataLagAtMost,
    Duration intentExpiresAfter,
    Duration propagation,
    int verifyEventsAtLeast,
    Duration verifyWithin,
    Duration settle) {

  public static final Limits DEFAULT =
      new Limits(
          3,
          6,
          1,
          Duration.ofHours(6),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          100,
          Duration.ofMinutes(10),
          Duration.ofSeconds(30));
}
