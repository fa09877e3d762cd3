package firebreak.slo;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventView;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Formula;
import java.util.Map;

/** An objective's indicator, ready to judge many events: null, true or false for each. */
public final class Indicator {
  private final Filter eligible;
  private final Filter good;
  private final Map<String, Formula> derived;

  Indicator(Objective objective) {
    eligible = objective.eligible();
    good = objective.good();
    derived = objective.formulas();
  }

  /** Whether it is not null. */
  public boolean isEligible(Event event) {
    return eligible.matches(seen(event));
  }

  /** Whether it is true, for an eligible event. */
  public boolean isGood(Event event) {
    return good.matches(seen(event));
  }

  private EventView seen(Event event) {
    return derived.isEmpty() ? event : new DerivedEvent(event, derived);
  }
}
