package firebreak.slo;

import firebreak.eventstore.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What budgets and burn alerts mean, by plain loops over a list of events: slow, and short enough
 * to be seen to be right.
 */
final class BudgetDefinition {
  private final Objective objective;
  private final List<Event> events;

  BudgetDefinition(Objective objective, List<Event> events) {
    this.objective = objective;
    this.events = events;
  }

  /** Eligible and bad events in a range whose ends lie on ten seconds. */
  Counts events(Instant start, Instant end) {
    long eligible = 0;
    long bad = 0;
    for (Event event : events) {
      if (!event.time().isBefore(start) && event.time().isBefore(end)) {
        eligible += objective.isEligible(event) ? event.sampleRate() : 0;
        bad += objective.isBad(event) ? event.sampleRate() : 0;
      }
    }
    return new Counts(eligible, bad);
  }

  /** The share of the allowed that is bad, of what the budget is counted in; NaN for nothing. */
  double burnRate(Instant start, Instant end) {
    Duration slice = objective.budgeting().slice();
    double parts = 0;
    double bad = 0;
    if (slice.isZero()) {
      Counts counts = events(start, end);
      parts = counts.eligible();
      bad = counts.bad();
    } else {
      for (Instant last : ends()) {
        if (last.isAfter(start) && !last.isAfter(end)) {
          Counts counts = events(last.minus(slice), last);
          double share = (double) counts.bad() / counts.eligible();
          parts++;
          bad +=
              switch (objective.budgeting()) {
                case Budgeting.Occurrences _ -> throw new AssertionError();
                case Budgeting.Timeslices(_, double target, boolean above) ->
                    (above ? 1 - share > target : 1 - share >= target) ? 0 : 1;
                case Budgeting.RatioTimeslices _ -> share;
              };
        }
      }
    }
    return parts == 0 ? Double.NaN : bad / parts / objective.budgetShare();
  }

  /**
   * Where something is counted: the ends of the ten seconds, or of the slices, that hold events.
   */
  List<Instant> ends() {
    Duration slice = objective.budgeting().slice();
    long seconds = slice.isZero() ? 10 : slice.toSeconds();
    TreeMap<Instant, Boolean> ends = new TreeMap<>();
    for (Event event : events) {
      if (objective.isEligible(event)) {
        long number = Math.floorDiv(event.time().getEpochSecond(), seconds);
        ends.put(Instant.ofEpochSecond((number + 1) * seconds), true);
      }
    }
    return new ArrayList<>(ends.keySet());
  }

  double remaining(Instant end) {
    double spent = burnRate(objective.windowAt(end).start(), end);
    return Double.isNaN(spent) ? 1 : 1 - spent;
  }

  /** Whether a burn alert fires at that moment. */
  boolean fires(BudgetRule rule, Instant now) {
    Counts recent = events(now.minus(rule.lookBack()), now);
    if (recent.eligible() < 100 || recent.bad() < 10) {
      return false;
    }
    return switch (rule) {
      case BudgetRule.BudgetRate(_, Duration window, double decrease) ->
          remaining(now.minus(window)) - remaining(now) >= decrease - 1e-9;
      case BudgetRule.ExhaustionTime(_, Duration within) -> {
        double burn = burnRate(now.minus(rule.lookBack()), now);
        double secondsLeft = remaining(now) * objective.window().toSeconds() / burn;
        yield remaining(now) <= 0 || (burn > 0 && secondsLeft <= within.toSeconds());
      }
    };
  }
}
