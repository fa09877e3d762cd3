package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.QueryResult.Cell;
import java.util.Arrays;

/** What the rows of each spot weigh together. */
final class Count extends Accumulator {
  private long[] counts;

  Count() {
    this(16);
  }

  /** Counts with room for so many spots; more of them make room for themselves. */
  Count(int spots) {
    counts = new long[Math.max(1, spots)];
  }

  @Override
  void add(Batch batch) {
    counts = reach(counts, batch.highest());
    int count = batch.count();
    long[] weights = batch.weights();
    if (batch.isAlike()) {
      long sum = count;
      if (weights != null) {
        sum = 0;
        for (int i = 0; i < count; i++) {
          sum += weights[i];
        }
      }
      counts[batch.spot()] += sum;
      return;
    }
    int[] spots = batch.spotOfRow();
    long[] into = counts;
    if (weights == null) {
      for (int i = 0; i < count; i++) {
        into[spots[i]]++;
      }
    } else {
      for (int i = 0; i < count; i++) {
        into[spots[i]] += weights[i];
      }
    }
  }

  @Override
  boolean addStretch(Batch batch, int from, int to) {
    add(batch.spot(), to - from);
    return true;
  }

  /** Adds rows that were counted elsewhere. */
  void add(int spot, long weight) {
    counts = reach(counts, spot);
    counts[spot] += weight;
  }

  @Override
  void merge(Accumulator other) {
    long[] others = ((Count) other).counts;
    counts = reach(counts, others.length - 1);
    for (int i = 0; i < others.length; i++) {
      counts[i] += others[i];
    }
  }

  /** The weight of a spot, 0 where no row is. */
  long at(int spot) {
    return spot < counts.length ? counts[spot] : 0;
  }

  /** Of targets of so many spots each, those with a weight, in order. */
  int[] occurring(int width) {
    int[] found = new int[Math.ceilDiv(counts.length, width)];
    int size = 0;
    for (int target = 0; target < found.length; target++) {
      if (occurs(target * width, width)) {
        found[size++] = target;
      }
    }
    return Arrays.copyOf(found, size);
  }

  private boolean occurs(int from, int width) {
    for (int spot = from; spot < Math.min(counts.length, from + width); spot++) {
      if (counts[spot] != 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  Cell[] cells(Level level, Operation operation) {
    return Arrays.stream(numbers(level, operation)).mapToObj(Cell.Figure::new).toArray(Cell[]::new);
  }

  @Override
  double[] numbers(Level level, Operation operation) {
    long[] sums = new long[level.size()];
    for (int spot = 0; spot < counts.length; spot++) {
      int union = counts[spot] == 0 ? Level.NONE : level.of(spot);
      if (union != Level.NONE) {
        sums[union] += counts[spot];
      }
    }
    double[] numbers = new double[sums.length];
    for (int union = 0; union < numbers.length; union++) {
      numbers[union] = sums[union];
    }
    return numbers;
  }
}
