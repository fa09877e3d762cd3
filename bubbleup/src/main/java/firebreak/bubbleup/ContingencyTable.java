package firebreak.bubbleup;

import org.apache.commons.statistics.distribution.HypergeometricDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * A two-by-two table: how often something happens among some, and how often among the rest.
 *
 * @param hits how often it happened among {@code trials}
 * @param restHits how often it happened among {@code restTrials}
 */
public record ContingencyTable(long hits, long trials, long restHits, long restTrials) {

  /** Below this expected count in any cell the exact test takes over from the G-test. */
  private static final double EXPECTED_AT_LEAST = 5;

  /** However many tests there are, a p-value as small as this is small enough. */
  private static final double SMALL_ENOUGH = 1e-15;

  /** What is less than this part of a sum does not change it. */
  private static final double NEGLIGIBLE = 1e-17;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  public ContingencyTable {
    if (hits < 0 || hits > trials || restHits < 0 || restHits > restTrials) {
      throw new IllegalArgumentException(
          "hits must lie between 0 and their trials, were %d of %d and %d of %d"
              .formatted(hits, trials, restHits, restTrials));
    }
  }

  /** The share of hits among the trials, 0 without any. */
  public double rate() {
    return trials == 0 ? 0 : (double) hits / trials;
  }

  /** The share of hits among the rest, 0 without any. */
  public double restRate() {
    return restTrials == 0 ? 0 : (double) restHits / restTrials;
  }

  public boolean isElevated() {
    return trials > 0 && restTrials > 0 && rate() > restRate();
  }

  /** Hits beyond what the rest's rate would have made of the trials. */
  public double excess() {
    return hits - trials * restRate();
  }

  /**
   * In which the excess lies in 95 of 100 cases: the difference of both rates by Newcombe's hybrid
   * of Wilson's intervals (1998, method 10), times the trials.
   */
  public Interval excessInterval() {
    Interval some = Interval.wilson((double) hits, (double) trials);
    Interval rest = Interval.wilson((double) restHits, (double) restTrials);
    double difference = rate() - restRate();
    double below = Math.hypot(rate() - some.low(), rest.high() - restRate());
    double above = Math.hypot(some.high() - rate(), restRate() - rest.low());
    return new Interval(trials * (difference - below), trials * (difference + above));
  }

  /**
   * The log-likelihood ratio, in nats, of "more often among some" against "equally often"; half of
   * G, and 0 where it is not more often.
   */
  public double evidence() {
    return isElevated() ? Math.max(0, logLikelihoodRatio()) : 0;
  }

  private double logLikelihoodRatio() {
    long misses = trials - hits;
    long restMisses = restTrials - restHits;
    return xLogX(hits)
        + xLogX(misses)
        + xLogX(restHits)
        + xLogX(restMisses)
        - xLogX(trials)
        - xLogX(restTrials)
        - xLogX(hits + restHits)
        - xLogX(misses + restMisses)
        + xLogX(trials + restTrials);
  }

  private static double xLogX(long x) {
    return x == 0 ? 0 : x * Math.log((double) x);
  }

  /**
   * The chance of a table at least this lopsided if some were like the rest, one-sided: the signed
   * root of G, or Fisher's exact test where counts are small.
   */
  public double pValue() {
    if (!isElevated()) {
      return 1;
    }
    return isSmall() && trials + restTrials <= Integer.MAX_VALUE
        ? fisher()
        : NORMAL.survivalProbability(Math.sqrt(2 * evidence()));
  }

  /**
   * Fisher's exact test, one-sided: the chance of this many hits among the trials or more. Each
   * chance follows from the one before, until they no longer count.
   */
  private double fisher() {
    long all = trials + restTrials;
    long marked = hits + restHits;
    double chance =
        HypergeometricDistribution.of((int) all, (int) marked, (int) trials)
            .probability((int) hits);
    double sum = 0;
    for (long k = hits; chance > sum * NEGLIGIBLE; k++) {
      sum += chance;
      chance *=
          (double) (marked - k) * (trials - k) / ((k + 1.0) * (all - marked - trials + k + 1));
    }
    return Math.min(1, sum);
  }

  private boolean isSmall() {
    long all = trials + restTrials;
    long fewer = Math.min(trials, restTrials);
    long rarer = Math.min(hits + restHits, all - (hits + restHits));
    return (double) fewer * rarer / all < EXPECTED_AT_LEAST;
  }

  /**
   * The smallest p-value that any table with these margins could have: where it is large, the table
   * cannot be significant, and need not count among the tests (Tarone 1990). Of one that is small
   * enough, whatever the tests, an upper bound.
   */
  double leastPValue() {
    long all = trials + restTrials;
    long marked = hits + restHits;
    long draws = Math.min(trials, marked);
    long most = Math.max(trials, marked);
    double chance = 1;
    for (long i = 0; i < draws && chance > SMALL_ENOUGH; i++) {
      chance *= (double) (most - i) / (all - i);
    }
    return chance;
  }
}
