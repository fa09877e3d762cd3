package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.QueryResult.Cell;
import java.util.Arrays;

/** The smallest or the greatest of a field's numbers in each spot. */
final class Extreme extends Accumulator {
  private final String field;
  private final boolean isGreatest;

  /** The extremes, those of greatest numbers with the other sign; infinite where there is none. */
  private double[] least = {};

  Extreme(String field, boolean isGreatest) {
    this.field = field;
    this.isGreatest = isGreatest;
  }

  private void reach(int spot) {
    int before = least.length;
    least = reach(least, spot);
    Arrays.fill(least, before, least.length, Double.POSITIVE_INFINITY);
  }

  @Override
  void add(Batch batch) {
    reach(batch.highest());
    double[] numbers = batch.field(field).numbers();
    double sign = isGreatest ? -1 : 1;
    for (int i = 0; i < batch.count(); i++) {
      int spot = batch.isAlike() ? batch.spot() : batch.spotOfRow()[i];
      double number = sign * numbers[i];
      // Not a number is never less.
      if (number < least[spot]) {
        least[spot] = number;
      }
    }
  }

  @Override
  void merge(Accumulator other) {
    double[] others = ((Extreme) other).least;
    reach(others.length - 1);
    for (int i = 0; i < others.length; i++) {
      least[i] = Math.min(least[i], others[i]);
    }
  }

  @Override
  Cell[] cells(Level level, Operation operation) {
    double[] results = new double[level.size()];
    long[] seen = new long[level.size()];
    for (int spot = 0; spot < least.length; spot++) {
      int union = least[spot] == Double.POSITIVE_INFINITY ? Level.NONE : level.of(spot);
      if (union != Level.NONE) {
        results[union] = seen[union]++ == 0 ? least[spot] : Math.min(results[union], least[spot]);
      }
    }
    if (isGreatest) {
      for (int i = 0; i < results.length; i++) {
        // Nought has no sign.
        results[i] = 0.0 - results[i];
      }
    }
    return figures(results, seen);
  }
}
