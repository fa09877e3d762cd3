package firebreak.deploytracker;

import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;

/**
 * Whether those whom a flag reaches failed as much before it did: their own bad events before,
 * weighed so that each unit sends as much as it sends now, set against what the others' came to
 * (difference in differences, standardised to the units of the burn).
 */
final class UnitsBefore {

  /** With fewer bad events before, nothing is known about before. */
  private static final long BAD_AT_LEAST = 5;

  private final Sample sample;
  private final History history;

  UnitsBefore(Sample sample, History history) {
    this.sample = sample;
    this.history = history;
  }

  /**
   * What the change made of a group.
   *
   * @param now its bad events in the burn
   * @param expected what they would be at each unit's own rate before
   * @param variance of the logarithm of now over expected
   * @param badBefore bad events before, unweighed
   */
  record Growth(double now, double expected, double variance, long badBefore) {
    double times() {
      return now / expected;
    }
  }

  /** True when those it reaches failed before it as they do now, as far as the others tell. */
  boolean failedBefore(Growth exposed, Growth rest) {
    if (exposed.badBefore < BAD_AT_LEAST) {
      return false;
    }
    boolean othersTell = rest.badBefore >= BAD_AT_LEAST && rest.now > 0;
    double growth = Math.log(exposed.times() / (othersTell ? Math.max(1, rest.times()) : 1));
    double variance = exposed.variance + (othersTell ? rest.variance : 0);
    return growth < 2 * Math.sqrt(variance);
  }

  /**
   * The units that the flag reaches in most of their events, then all others. What befell a unit
   * while it was on the other side is neither's: others do not fail in what the flag reaches.
   */
  Growth[] exposedAndRest(Candidate candidate, Instant onset) {
    Column<UnitValue> units = sample.units();
    long[] side = new long[units.codes()];
    for (int row = 0; row < sample.size(); row++) {
      side[units.code(row)] += candidate.exposed().get(row) ? 1 : -1;
    }
    Tally[] now = new Tally[units.codes()];
    Arrays.fill(now, Tally.NONE);
    for (int row = 0; row < sample.size(); row++) {
      int code = units.code(row);
      if (candidate.exposed().get(row) == side[code] > 0) {
        int weight = sample.weight(row);
        now[code] = now[code].plus(new Tally(weight, sample.isBad(row) ? weight : 0));
      }
    }
    double[][] sums = new double[2][4];
    if (units.codes() > 1) {
      FieldRoles.Unit unit = units.value(1).unit();
      TimeRange range = new TimeRange(onset.minus(Lineup.AGE_AT_MOST), candidate.time());
      for (Map.Entry<Value, Tally> entry :
          history.tallies(range, Filter.ALL, unit.field()).entrySet()) {
        int code = units.codeOf(new UnitValue(unit, entry.getKey()));
        if (code != Column.ABSENT) {
          add(sums[side[code] > 0 ? 0 : 1], now[code], entry.getValue());
        }
      }
    }
    return new Growth[] {growth(sums[0]), growth(sums[1])};
  }

  private void add(double[] sums, Tally now, Tally before) {
    double times = (double) now.events() / before.events();
    sums[0] += now.bad() * sample.scale();
    sums[1] += times * before.bad() * sample.scale();
    sums[2] += times * times * before.bad() * sample.scale();
    sums[3] += before.bad() * sample.scale();
  }

  private static Growth growth(double[] sums) {
    double variance = 1 / (sums[0] + 0.5) + sums[2] / (sums[1] * sums[1]);
    return new Growth(sums[0], sums[1], variance, Math.round(sums[3]));
  }
}
