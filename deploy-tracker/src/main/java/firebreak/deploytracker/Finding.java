package firebreak.deploytracker;

import java.util.List;

/**
 * The answer of attribution to one burn.
 *
 * @param suspects most believed first; their posteriors sum to one
 * @param prediction what turning the lever for its keys would leave of the burn
 * @param pValue that what the change reached would fail so much more by chance: of the few units'
 *     own minutes before and after it; else of hosts or customers with and without it; 1 where it
 *     was not tested
 * @param counterfactuals what each step would leave of the burn, the smallest audience first
 */
public record Finding(
    Verdict verdict,
    List<Suspect> suspects,
    Prediction prediction,
    double pValue,
    List<Counterfactual> counterfactuals) {
  public static final Finding UNSURE =
      new Finding(Verdict.UNSURE, List.of(), Prediction.UNKNOWN, 1, List.of());

  public Finding {
    suspects = List.copyOf(suspects);
    counterfactuals = List.copyOf(counterfactuals);
  }

  /**
   * The same with the budget that each step would leave.
   *
   * @param remaining share of the budget that is left as things are
   * @param allowed bad events that the objective allows over its window
   */
  public Finding withBudget(double remaining, double allowed) {
    return new Finding(
        verdict,
        suspects,
        prediction,
        pValue,
        counterfactuals.stream().map(one -> one.withBudget(remaining, allowed)).toList());
  }

  /**
   * The burn rate expected after the lever is turned, with a 95 % interval, and the share of
   * eligible traffic that would be served something else.
   */
  public record Prediction(double burnRateAfter, double low, double high, double trafficAffected) {
    public static final Prediction UNKNOWN =
        new Prediction(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
  }
}
