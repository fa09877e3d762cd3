package firebreak.slo;

import firebreak.eventstore.EventStore;
import firebreak.eventstore.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

/** Counts eligible and bad events per objective as they come in, and tells what burns. */
public final class SloMonitor {

  public SloMonitor(EventStore store) {
    throw new UnsupportedOperationException(store.toString());
  }

  /**
   * Takes these objectives from now on; counts of new or changed ones are rebuilt from the store.
   */
  public void follow(List<Objective> objectives) {
    throw new UnsupportedOperationException();
  }

  public List<Objective> objectives() {
    throw new UnsupportedOperationException();
  }

  /** Exact to ten seconds at both ends. */
  public Counts counts(Objective objective, TimeRange range) {
    throw new UnsupportedOperationException();
  }

  /** 1 − bad / ((1 − target) · eligible) over the window that ends now; empty without events. */
  public OptionalDouble budgetRemaining(Objective objective, Instant now) {
    throw new UnsupportedOperationException();
  }

  /**
   * Every burn in the look-back (3 days) before now, by event time, oldest first: the ones that are
   * over and the one that still burns. Late events can change the answer.
   */
  public List<BurnAlert> alerts(Objective objective, Instant now) {
    throw new UnsupportedOperationException();
  }

  /** Good and eligible events per step, oldest first. */
  public List<Point> history(Objective objective, TimeRange range, Duration step) {
    throw new UnsupportedOperationException();
  }

  /** The counts of one step, by its start. */
  public record Point(Instant time, Counts counts) {}
}
