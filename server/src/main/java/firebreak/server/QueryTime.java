package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.eventstore.TimeRange;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.Supplier;

/** Reads the times of questions: {@code start_time}, {@code end_time}, {@code time_range}. */
final class QueryTime {
  private static final Duration DEFAULT_RANGE = Duration.ofHours(2);

  private QueryTime() {}

  /** The range of {@code start_time}, {@code end_time} and {@code time_range}, in Unix seconds. */
  static TimeRange range(JsonNode body, Instant now) {
    return reachable(() -> asked(body, now));
  }

  /** What is made of times that were asked for; those that no calendar reaches are nonsense. */
  static <T> T reachable(Supplier<T> make) {
    try {
      return make.get();
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "a time, a length of time or a step is too large: " + e.getMessage(), e);
    }
  }

  private static TimeRange asked(JsonNode body, Instant now) {
    Duration length = seconds(body, "time_range", DEFAULT_RANGE.toSeconds(), 1);
    boolean hasStart = body.hasNonNull("start_time");
    boolean hasEnd = body.hasNonNull("end_time");
    if (hasStart && hasEnd) {
      if (body.hasNonNull("time_range")) {
        throw new IllegalArgumentException(
            "of start_time, end_time and time_range at most two can be given");
      }
      Instant start = time(body.path("start_time"));
      Instant end = time(body.path("end_time"));
      if (!start.isBefore(end)) {
        throw new IllegalArgumentException(
            "start_time must lie before end_time, was %s to %s".formatted(start, end));
      }
      return new TimeRange(start, end);
    }
    if (hasStart) {
      Instant start = time(body.path("start_time"));
      return new TimeRange(start, start.plus(length));
    }
    return TimeRange.before(hasEnd ? time(body.path("end_time")) : now, length);
  }

  /** A length of time in seconds. */
  static Duration seconds(JsonNode body, String key, long otherwise, long least) {
    return Duration.ofSeconds(JsonKeys.whole(body, key, otherwise, least, Long.MAX_VALUE));
  }

  /** Unix seconds, or RFC 3339. */
  static Instant time(JsonNode node) {
    if (node.isNumber()) {
      return Instant.ofEpochMilli(Math.round(node.asDouble() * 1_000));
    }
    try {
      return Instant.parse(node.asText());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "a time is RFC 3339 such as 2026-01-31T12:00:00Z, or Unix seconds, was " + node, e);
    }
  }
}
