package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class BucketsTest {
  private static HistogramDataPoint.Builder histogram(double[] bounds, long... counts) {
    HistogramDataPoint.Builder point = HistogramDataPoint.newBuilder();
    DoubleStream.of(bounds).forEach(point::addExplicitBounds);
    for (long count : counts) {
      point.addBucketCounts(count);
    }
    return point;
  }

  private static double quantile(HistogramDataPoint.Builder point, double share) {
    return Buckets.of(point.build()).quantile(share).orElseThrow();
  }

  @Test
  void takesValuesToLieEvenlyWithinTheirBucket() {
    var point = histogram(new double[] {10, 20}, 2, 6, 0);

    assertEquals(5, quantile(point, 0.125));
    assertEquals(10, quantile(point, 0.25));
    assertEquals(15, quantile(point, 0.625));
    assertEquals(20, quantile(point, 1));
  }

  @Test
  void boundsTheOutermostBucketsByTheLeastAndTheGreatest() {
    var point = histogram(new double[] {10}, 4, 4).setMin(8).setMax(30);

    assertEquals(8, quantile(point, 0));
    assertEquals(9, quantile(point, 0.25));
    assertEquals(20, quantile(point, 0.75));
    assertEquals(30, quantile(point, 1));
  }

  @Test
  void staysAtTheLastBoundWhenNobodyKnowsTheGreatest() {
    assertEquals(10, quantile(histogram(new double[] {10}, 0, 5), 0.99));
    assertEquals(-10, quantile(histogram(new double[] {-10}, 5, 0), 0.5));
  }

  @Test
  void cannotTellWithoutBucketsOrCounts() {
    assertEquals(
        OptionalDouble.empty(), Buckets.of(histogram(new double[0]).build()).quantile(0.5));
    assertEquals(
        OptionalDouble.empty(),
        Buckets.of(histogram(new double[] {1}, 0, 0).build()).quantile(0.5));
    assertEquals(
        OptionalDouble.empty(), Buckets.of(histogram(new double[0], 5).build()).quantile(0.5));
  }

  @Test
  void refusesCountsThatDoNotFitTheBounds() {
    HistogramDataPoint point = histogram(new double[] {1, 2}, 1, 1).build();

    var e = assertThrows(IllegalArgumentException.class, () -> Buckets.of(point));
    assertTrue(String.valueOf(e.getMessage()).contains("3 bucket counts, had 2"), e.getMessage());
  }

  @Test
  void refusesCountsThatNoLongHolds() {
    HistogramDataPoint point = histogram(new double[] {1}, Long.MAX_VALUE, Long.MAX_VALUE).build();

    assertThrows(IllegalArgumentException.class, () -> Buckets.of(point));
  }

  @Test
  void readsPowersOfTheBaseOnBothSidesOfZero() {
    ExponentialHistogramDataPoint.Builder point = ExponentialHistogramDataPoint.newBuilder();
    point.setScale(0).setZeroCount(2);
    point.getNegativeBuilder().setOffset(1).addBucketCounts(4); // [-4, -2)
    point.getPositiveBuilder().setOffset(2).addBucketCounts(0).addBucketCounts(4); // (8, 16]
    Buckets buckets = Buckets.of(point.build());

    assertEquals(-4, buckets.quantile(0).orElseThrow());
    assertEquals(-3, buckets.quantile(0.2).orElseThrow());
    assertEquals(0, buckets.quantile(0.5).orElseThrow());
    assertEquals(12, buckets.quantile(0.8).orElseThrow());
    assertEquals(16, buckets.quantile(1).orElseThrow());
  }

  @Test
  void staysFiniteForBucketsBeyondAllNumbers() {
    ExponentialHistogramDataPoint.Builder point = ExponentialHistogramDataPoint.newBuilder();
    point.setScale(-10);
    point.getPositiveBuilder().setOffset(Integer.MAX_VALUE).addBucketCounts(1);

    assertTrue(Double.isFinite(Buckets.of(point.build()).quantile(0.5).orElseThrow()));
  }

  /** Whatever was counted, an estimate lies in the bucket of the exact quantile. */
  @Test
  void liesInTheBucketOfTheExactQuantile() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      double[] bounds = random.doubles(1 + random.nextInt(9), -50, 50).sorted().toArray();
      double[] values = random.doubles(1 + random.nextInt(60), -80, 80).sorted().toArray();
      long[] counts = new long[bounds.length + 1];
      for (double value : values) {
        counts[bucket(bounds, value)]++;
      }
      var point = histogram(bounds, counts).setMin(values[0]).setMax(values[values.length - 1]);
      for (double share : new double[] {0.01, 0.25, 0.5, 0.9, 0.99}) {
        double exact = values[(int) Math.ceil(share * values.length) - 1];
        double estimate = quantile(point, share);
        int bucket = bucket(bounds, exact);
        double low = bucket == 0 ? values[0] : bounds[bucket - 1];
        double high = bucket == bounds.length ? values[values.length - 1] : bounds[bucket];
        assertTrue(
            estimate >= low - 1e-9 && estimate <= high + 1e-9,
            "seed %d: %s is not in [%s, %s] of %s".formatted(seed, estimate, low, high, exact));
      }
    }
  }

  private static int bucket(double[] bounds, double value) {
    int at = Arrays.binarySearch(bounds, value);
    return at < 0 ? -at - 1 : at;
  }
}
