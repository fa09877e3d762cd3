package firebreak.bubbleup;

/**
 * Compares two groups within strata, so that what differs between the strata cannot pass for a
 * difference between the groups (Mantel and Haenszel 1959): each stratum is its own controlled
 * comparison, and one that has only one of the groups says nothing.
 */
public final class MantelHaenszel {
  private double observed;
  private double restObserved;
  private double expected;
  private double restExpected;
  private double ratioAbove;
  private double ratioBelow;
  private double spread;
  private double variance;

  /** Adds the stratum with {@code hits} of {@code trials} in the group, and of the rest. */
  public void add(double hits, double trials, double restHits, double restTrials) {
    if (trials <= 0 || restTrials <= 0) {
      return;
    }
    double all = trials + restTrials;
    double allHits = hits + restHits;
    observed += hits;
    restObserved += restHits;
    expected += allHits * trials / all;
    restExpected += allHits * restTrials / all;
    variance +=
        all <= 1 ? 0 : trials * restTrials * allHits * (all - allHits) / (all * all * (all - 1));
    ratioAbove += hits * restTrials / all;
    ratioBelow += restHits * trials / all;
    spread += (trials * restTrials * allHits - hits * restHits * all) / (all * all);
  }

  /** Hits in the group, in strata that have both. */
  public double observed() {
    return observed;
  }

  public double restObserved() {
    return restObserved;
  }

  /** Hits the group would have were it like the rest of its strata. */
  public double expected() {
    return expected;
  }

  public double restExpected() {
    return restExpected;
  }

  /** By how many standard deviations the group has more hits than were it like the rest. */
  public double deviate() {
    return variance > 0 ? (observed - expected) / Math.sqrt(variance) : 0;
  }

  /** How many times likelier a hit is in the group; half a hit is added where one side has none. */
  public double riskRatio() {
    return needsHalf() ? (ratioAbove + 0.5) / (ratioBelow + 0.5) : ratioAbove / ratioBelow;
  }

  private boolean needsHalf() {
    return ratioAbove == 0 || ratioBelow == 0;
  }

  /** The 95 % interval of the risk ratio (Greenland and Robins 1985). */
  public Interval interval() {
    double variance =
        needsHalf()
            ? 1 / (ratioAbove + 0.5) + 1 / (ratioBelow + 0.5)
            : spread / (ratioAbove * ratioBelow);
    double factor = Math.exp(Interval.DEVIATE_95 * Math.sqrt(variance));
    return new Interval(riskRatio() / factor, riskRatio() * factor);
  }
}
