package firebreak.server;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Notices that the clock was set: that it moved otherwise than the time that passed. */
final class ClockWatch {
  /** Drift and slow rounds stay below this. */
  static final Duration SET_BY_AT_LEAST = Duration.ofSeconds(5);

  private @Nullable Instant last;
  private long lastNanos;

  /**
   * Whether the clock was set since the last call.
   *
   * @param now what it says
   * @param nanos of a source that only ever runs forward
   */
  boolean isSet(Instant now, long nanos) {
    Instant before = last;
    Instant expected = before == null ? now : before.plusNanos(nanos - lastNanos);
    last = now;
    lastNanos = nanos;
    return Duration.between(expected, now).abs().compareTo(SET_BY_AT_LEAST) >= 0;
  }
}
