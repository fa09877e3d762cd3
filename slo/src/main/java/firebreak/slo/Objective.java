package firebreak.slo;

import firebreak.eventstore.Event;
import firebreak.eventstore.Filter;
import java.time.Duration;
import java.util.List;

/**
 * A service level objective over events: of those {@code eligible}, the share {@code target} is to
 * be {@code good} over the window. An event's indicator is null (not eligible), true or false.
 *
 * @param id stable name, the SLO's {@code metadata.name}
 * @param target a share between 0 and 1, both excluded
 */
public record Objective(
    String id,
    String name,
    String service,
    List<String> datasets,
    Filter eligible,
    Filter good,
    double target,
    Duration window) {
  public Objective {
    datasets = List.copyOf(datasets);
    if (!(target > 0 && target < 1)) {
      throw new IllegalArgumentException("target must lie between 0 and 1, was " + target);
    }
    if (datasets.isEmpty()) {
      throw new IllegalArgumentException("objective " + id + " names no dataset");
    }
    if (!window.isPositive()) {
      throw new IllegalArgumentException("window must be positive, was " + window);
    }
  }

  /** The share of eligible events that may be bad. */
  public double budgetShare() {
    return 1 - target;
  }

  public boolean isEligible(Event event) {
    return eligible.matches(event);
  }

  public boolean isBad(Event event) {
    return eligible.matches(event) && !good.matches(event);
  }

  /** Matches the eligible events that fail the objective. */
  public Filter bad() {
    return Filter.and(eligible, Filter.not(good));
  }
}
