package firebreak.deploytracker;

import firebreak.bubbleup.Term;
import java.util.List;

/**
 * What the burn and the budget would look like had one step been taken before the burn began.
 *
 * @param name the step as a person names it; empty where there is none to take
 * @param flag the flag whose variation is taken away; empty for a rollback and for nothing
 * @param build the build that is rolled back, else empty
 * @param terms whom the step touches: customers by name, or what a segment shares; empty for all
 * @param burnRate in multiples of what the objective allows; NaN where there is no such step
 * @param badAvoided of the burn's bad events so far
 * @param budgetRemaining of the objective's window, 1 being all of it; NaN until somebody who knows
 *     the window fills it in
 * @param trafficAffected share of the eligible events, as they usually are, that the step touches
 * @param goodAffected events that went well and would have been served something else
 * @param note why there is no such step, or how the estimate was come by
 */
public record Counterfactual(
    Step step,
    String name,
    String flag,
    String variation,
    String build,
    List<Term> terms,
    Estimate burnRate,
    Estimate badAvoided,
    Estimate budgetRemaining,
    double trafficAffected,
    long goodAffected,
    String note) {

  /** The ladder: each step of a flag touches whom the one before it touches, and more. */
  public enum Step {
    NOTHING,
    CUSTOMER,
    SEGMENT,
    RULE,
    PERCENTAGE,
    VARIATION,
    FLAG,
    BUILD
  }

  /** A number with its 95 % interval. */
  public record Estimate(double value, double low, double high) {
    public static final Estimate UNKNOWN = new Estimate(Double.NaN, Double.NaN, Double.NaN);
  }

  public Counterfactual {
    terms = List.copyOf(terms);
  }

  static Counterfactual impossible(Step step, String why) {
    return new Counterfactual(
        step,
        "",
        "",
        "",
        "",
        List.of(),
        Estimate.UNKNOWN,
        Estimate.UNKNOWN,
        Estimate.UNKNOWN,
        Double.NaN,
        0,
        why);
  }

  /** Whether there is such a step. */
  public boolean isPossible() {
    return !Double.isNaN(burnRate.value());
  }

  /**
   * The same with the budget that would be left.
   *
   * @param remaining what is left of it as things are
   * @param allowed bad events that the objective allows over its window
   */
  Counterfactual withBudget(double remaining, double allowed) {
    Estimate budget =
        new Estimate(
            remaining + badAvoided.value() / allowed,
            remaining + badAvoided.low() / allowed,
            remaining + badAvoided.high() / allowed);
    return new Counterfactual(
        step,
        name,
        flag,
        variation,
        build,
        terms,
        burnRate,
        badAvoided,
        budget,
        trafficAffected,
        goodAffected,
        note);
  }
}
