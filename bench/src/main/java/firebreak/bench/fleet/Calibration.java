package firebreak.bench.fleet;

import firebreak.bench.fleet.Ruling.Result;
import firebreak.bubbleup.Interval;
import java.util.ArrayList;
import java.util.List;

/** How often verdicts are right, by how sure they are said to be. */
final class Calibration {
  private static final double[] EDGES = {0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.999, 1};
  private static final double NINETY_FROM = 0.85;
  private static final double NINETY_TO = 0.95;

  private final List<Ruling> stated;

  /** Verdicts stated between two posteriors, and how many of them are right. */
  record Bin(double low, double high, int verdicts, int right, double meanStated) {
    double share() {
      return verdicts == 0 ? Double.NaN : (double) right / verdicts;
    }

    Interval interval() {
      return Interval.wilson(right, verdicts);
    }
  }

  /** Over the verdicts that name something: one that says "unsure" states nothing. */
  Calibration(List<Ruling> rulings) {
    stated = rulings.stream().filter(one -> one.hasAlert() && !one.isUnsure()).toList();
  }

  int verdicts() {
    return stated.size();
  }

  /** The mean square of what was stated less what was so (Brier 1950); less is better. */
  double brier() {
    return stated.stream()
        .mapToDouble(one -> one.posterior() - (one.result() == Result.RIGHT ? 1 : 0))
        .map(miss -> miss * miss)
        .average()
        .orElse(Double.NaN);
  }

  /** Those given about 0.9. */
  Bin ninety() {
    return bin(NINETY_FROM, NINETY_TO);
  }

  List<Bin> bins() {
    List<Bin> bins = new ArrayList<>();
    for (int i = 0; i + 1 < EDGES.length; i++) {
      Bin bin = bin(EDGES[i], EDGES[i + 1]);
      if (bin.verdicts() > 0) {
        bins.add(bin);
      }
    }
    return bins;
  }

  private Bin bin(double low, double high) {
    List<Ruling> within =
        stated.stream()
            .filter(one -> one.posterior() >= low)
            .filter(one -> one.posterior() < high || (high == 1 && one.posterior() <= 1))
            .toList();
    int right = (int) within.stream().filter(one -> one.result() == Result.RIGHT).count();
    double mean = within.stream().mapToDouble(Ruling::posterior).average().orElse(Double.NaN);
    return new Bin(low, high, within.size(), right, mean);
  }
}
