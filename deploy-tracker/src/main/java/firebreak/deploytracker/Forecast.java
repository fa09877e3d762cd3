package firebreak.deploytracker;

import firebreak.bubbleup.Interval;
import firebreak.deploytracker.Finding.Prediction;
import firebreak.eventstore.TimeRange;
import firebreak.slo.Objective;
import java.time.Duration;
import java.util.BitSet;

/**
 * Says what turning a lever would leave of the burn: the events it reaches fail as their own kind
 * does without the variation, and no oftener than it did before the burn.
 */
final class Forecast {
  private final Sample sample;
  private final History history;
  private final FewUnits few;

  Forecast(Sample sample, History history, FewUnits few) {
    this.sample = sample;
    this.history = history;
    this.few = few;
  }

  Prediction of(Objective objective, Candidate blamed, BitSet turned) {
    Tally reached = sample.tally(turned);
    BitSet others = sample.all();
    others.andNot(turned);
    Tally rest = sample.tally(others);
    Tally control = control(blamed, turned, rest);
    double events = few.isEmpty() ? reached.events() : usualEvents(reached.events());
    double failing = rest.bad() + events * control.rate();
    double eligible = rest.events() + events;
    double counted = eligible * sample.scale() / dispersion(others, rest);
    double rate = failing / eligible;
    Interval interval = Interval.wilson(rate * counted, counted);
    return new Prediction(
        rate / objective.budgetShare(),
        interval.low() / objective.budgetShare(),
        interval.high() / objective.budgetShare(),
        events / eligible);
  }

  /** How the units fare without it: unexposed, or before the burn; else as the others do. */
  private Tally control(Candidate blamed, BitSet turned, Tally rest) {
    if (few.isEmpty()) {
      return rest;
    }
    BitSet unexposed = (BitSet) few.rows().clone();
    unexposed.andNot(blamed.exposed());
    unexposed.andNot(turned);
    Tally before = history.tally(before(), Weighing.anyOf(few.units()));
    Tally control = sample.tally(unexposed).plus(before);
    return control.events() == 0 ? rest : control;
  }

  private TimeRange before() {
    return TimeRange.before(sample.range().start(), Duration.ofHours(1));
  }

  /** The traffic may itself be the change's doing; without it, as much comes as came before. */
  private double usualEvents(long now) {
    Tally before = history.tally(before(), Weighing.anyOf(few.units()));
    double hours = sample.range().length().toSeconds() / 3600.0;
    return before.events() == 0 ? (double) now : Math.min((double) now, before.events() * hours);
  }

  /** How much more the rest's minutes differ than chance alone would have it, at least 1. */
  private double dispersion(BitSet others, Tally rest) {
    int minutes = (int) sample.range().length().toMinutes() + 1;
    double[] events = new double[minutes];
    double[] bad = new double[minutes];
    for (int row = others.nextSetBit(0); row >= 0; row = others.nextSetBit(row + 1)) {
      events[sample.minute(row)] += sample.weight(row) * sample.scale();
      bad[sample.minute(row)] += sample.isBad(row) ? sample.weight(row) * sample.scale() : 0;
    }
    double sum = 0;
    int counted = 0;
    double rate = rest.rate();
    for (int minute = 0; minute < minutes; minute++) {
      double variance = events[minute] * rate * (1 - rate);
      if (variance > 0) {
        double deviation = bad[minute] - events[minute] * rate;
        sum += deviation * deviation / variance;
        counted++;
      }
    }
    return counted < 2 ? 1 : Math.max(1, sum / (counted - 1));
  }
}
