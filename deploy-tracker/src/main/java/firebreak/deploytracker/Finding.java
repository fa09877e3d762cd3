package firebreak.deploytracker;

import java.util.List;

/**
 * The answer of attribution to one burn.
 *
 * @param suspects most believed first; their posteriors sum to one
 * @param prediction what turning the lever for its keys would leave of the burn
 * @param pValue of the few units' own bad share before and after the change; 1 where not tested
 */
public record Finding(
    Verdict verdict, List<Suspect> suspects, Prediction prediction, double pValue) {
  public static final Finding UNSURE =
      new Finding(Verdict.UNSURE, List.of(), Prediction.UNKNOWN, 1);

  public Finding {
    suspects = List.copyOf(suspects);
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
