package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.QueryResult.Cell;

/** The sum of a field's numbers in each spot, and what they weigh; for sums and averages. */
final class Sum extends Accumulator {
  private static final int MOST_TURNS = 4;

  /** Up to so many spots rows take turns. */
  private static final int FEW_SPOTS = 4_096;

  /**
   * Rows take turns in so many places of their spot, a power of two, since an addition that needs
   * the result of the last one waits for it.
   */
  private final int turns;

  private final String field;
  private double[] sums = new double[64];
  private long[] weighed = new long[64];

  Sum(String field, long spots) {
    this.field = field;
    turns = spots <= FEW_SPOTS ? MOST_TURNS : 1;
  }

  @Override
  void add(Batch batch) {
    int last = batch.highest() * turns + turns - 1;
    sums = reach(sums, last);
    weighed = reach(weighed, last);
    double[] numbers = batch.field(field).numbers();
    long[] weights = batch.weights();
    if (batch.isAlike()) {
      addAlike(batch, numbers);
    } else if (weights == null) {
      add(batch.spotOfRow(), numbers, batch.count());
    } else {
      add(batch.spotOfRow(), numbers, weights, batch.count());
    }
  }

  private void add(int[] spots, double[] numbers, int count) {
    double[] intoSums = sums;
    long[] intoWeighed = weighed;
    int shift = Integer.numberOfTrailingZeros(turns);
    int mask = turns - 1;
    for (int i = 0; i < count; i++) {
      double number = numbers[i];
      if (!Double.isNaN(number)) {
        int place = (spots[i] << shift) + (i & mask);
        intoSums[place] += number;
        intoWeighed[place]++;
      }
    }
  }

  private void add(int[] spots, double[] numbers, long[] weights, int count) {
    for (int i = 0; i < count; i++) {
      if (!Double.isNaN(numbers[i])) {
        int place = spots[i] * turns + (i & turns - 1);
        sums[place] += weights[i] * numbers[i];
        weighed[place] += weights[i];
      }
    }
  }

  private void addAlike(Batch batch, double[] numbers) {
    long[] weights = batch.weights();
    double[] sum = new double[MOST_TURNS];
    long[] weighs = new long[MOST_TURNS];
    for (int i = 0; i < batch.count(); i++) {
      if (!Double.isNaN(numbers[i])) {
        long weight = weights == null ? 1 : weights[i];
        sum[i & MOST_TURNS - 1] += weight * numbers[i];
        weighs[i & MOST_TURNS - 1] += weight;
      }
    }
    int place = batch.spot() * turns;
    for (int turn = 0; turn < MOST_TURNS; turn++) {
      sums[place] += sum[turn];
      weighed[place] += weighs[turn];
    }
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
  Cell[] cells(Level level, Operation operation) {
    double[] totals = new double[level.size()];
    long[] weights = new long[level.size()];
    for (int place = 0; place < sums.length; place++) {
      int union = weighed[place] == 0 ? Level.NONE : level.of(place / turns);
      if (union != Level.NONE) {
        totals[union] += sums[place];
        weights[union] += weighed[place];
      }
    }
    if (operation.level() == Operation.AVG) {
      for (int i = 0; i < totals.length; i++) {
        totals[i] /= weights[i];
      }
    }
    return figures(totals, weights);
  }
}
