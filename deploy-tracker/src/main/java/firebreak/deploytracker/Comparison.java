package firebreak.deploytracker;

import firebreak.bubbleup.ContingencyTable;
import firebreak.bubbleup.Interval;
import firebreak.bubbleup.MantelHaenszel;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntToLongFunction;

/**
 * Exposed events set against unexposed ones of the same stratum, usually the same minute, and
 * judged by how many clusters (customers, hosts) agree: events of one customer fail together and
 * are not each a witness.
 *
 * @param deviate by how many standard deviations more is bad where exposed, event by event
 * @param evidence in nats, for "worse where exposed"; 0 when it is not
 * @param observed bad events among the exposed, where there are unexposed ones of their stratum
 * @param expected the same if exposure did not matter
 * @param restExpected the same among the unexposed
 */
record Comparison(
    double riskRatio,
    Interval interval,
    double deviate,
    double evidence,
    double observed,
    double expected,
    double restExpected,
    Tally exposed,
    Tally unexposed) {

  /** With fewer bad events expected on either side, two groups can hardly be told apart. */
  static final double EXPECTED_AT_LEAST = 3;

  /** They can when the exposed, of whom fewer were expected, have so many. */
  private static final double OBSERVED_AT_LEAST = 10;

  /** Up to here their number tells, exactly; a normal approximation needs more of them. */
  private static final int FEW_CLUSTERS = 40;

  /** A cluster tells whether it is sick when so many bad events were expected if it were. */
  private static final double TELLING_FROM = 1.5;

  /** Whatever makes a budget burn makes those it reaches fail so many times as often, at least. */
  private static final double BURNS_FROM = 3;

  /** One in a hundred, one-sided. */
  private static final double DEVIATE_AT_LEAST = 2.33;

  /** Whether there was somebody to compare with. */
  boolean isIdentifiable() {
    return restExpected >= EXPECTED_AT_LEAST
        && (expected >= EXPECTED_AT_LEAST || observed >= OBSERVED_AT_LEAST);
  }

  /** Whether exposure clearly made no great difference. */
  boolean clears() {
    return isIdentifiable() && interval.high() < 1.5;
  }

  /** Whether it neither shows a difference nor rules out one that would make a burn. */
  boolean isThin() {
    return !stands() && !(interval.high() < BURNS_FROM);
  }

  /** Whether exposure made a difference worth the name. */
  boolean stands() {
    return isIdentifiable() && riskRatio >= 1.5 && deviate >= DEVIATE_AT_LEAST;
  }

  /**
   * Compares within {@code scope}.
   *
   * @param strata only events of the same stratum are compared
   * @param clusters whose events stand or fall together
   */
  static Comparison of(
      Sample sample,
      BitSet scope,
      BitSet exposed,
      IntToLongFunction strata,
      IntToLongFunction clusters) {
    Map<Long, double[]> counts = new HashMap<>();
    Tally with = Tally.NONE;
    Tally without = Tally.NONE;
    for (int row = scope.nextSetBit(0); row >= 0; row = scope.nextSetBit(row + 1)) {
      double[] count = counts.computeIfAbsent(strata.applyAsLong(row), _ -> new double[4]);
      int side = exposed.get(row) ? 0 : 2;
      int weight = sample.weight(row);
      count[side] += weight * sample.scale();
      count[side + 1] += sample.isBad(row) ? weight * sample.scale() : 0;
      Tally one = new Tally(weight, sample.isBad(row) ? weight : 0);
      with = side == 0 ? with.plus(one) : with;
      without = side == 0 ? without : without.plus(one);
    }
    MantelHaenszel ratio = new MantelHaenszel();
    counts.values().forEach(count -> ratio.add(count[1], count[0], count[3], count[2]));
    double evidence =
        ratio.riskRatio() <= 1
            ? 0
            : clusterEvidence(sample, scope, exposed, strata, clusters, counts);
    return new Comparison(
        ratio.riskRatio(),
        ratio.interval(),
        ratio.deviate(),
        evidence,
        ratio.observed(),
        ratio.expected(),
        ratio.restExpected(),
        with,
        without);
  }

  /** Of what is dealt out by unit, as flags are; without units, a minute on one side is one. */
  static Comparison byUnit(Sample sample, BitSet scope, BitSet exposed, IntToLongFunction strata) {
    Column<UnitValue> units = sample.units();
    IntToLongFunction unitOrMinute =
        row ->
            units.codes() == 1
                ? 2L * sample.minute(row) + (exposed.get(row) ? 1 : 0)
                : units.code(row);
    return of(sample, scope, exposed, strata, unitOrMinute);
  }

  /**
   * How unlikely it is that exposure dealt out at random to whole clusters would fall on the sick
   * ones as it did: by their number (Fisher), and where there are many also by the sum of their
   * excess (normal); whichever says less counts.
   */
  private static double clusterEvidence(
      Sample sample,
      BitSet scope,
      BitSet exposed,
      IntToLongFunction strata,
      IntToLongFunction clusters,
      Map<Long, double[]> counts) {
    Map<Long, double[]> byCluster = new HashMap<>();
    for (int row = scope.nextSetBit(0); row >= 0; row = scope.nextSetBit(row + 1)) {
      double[] count = counts.getOrDefault(strata.applyAsLong(row), new double[4]);
      if (count[0] == 0 || count[2] == 0) {
        continue;
      }
      double rate = (count[1] + count[3]) / (count[0] + count[2]);
      double weight = sample.weight(row) * sample.scale();
      double[] cluster = byCluster.computeIfAbsent(clusters.applyAsLong(row), _ -> new double[4]);
      cluster[0] += weight * ((sample.isBad(row) ? 1 : 0) - rate);
      cluster[1] += weight;
      cluster[2] += exposed.get(row) ? weight : 0;
      cluster[3] += sample.isBad(row) ? weight : 0;
    }
    double[][] all = byCluster.values().toArray(double[][]::new);
    return all.length <= FEW_CLUSTERS ? fisherOfFew(all) : Math.min(normal(all), fisherOfMany(all));
  }

  private static double normal(double[][] clusters) {
    double meanExcess = Arrays.stream(clusters).mapToDouble(c -> c[0]).average().orElse(0);
    double meanExposure = Arrays.stream(clusters).mapToDouble(c -> c[2] / c[1]).average().orElse(0);
    double sum = 0;
    double squaresExcess = 0;
    double squaresExposure = 0;
    for (double[] cluster : clusters) {
      double excess = cluster[0] - meanExcess;
      double exposure = cluster[2] / cluster[1] - meanExposure;
      sum += excess * exposure;
      squaresExcess += excess * excess;
      squaresExposure += exposure * exposure;
    }
    double variance = squaresExcess * squaresExposure / (clusters.length - 1);
    return sum <= 0 || !(variance > 0) ? 0 : sum * sum / variance / 2;
  }

  /** Of few clusters, with many events each, those that are sick fail at the rate of the sick. */
  private static double fisherOfFew(double[][] clusters) {
    double bad = 0;
    double events = 0;
    for (double[] cluster : clusters) {
      bad += cluster[0] > 0 ? cluster[3] : 0;
      events += cluster[0] > 0 ? cluster[1] : 0;
    }
    double rate = bad / events;
    int[] counts = new int[4];
    for (double[] cluster : clusters) {
      if (cluster[1] * rate >= TELLING_FROM) {
        boolean isSick = cluster[0] > 0 && cluster[3] >= cluster[1] * rate / 2;
        counts[(isSick ? 0 : 2) + (isExposed(cluster) ? 0 : 1)]++;
      }
    }
    return fisher(counts);
  }

  /** Of many, those are sick that make four fifths of the excess. */
  private static double fisherOfMany(double[][] clusters) {
    double[][] sickest = clusters.clone();
    Arrays.sort(sickest, (a, b) -> Double.compare(b[0], a[0]));
    double excess = Arrays.stream(sickest).mapToDouble(c -> Math.max(0, c[0])).sum();
    int[] counts = new int[4];
    double reached = 0;
    for (double[] cluster : sickest) {
      boolean isSick = reached < 0.8 * excess && cluster[0] > 0;
      reached += isSick ? cluster[0] : 0;
      counts[(isSick ? 0 : 2) + (isExposed(cluster) ? 0 : 1)]++;
    }
    return fisher(counts);
  }

  private static boolean isExposed(double[] cluster) {
    return cluster[2] > cluster[1] / 2;
  }

  /** Of sick and exposed, sick only, exposed only, neither. */
  private static double fisher(int[] counts) {
    double p =
        new ContingencyTable(counts[0], counts[0] + counts[1], counts[2], counts[2] + counts[3])
            .pValue();
    return -Math.log(Math.max(p, Double.MIN_NORMAL));
  }
}
