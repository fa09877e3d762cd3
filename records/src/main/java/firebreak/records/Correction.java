package firebreak.records;

import firebreak.eventstore.TimeRange;
import java.time.Instant;

/**
 * A stretch of time whose events do not count for an objective, with who said so and why.
 *
 * @param slo the id of the objective, of a file or of the API
 */
public record Correction(
    String id,
    String slo,
    Instant start,
    Instant end,
    String author,
    String note,
    Instant createdAt) {
  public Correction {
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException(
          "a correction begins before it ends, was %s to %s".formatted(start, end));
    }
  }

  public TimeRange range() {
    return new TimeRange(start, end);
  }
}
