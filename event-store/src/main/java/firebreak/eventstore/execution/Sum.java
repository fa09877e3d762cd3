package firebreak.eventstore.execution;

import firebreak.eventstore.QueryResult.Cell;
import org.jspecify.annotations.Nullable;

/** The sum of a field's numbers in each spot, and what they weigh. */
final class Sum extends Accumulator {
  private final String field;
  private final boolean isAverage;
  private double[] sums = new double[16];
  private long[] weighed = new long[16];

  Sum(String field, boolean isAverage) {
    this.field = field;
    this.isAverage = isAverage;
  }

  @Override
  void add(Batch batch) {
    sums = reach(sums, batch.highest());
    weighed = reach(weighed, batch.highest());
    double[] numbers = batch.field(field).numbers();
    long[] weights = batch.weights();
    if (batch.isAlike()) {
      addAlike(batch, numbers, weights);
      return;
    }
    int count = batch.count();
    int[] spots = batch.spotOfRow();
    double[] intoSums = sums;
    long[] intoWeighed = weighed;
    for (int i = 0; i < count; i++) {
      if (!Double.isNaN(numbers[i])) {
        long weight = weights == null ? 1 : weights[i];
        intoSums[spots[i]] += weight * numbers[i];
        intoWeighed[spots[i]] += weight;
      }
    }
  }

  private void addAlike(Batch batch, double[] numbers, long @Nullable [] weights) {
    double sum = 0;
    long weighs = 0;
    for (int i = 0; i < batch.count(); i++) {
      if (!Double.isNaN(numbers[i])) {
        long weight = weights == null ? 1 : weights[i];
        sum += weight * numbers[i];
        weighs += weight;
      }
    }
    sums[batch.spot()] += sum;
    weighed[batch.spot()] += weighs;
  }

  @Override
  void merge(Accumulator other) {
    Sum others = (Sum) other;
    sums = reach(sums, others.sums.length - 1);
    weighed = reach(weighed, others.weighed.length - 1);
    for (int i = 0; i < others.sums.length; i++) {
      sums[i] += others.sums[i];
      weighed[i] += others.weighed[i];
    }
  }

  @Override
  Cell[] cells(Level level) {
    double[] totals = new double[level.size()];
    long[] weights = new long[level.size()];
    for (int spot = 0; spot < sums.length; spot++) {
      int union = weighed[spot] == 0 ? Level.NONE : level.of(spot);
      if (union != Level.NONE) {
        totals[union] += sums[spot];
        weights[union] += weighed[spot];
      }
    }
    if (isAverage) {
      for (int i = 0; i < totals.length; i++) {
        totals[i] /= weights[i];
      }
    }
    return figures(totals, weights);
  }
}
