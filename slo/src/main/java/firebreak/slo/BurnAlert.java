package firebreak.slo;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An objective burns, or burned, faster than a rule allows. Times are to ten seconds.
 *
 * <p>Late events can move the times of an alert; two alerts of one objective are about the same
 * burn when they have the same urgency and overlap.
 *
 * @param beganAt the onset: from here on bad events outran what the rule allows
 * @param detectedAt the event time at which the rule first fired, the end of its ten seconds
 * @param endedAt when it no longer burned; null while it does
 * @param burnRate over the rule's long window at its highest
 * @param budgetSpent share of the window's budget that the burn had spent when it was detected
 * @param urgent whether a rule fired that pages; otherwise only ones that open a ticket
 */
public record BurnAlert(
    Objective objective,
    Detector detector,
    Instant beganAt,
    Instant detectedAt,
    @Nullable Instant endedAt,
    double burnRate,
    double budgetSpent,
    boolean urgent) {

  /** What noticed the burn. */
  public enum Detector {
    BURN_RATE,
    BUDGET_RATE,
    EXHAUSTION_TIME,
    CONTRAST
  }

  /** An urgent alert. */
  public BurnAlert(
      Objective objective,
      Detector detector,
      Instant beganAt,
      Instant detectedAt,
      @Nullable Instant endedAt,
      double burnRate,
      double budgetSpent) {
    this(objective, detector, beganAt, detectedAt, endedAt, burnRate, budgetSpent, true);
  }

  /** The same burn, over since then; null when it burns on. */
  public BurnAlert until(@Nullable Instant end) {
    return new BurnAlert(
        objective, detector, beganAt, detectedAt, end, burnRate, budgetSpent, urgent);
  }
}
