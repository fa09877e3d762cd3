package firebreak.deploytracker;

import firebreak.bubbleup.Interval;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Those whom a change reached against those whom it did not, unit by unit, in the minutes that have
 * both: requests of one customer fail together, so that it is customers who are counted. A unit
 * that a flag ever reached is on that side; builds are dealt out by host, so that a unit may be on
 * both.
 *
 * @param exposed units with events that it reached
 * @param unexposed units with events that it did not reach
 * @param affected exposed units with bad events among those that it reached
 * @param differenceAtLeast the lower end of the 95 % interval of the difference of the bad shares;
 *     NaN where a side has not two units
 */
record UnitContrast(long exposed, long unexposed, long affected, double differenceAtLeast) {

  static UnitContrast of(Sample sample, Candidate candidate) {
    BitSet scope = candidate.scope();
    BitSet exposed = candidate.exposed();
    Column<UnitValue> units = sample.units();
    BitSet minutes = minutesOfBoth(sample, candidate);
    BitSet reached = new BitSet();
    for (int row = exposed.nextSetBit(0); row >= 0; row = exposed.nextSetBit(row + 1)) {
      reached.set(units.code(row));
    }
    Arm with = new Arm(units.codes());
    Arm without = new Arm(units.codes());
    for (int row = scope.nextSetBit(0); row >= 0; row = scope.nextSetBit(row + 1)) {
      int unit = units.code(row);
      boolean isExposed = exposed.get(row);
      boolean isOfItsSide = isExposed || !candidate.isFlag() || !reached.get(unit);
      if (unit != Column.ABSENT && isOfItsSide && minutes.get(sample.minute(row))) {
        (isExposed ? with : without).add(unit, sample.weight(row), sample.isBad(row));
      }
    }
    return new UnitContrast(
        with.units(),
        without.units(),
        with.sick(),
        differenceAtLeast(with, without, sample.scale()));
  }

  private static BitSet minutesOfBoth(Sample sample, Candidate candidate) {
    BitSet scope = candidate.scope();
    BitSet with = new BitSet();
    BitSet without = new BitSet();
    for (int row = scope.nextSetBit(0); row >= 0; row = scope.nextSetBit(row + 1)) {
      (candidate.exposed().get(row) ? with : without).set(sample.minute(row));
    }
    with.and(without);
    return with;
  }

  /**
   * Newcombe's hybrid of Wilson's intervals (1998, method 10), each arm of as many events as would
   * be as uncertain if every one were a unit of its own (Rao and Scott, "A simple method for the
   * analysis of clustered binary data", 1992). An approximation: where few units of very different
   * size are sick, the true difference lies below it more often than once in forty times. That it
   * is no chance is for a test of units to say, beside this.
   */
  private static double differenceAtLeast(Arm with, Arm without, double scale) {
    if (with.units() < 2 || without.units() < 2) {
      return Double.NaN;
    }
    double below = with.share() - with.interval(scale).low();
    double above = without.interval(scale).high() - without.share();
    return with.share() - without.share() - Math.hypot(below, above);
  }

  /** The units of one side. */
  private static final class Arm {
    private final long[] events;
    private final long[] bad;

    Arm(int units) {
      events = new long[units];
      bad = new long[units];
    }

    void add(int unit, int weight, boolean isBad) {
      events[unit] += weight;
      bad[unit] += isBad ? weight : 0;
    }

    long units() {
      return Arrays.stream(events).filter(count -> count > 0).count();
    }

    long sick() {
      return Arrays.stream(bad).filter(count -> count > 0).count();
    }

    private double all() {
      return (double) Arrays.stream(events).sum();
    }

    double share() {
      return Arrays.stream(bad).sum() / all();
    }

    Interval interval(double scale) {
      double independent = Math.min(all() * scale, effective());
      return Interval.wilson(share() * independent, independent);
    }

    /** So many independent events would have the variance that the units show (delta method). */
    private double effective() {
      double share = share();
      double squares = 0;
      for (int unit = 0; unit < events.length; unit++) {
        double deviation = bad[unit] - share * events[unit];
        squares += deviation * deviation;
      }
      double units = (double) units();
      double variance = units / (units - 1) * squares / (all() * all());
      return variance > 0 ? share * (1 - share) / variance : Double.POSITIVE_INFINITY;
    }
  }
}
