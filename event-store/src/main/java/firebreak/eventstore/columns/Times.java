package firebreak.eventstore.columns;

import java.time.Duration;
import java.time.Instant;

/** Points in time as nanoseconds since 1970, the form in which they are stored and compared. */
public final class Times {
  private static final long FIRST_SECOND = -9_000_000_000L;
  private static final long END_SECOND = 9_000_000_000L;

  /** The first time that can be stored, in the year 1684. */
  public static final Instant FIRST = Instant.ofEpochSecond(FIRST_SECOND);

  /** The last time that can be stored, in the year 2255. */
  public static final Instant LAST = Instant.ofEpochSecond(END_SECOND).minusNanos(1);

  private Times() {}

  /** The time in nanoseconds; one outside of what can be stored becomes the nearest bound. */
  public static long nanos(Instant time) {
    if (time.getEpochSecond() < FIRST_SECOND) {
      return FIRST_SECOND * 1_000_000_000L;
    }
    if (time.getEpochSecond() >= END_SECOND) {
      return END_SECOND * 1_000_000_000L;
    }
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }

  public static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }

  /** The number of the time bucket, counted from 1970, into which a time falls. */
  public static long bucket(long nanos, Duration width) {
    return Math.floorDiv(nanos, width.toNanos());
  }

  public static Instant bucketStart(long bucket, Duration width) {
    return Instant.EPOCH.plus(width.multipliedBy(bucket));
  }
}
