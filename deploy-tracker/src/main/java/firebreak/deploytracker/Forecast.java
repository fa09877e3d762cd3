package firebreak.deploytracker;

import firebreak.bubbleup.Interval;
import firebreak.deploytracker.Counterfactual.Estimate;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.slo.Objective;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Says what taking something away would leave of the burn: the events that it made bad fail as
 * those of the same minutes do that it did not reach, and as their own kind did before the burn
 * where there are none. All others go as they went. Where a few make the burn, their traffic counts
 * as it usually is.
 */
final class Forecast {

  /** With fewer control events, the hour before is asked as well. */
  private static final long CONTROLS_AT_LEAST = 100;

  /** A minute's own controls count from about so many events on; before, those of all minutes. */
  private static final double MINUTE_COUNTS_FROM = 50;

  private final Sample sample;
  private final History history;
  private final FewUnits few;
  private final Objective objective;

  Forecast(Sample sample, History history, FewUnits few, Objective objective) {
    this.sample = sample;
    this.history = history;
    this.few = few;
    this.objective = objective;
  }

  /**
   * What would be.
   *
   * @param isByHistory whether there were hardly any unexposed events to go by
   */
  record Outlook(
      Estimate burnRate,
      Estimate badAvoided,
      double trafficAffected,
      long goodAffected,
      boolean isByHistory) {

    Finding.Prediction prediction() {
      return new Finding.Prediction(
          burnRate.value(), burnRate.low(), burnRate.high(), trafficAffected);
    }
  }

  /**
   * Foretells.
   *
   * @param turned the events that would be served something else
   * @param sick those that the suspect reached; the rest of {@code scope} is the control
   */
  Outlook of(BitSet turned, BitSet sick, BitSet scope) {
    BitSet healed = Sample.and(turned, sick);
    BitSet others = sample.all();
    others.andNot(healed);
    BitSet controls = (BitSet) scope.clone();
    controls.andNot(sick);
    controls.andNot(turned);
    boolean isOfFew = !few.isEmpty() && !healed.isEmpty();
    if (isOfFew) {
      controls.and(few.rows());
    }
    Tally rest = sample.tally(others);
    Tally control = sample.tally(controls);
    boolean isByHistory = !healed.isEmpty() && control.events() < CONTROLS_AT_LEAST;
    if (isOfFew || isByHistory) {
      control = control.plus(before(isOfFew));
    }
    double surplus = few.isEmpty() ? 0 : 1 - usualShare();
    double[] reached = perMinute(healed);
    double[] surge = perMinute(Sample.and(healed, few.rows()));
    for (int minute = 0; minute < reached.length; minute++) {
      reached[minute] -= surplus * surge[minute];
    }
    double failing = expected(reached, controls, control);
    double events = rest.events() + sum(reached);
    double rate = (rest.bad() + failing) / events;
    double trials = rest.events() * sample.scale() / dispersion(others, rest.rate());
    Interval interval = Interval.wilson(rate * trials, trials);
    Tally all = sample.tally(sample.all());
    Tally touched = sample.tally(turned);
    double share = objective.budgetShare();
    return new Outlook(
        new Estimate(rate / share, interval.low() / share, interval.high() / share),
        new Estimate(
            all.bad() - rate * events,
            Math.max(0, all.bad() - interval.high() * events),
            Math.min((double) all.bad(), all.bad() - interval.low() * events)),
        (touched.events() - surplus * sample.tally(Sample.and(turned, few.rows())).events())
            / (all.events() - surplus * sample.tally(few.rows()).events()),
        touched.events() - touched.bad(),
        isByHistory);
  }

  /** Bad events among the reached, were they like the controls of their minutes. */
  private double expected(double[] reached, BitSet controls, Tally control) {
    double overall = control.rate();
    double[] events = new double[reached.length];
    double[] bad = new double[reached.length];
    count(controls, events, bad);
    double expected = 0;
    for (int minute = 0; minute < reached.length; minute++) {
      double rate =
          (bad[minute] + MINUTE_COUNTS_FROM * overall) / (events[minute] + MINUTE_COUNTS_FROM);
      expected += reached[minute] * rate;
    }
    return expected;
  }

  private double[] perMinute(BitSet rows) {
    double[] events = new double[minutes()];
    count(rows, events, new double[events.length]);
    return events;
  }

  private void count(BitSet rows, double[] events, double[] bad) {
    for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
      events[sample.minute(row)] += sample.weight(row);
      bad[sample.minute(row)] += sample.isBad(row) ? sample.weight(row) : 0;
    }
  }

  private int minutes() {
    return (int) sample.range().length().toMinutes() + 1;
  }

  private Tally before(boolean isOfFew) {
    Filter whose = isOfFew ? Weighing.anyOf(few.units()) : Filter.ALL;
    return history.tally(TimeRange.before(sample.range().start(), Duration.ofHours(1)), whose);
  }

  /**
   * Which part of what the few send now they sent before: their surge may itself be the change's
   * doing, and is nothing that anybody would miss.
   */
  private double usualShare() {
    double before = before(true).events();
    double now = sample.tally(few.rows()).events();
    double hours = sample.range().length().toSeconds() / 3600.0;
    return before == 0 || now == 0 ? 1 : Math.min(1, before * hours / now);
  }

  /** How much more minutes, or units, differ than chance alone would have it; at least 1. */
  private double dispersion(BitSet rows, double rate) {
    double[] events = new double[minutes()];
    double[] bad = new double[events.length];
    count(rows, events, bad);
    Column<UnitValue> units = sample.units();
    double[] unitEvents = new double[units.codes()];
    double[] unitBad = new double[units.codes()];
    for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
      unitEvents[units.code(row)] += sample.weight(row);
      unitBad[units.code(row)] += sample.isBad(row) ? sample.weight(row) : 0;
    }
    return Math.max(
        1, Math.max(dispersion(events, bad, rate), dispersion(unitEvents, unitBad, rate)));
  }

  /** The clusters' squared deviations over what independent events would have. */
  private double dispersion(double[] events, double[] bad, double rate) {
    double squares = 0;
    for (int i = 0; i < events.length; i++) {
      double deviation = bad[i] - events[i] * rate;
      squares += deviation * deviation;
    }
    double variance = sum(events) * rate * (1 - rate);
    return variance > 0 ? squares * sample.scale() / variance : 1;
  }

  private static double sum(double[] numbers) {
    return Arrays.stream(numbers).sum();
  }
}
