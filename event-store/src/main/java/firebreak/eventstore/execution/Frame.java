package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Times;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A time range and how it is cut into buckets, if at all; in nanoseconds since 1970.
 *
 * @param buckets null for none
 */
record Frame(long start, long end, @Nullable Buckets buckets) {

  static Frame of(TimeScope scope, Duration granularity) {
    return new Frame(
        scope.start(),
        scope.end(),
        granularity.isZero() ? null : Buckets.of(scope.start(), scope.end(), granularity));
  }

  Frame withoutBuckets() {
    return new Frame(start, end, null);
  }

  /** How many buckets there are; one for the whole where it is not cut. */
  int width() {
    return buckets == null ? 1 : buckets.count();
  }

  /** How long the range is. */
  long length() {
    return end - start;
  }

  /** Where a bucket, or the whole, begins within the range. */
  long start(int bucket) {
    return buckets == null || bucket == 0 ? start : buckets.end(bucket - 1);
  }

  /** Where a bucket, or the whole, ends within the range. */
  long end(int bucket) {
    return buckets == null ? end : Math.min(end, buckets.end(bucket));
  }

  /** Time buckets from {@code first} on, counted from 1970. */
  record Buckets(Duration width, long first, int count) {
    static Buckets of(long start, long end, Duration width) {
      long first = Times.bucket(start, width);
      long last = Math.max(first, Times.bucket(end - 1, width));
      return new Buckets(width, first, (int) (last - first) + 1);
    }

    int of(long time) {
      return (int) (Times.bucket(time, width) - first);
    }

    /** The time at which a bucket ends. */
    long end(int bucket) {
      long next = first + bucket + 1;
      long nanos = width.toNanos();
      return next > Long.MAX_VALUE / nanos ? Long.MAX_VALUE : next * nanos;
    }
  }
}
