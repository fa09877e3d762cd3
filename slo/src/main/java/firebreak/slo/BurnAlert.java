package firebreak.slo;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An objective burns, or burned, faster than a rule allows.
 *
 * @param beganAt the onset: from here on bad events outran what the rule allows
 * @param detectedAt the event time at which the rule first fired
 * @param endedAt when it no longer fired; null while it does
 * @param burnRate over the rule's long window at its highest
 * @param budgetSpent share of the window's budget that the burn had spent when it was detected
 */
public record BurnAlert(
    Objective objective,
    Detector detector,
    Instant beganAt,
    Instant detectedAt,
    @Nullable Instant endedAt,
    double burnRate,
    double budgetSpent) {

  /** What noticed the burn. */
  public enum Detector {
    BURN_RATE,
    BUDGET_RATE,
    EXHAUSTION_TIME,
    CONTRAST
  }
}
