package firebreak.eventstore;

import firebreak.eventstore.columns.Times;
import java.util.List;

/** What CONCURRENCY means, computed from a list of events without a thought for speed. */
final class ConcurrencyDefinition {
  private static final double NANOS_PER_MILLI = 1e6;

  private ConcurrencyDefinition() {}

  /** How many of the events run on average of a range, each as often as its weight. */
  static double average(List<SeenEvent> events, TimeRange range) {
    double sum = 0;
    for (SeenEvent event : events) {
      sum += (double) event.sampleRate() * overlap(event, range);
    }
    return sum == 0 ? 0 : sum / (Times.nanos(range.end()) - Times.nanos(range.start()));
  }

  /** For how many nanoseconds of a range an event runs. */
  static long overlap(SeenEvent event, TimeRange range) {
    Value duration = event.field(Calculation.DURATION);
    if (duration == null || !duration.isNumber() || !(duration.asDouble() > 0)) {
      return 0;
    }
    long start = Times.nanos(event.time());
    long length = Math.round(duration.asDouble() * NANOS_PER_MILLI);
    long end = length > Long.MAX_VALUE - Math.max(0, start) ? Long.MAX_VALUE : start + length;
    long from = Math.max(start, Times.nanos(range.start()));
    long to = Math.min(end, Times.nanos(range.end()));
    return Math.max(0, to - from);
  }
}
