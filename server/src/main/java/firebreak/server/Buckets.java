package firebreak.server;

import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The buckets of a histogram, lowest first, and what a quantile is among them.
 *
 * <p>A quantile is sought by rank: its bucket is the first at which at least its share of the count
 * is reached, and within the bucket values are taken to lie evenly. The outermost buckets of
 * explicit bounds have no outer bound of their own; the least and greatest value stand in where
 * they are told. Where they are not, the first bucket begins at zero or, if its bound is not above
 * zero, has the bound as its only value, and so has the last one its lower bound. A quantile never
 * lies outside the least and greatest value.
 */
final class Buckets {
  private record Bucket(double low, double high, long count) {}

  private final List<Bucket> buckets = new ArrayList<>();
  private final double least;
  private final double greatest;
  private long total;

  private Buckets(double least, double greatest) {
    this.least = least;
    this.greatest = greatest;
  }

  /** The buckets between explicit bounds. */
  static Buckets of(HistogramDataPoint point) {
    int counts = point.getBucketCountsCount();
    int bounds = point.getExplicitBoundsCount();
    if (counts == 0 ? bounds != 0 : counts != bounds + 1) {
      throw new IllegalArgumentException(
          "a histogram with %d bounds has %d bucket counts, had %d"
              .formatted(bounds, bounds + 1, counts));
    }
    Buckets buckets =
        new Buckets(
            point.hasMin() ? point.getMin() : Double.NaN,
            point.hasMax() ? point.getMax() : Double.NaN);
    for (int i = 0; i < counts; i++) {
      buckets.add(buckets.lower(point, i), buckets.upper(point, i), point.getBucketCounts(i));
    }
    return buckets;
  }

  private double lower(HistogramDataPoint point, int i) {
    if (i > 0) {
      return point.getExplicitBounds(i - 1);
    }
    if (!Double.isNaN(least) || point.getExplicitBoundsCount() == 0) {
      return least;
    }
    return Math.min(0, point.getExplicitBounds(0));
  }

  private double upper(HistogramDataPoint point, int i) {
    int bounds = point.getExplicitBoundsCount();
    if (i < bounds) {
      return point.getExplicitBounds(i);
    }
    return !Double.isNaN(greatest) || bounds == 0 ? greatest : point.getExplicitBounds(bounds - 1);
  }

  /** The buckets whose bounds are powers of one base, on both sides of those about zero. */
  static Buckets of(ExponentialHistogramDataPoint point) {
    Buckets buckets =
        new Buckets(
            point.hasMin() ? point.getMin() : Double.NaN,
            point.hasMax() ? point.getMax() : Double.NaN);
    var negative = point.getNegative();
    for (int i = negative.getBucketCountsCount() - 1; i >= 0; i--) {
      long index = (long) negative.getOffset() + i;
      buckets.add(
          -power(index + 1, point.getScale()),
          -power(index, point.getScale()),
          negative.getBucketCounts(i));
    }
    buckets.add(-point.getZeroThreshold(), point.getZeroThreshold(), point.getZeroCount());
    var positive = point.getPositive();
    for (int i = 0; i < positive.getBucketCountsCount(); i++) {
      long index = (long) positive.getOffset() + i;
      buckets.add(
          power(index, point.getScale()),
          power(index + 1, point.getScale()),
          positive.getBucketCounts(i));
    }
    return buckets;
  }

  /** The base 2^(2^-scale) to the power of the index, as large as a double can be at most. */
  private static double power(long index, int scale) {
    return Math.min(Double.MAX_VALUE, Math.pow(2, index * Math.pow(2, -scale)));
  }

  private void add(double low, double high, long count) {
    if (count < 0 || total + count < 0) {
      throw new IllegalArgumentException(
          "the count of a bucket is too large: " + Long.toUnsignedString(count));
    }
    if (count > 0) {
      buckets.add(new Bucket(low, high, count));
      total += count;
    }
  }

  /** The value at or below which this share of the count lies; empty when nobody can tell. */
  OptionalDouble quantile(double share) {
    double rank = share * total;
    long below = 0;
    for (Bucket bucket : buckets) {
      if (below + bucket.count() >= rank) {
        double within = Math.max(0, rank - below) / bucket.count();
        double value = bucket.low() * (1 - within) + bucket.high() * within;
        return Double.isFinite(value) ? OptionalDouble.of(bounded(value)) : OptionalDouble.empty();
      }
      below += bucket.count();
    }
    return OptionalDouble.empty();
  }

  private double bounded(double value) {
    double atLeast = Double.isNaN(least) ? value : Math.max(value, least);
    return Double.isNaN(greatest) ? atLeast : Math.min(atLeast, greatest);
  }
}
