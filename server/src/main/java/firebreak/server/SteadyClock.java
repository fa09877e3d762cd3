package firebreak.server;

import java.time.Duration;
import java.time.Instant;

/** Tells whether the time of day goes on as the machine's own count of time does. */
final class SteadyClock {
  private static final Duration AHEAD_AT_MOST = Duration.ofMinutes(10);

  private Instant time;
  private long nanos;

  SteadyClock(Instant time, long nanos) {
    this.time = time;
    this.nanos = nanos;
  }

  /** Whether the time of day has not run ahead since it was last looked at. */
  boolean agrees(Instant now, long nanosNow) {
    Duration expected = Duration.ofNanos(nanosNow - nanos);
    Duration ahead = Duration.between(time, now).minus(expected);
    time = now;
    nanos = nanosNow;
    return ahead.compareTo(AHEAD_AT_MOST) <= 0;
  }
}
