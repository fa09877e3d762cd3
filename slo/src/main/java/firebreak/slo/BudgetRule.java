package firebreak.slo;

import java.time.Duration;

/**
 * A burn alert as Honeycomb has them, which looks at what is left of the budget rather than at how
 * fast it goes. It fires late on a full budget, so it never leads the guard to act by itself.
 */
public sealed interface BudgetRule {

  /** The name of the alert, as its owner knows it. */
  String id();

  /** The detector that its alerts name. */
  default BurnAlert.Detector detector() {
    return switch (this) {
      case ExhaustionTime _ -> BurnAlert.Detector.EXHAUSTION_TIME;
      case BudgetRate _ -> BurnAlert.Detector.BUDGET_RATE;
    };
  }

  /** The window over which it looks at what comes in. */
  default Duration lookBack() {
    return switch (this) {
      case ExhaustionTime rule -> rule.projectedFrom();
      case BudgetRate rule -> rule.window();
    };
  }

  /**
   * Fires when the budget, burnt on as over the last quarter of that time, is gone within it. Zero
   * fires when it is gone.
   */
  record ExhaustionTime(String id, Duration within) implements BudgetRule {
    private static final Duration SHORTEST = Duration.ofMinutes(5);

    public ExhaustionTime {
      if (within.isNegative()) {
        throw new IllegalArgumentException("a time is not negative, was " + within);
      }
    }

    Duration projectedFrom() {
      Duration quarter = within.dividedBy(4);
      return quarter.compareTo(SHORTEST) < 0 ? SHORTEST : quarter;
    }
  }

  /**
   * Fires when the share of the budget that remains is lower by {@code decrease} than it was a
   * window before.
   */
  record BudgetRate(String id, Duration window, double decrease) implements BudgetRule {
    public BudgetRate {
      if (window.compareTo(Duration.ofHours(1)) < 0) {
        throw new IllegalArgumentException("the window is at least an hour, was " + window);
      }
      if (!(decrease > 0 && decrease <= 1)) {
        throw new IllegalArgumentException(
            "the decrease lies above 0 and up to 1, was " + decrease);
      }
    }
  }
}
