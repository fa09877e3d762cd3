package firebreak.server;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Reads the time of an event: RFC 3339, or a Unix time whose unit its size tells. */
final class EventTime {
  static final Instant EARLIEST = Instant.EPOCH;
  static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
  private static final BigDecimal SECONDS_BELOW = BigDecimal.valueOf(100_000_000_000L);
  private static final int LONGEST = 64;

  private EventTime() {}

  static Instant parse(String text) {
    String stripped = text.strip();
    if (stripped.isEmpty() || stripped.length() > LONGEST) {
      throw notATime(text);
    }
    try {
      boolean isNumber = stripped.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
      Instant time =
          isNumber
              ? unix(new BigDecimal(stripped))
              : OffsetDateTime.parse(stripped.replace(' ', 'T')).toInstant();
      return checked(time);
    } catch (DateTimeException | NumberFormatException e) {
      throw notATime(text);
    }
  }

  /** The time so many nanoseconds after the epoch, read as unsigned. */
  static Instant ofUnixNanos(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException(
          "time " + Long.toUnsignedString(nanos) + " ns lies after " + LATEST);
    }
    return checked(Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000));
  }

  private static Instant unix(BigDecimal number) {
    BigDecimal seconds = number;
    while (seconds.compareTo(SECONDS_BELOW) >= 0) {
      seconds = seconds.movePointLeft(3);
    }
    long whole = seconds.longValue();
    long nanos = seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue();
    return Instant.ofEpochSecond(whole, nanos);
  }

  private static Instant checked(Instant time) {
    if (time.isBefore(EARLIEST) || !time.isBefore(LATEST)) {
      throw new IllegalArgumentException(
          "time %s does not lie between %s and %s".formatted(time, EARLIEST, LATEST));
    }
    return time;
  }

  private static IllegalArgumentException notATime(String text) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return new IllegalArgumentException("not a time (RFC 3339 or Unix): '" + shown + "'");
  }
}
