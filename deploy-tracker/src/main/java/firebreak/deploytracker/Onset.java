package firebreak.deploytracker;

import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;

/**
 * When the burn began, as far as its counts tell: the moment that best splits them into a lower and
 * a higher share of bad events. An alert says when its budget began to be outrun, which stray
 * failures before can make too early, and a burn near the alert's threshold too late.
 *
 * @param best the likeliest moment
 * @param latest the last moment that is not much less likely
 * @param isSudden whether all was well until then and it soon failed as much as later
 */
record Onset(Instant best, Instant latest, boolean isSudden) {
  private static final Duration BEFORE = Duration.ofHours(1);

  /** Nats by which a moment may be less likely than the best one: some 95 %. */
  private static final double LESS_LIKELY = 2;

  private static final Duration WELL_BEFORE = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int BAD_SOON_AT_LEAST = 10;

  /**
   * Finds it.
   *
   * @param alerted the onset as the alert has it
   * @param end until when there is something to look at
   */
  static Onset find(History history, Instant alerted, Instant end) {
    SortedMap<Instant, Tally> slots =
        history.series(new TimeRange(alerted.minus(BEFORE), end), Filter.ALL);
    Tally all = sum(slots);
    Tally before = Tally.NONE;
    Instant best = alerted;
    double most = 0;
    for (Map.Entry<Instant, Tally> slot : slots.entrySet()) {
      double gain = gain(before, all.minus(before));
      if (gain > most) {
        most = gain;
        best = slot.getKey();
      }
      before = before.plus(slot.getValue());
    }
    before = Tally.NONE;
    Instant latest = best;
    for (Map.Entry<Instant, Tally> slot : slots.entrySet()) {
      latest =
          gain(before, all.minus(before)) >= most - LESS_LIKELY && most > 0
              ? slot.getKey()
              : latest;
      before = before.plus(slot.getValue());
    }
    return new Onset(best, latest.isBefore(alerted) ? alerted : latest, isSudden(slots, best));
  }

  private static boolean isSudden(SortedMap<Instant, Tally> slots, Instant onset) {
    Tally before = sum(slots.subMap(onset.minus(WELL_BEFORE), onset));
    Tally soon = sum(slots.subMap(onset, onset.plus(SOON)));
    Tally later = sum(slots.tailMap(onset.plus(SOON)));
    return soon.bad() >= BAD_SOON_AT_LEAST
        && soon.rate() >= later.rate() / 2
        && before.rate() <= soon.rate() / 5;
  }

  private static Tally sum(SortedMap<Instant, Tally> slots) {
    return slots.values().stream().reduce(Tally.NONE, Tally::plus);
  }

  /** Poisson log-likelihood of two rates, the later one higher, less that of one. */
  private static double gain(Tally before, Tally after) {
    if (before.events() == 0 || after.events() == 0 || after.rate() <= before.rate()) {
      return 0;
    }
    double rate = before.plus(after).rate();
    return logarithm(before, rate) + logarithm(after, rate);
  }

  private static double logarithm(Tally part, double rate) {
    return part.bad() == 0 ? 0 : part.bad() * Math.log(part.rate() / rate);
  }
}
