package firebreak.guard;

import firebreak.deploytracker.Finding;
import firebreak.slo.Counts;
import java.time.Duration;

/**
 * Whether a mitigation helped: the burn before it against the burn after it, and what was
 * predicted. Pure.
 *
 * @param before from the onset to the mitigation
 * @param after from when the mitigation must have reached everyone
 * @param budgetShare of eligible events that may be bad
 * @param watched how long after has been looked at
 */
record Verification(
    Counts before,
    Counts after,
    double budgetShare,
    Finding.Prediction predicted,
    Duration watched,
    Limits limits) {

  /** Fewer than this many deviations from what would be without effect may be chance. */
  static final double DEVIATIONS = 2.5;

  /** A burn that does not fall at once may still be draining. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  /** The answer. */
  enum Effect {
    UNDECIDED,
    EFFECTIVE,
    INEFFECTIVE,
    /** Too few events came to tell. */
    UNPROVEN
  }

  Effect effect() {
    boolean late = watched.compareTo(limits.verifyWithin()) >= 0;
    if (after.eligible() < limits.verifyEventsAtLeast()) {
      return late ? Effect.UNPROVEN : Effect.UNDECIDED;
    }
    boolean low = burnAfter() < 1;
    boolean asPredicted = burnAfter() <= predicted.high();
    if ((hasFallen() && (low || asPredicted)) || (low && late)) {
      return Effect.EFFECTIVE;
    }
    return late || (watched.compareTo(PATIENCE) >= 0 && hasStayed())
        ? Effect.INEFFECTIVE
        : Effect.UNDECIDED;
  }

  double burnBefore() {
    return before.burnRate(budgetShare);
  }

  double burnAfter() {
    return after.burnRate(budgetShare);
  }

  /** Clearly fewer bad events than the former burn would have made of this many. */
  boolean hasFallen() {
    double expected = expected();
    return expected - after.bad() >= DEVIATIONS * Math.sqrt(expected) && expected > 0;
  }

  /** Clearly more than half of what the former burn would have made. */
  private boolean hasStayed() {
    double atLeast = after.bad() - DEVIATIONS * Math.sqrt((double) after.bad());
    return atLeast > expected() / 2;
  }

  private double expected() {
    return before.eligible() == 0
        ? 0
        : (double) before.bad() / before.eligible() * after.eligible();
  }
}
