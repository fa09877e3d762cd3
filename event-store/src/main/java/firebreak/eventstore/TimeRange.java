package firebreak.eventstore;

import java.time.Duration;
import java.time.Instant;

/** The time from {@code start} (included) to {@code end} (excluded). */
public record TimeRange(Instant start, Instant end) {
  public TimeRange {
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException("start must lie before end, was " + start + " to " + end);
    }
  }

  public static TimeRange before(Instant end, Duration length) {
    return new TimeRange(end.minus(length), end);
  }

  public Duration length() {
    return Duration.between(start, end);
  }

  public boolean contains(Instant time) {
    return !time.isBefore(start) && time.isBefore(end);
  }

  public TimeRange earlierBy(Duration offset) {
    return new TimeRange(start.minus(offset), end.minus(offset));
  }
}
