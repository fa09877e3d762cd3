package firebreak.bench.accuracy;

import firebreak.bubbleup.Interval;
import java.util.List;

/** Order statistics of a few measured values. */
final class Quantiles {
  private static final double LOW = 0.025;

  private Quantiles() {}

  /** The smallest value that at least this part of the values does not exceed. */
  static double of(List<Double> values, double part) {
    List<Double> sorted = values.stream().sorted().toList();
    int rank = (int) Math.ceil(part * sorted.size());
    return sorted.get(Math.max(0, rank - 1));
  }

  static Interval middle95(List<Double> values) {
    return new Interval(of(values, LOW), of(values, 1 - LOW));
  }
}
