package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.QueryResult.Cell;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** All numbers of a field with the spot of each, of which exact percentiles can be computed. */
final class Samples extends Accumulator {
  private final String field;
  private int[] spots = new int[64];
  private double[] values = new double[64];
  private long @Nullable [] weights;
  private int size;

  Samples(String field) {
    this.field = field;
  }

  @Override
  void add(Batch batch) {
    double[] numbers = batch.field(field).numbers();
    int count = batch.count();
    makeRoom(count);
    long[] rates = batch.weights();
    if (rates != null && weights == null) {
      weights = new long[spots.length];
      Arrays.fill(weights, 0, size, 1);
    }
    int next = size;
    for (int i = 0; i < count; i++) {
      if (!Double.isNaN(numbers[i])) {
        spots[next] = batch.isAlike() ? batch.spot() : batch.spotOfRow()[i];
        values[next] = numbers[i];
        if (weights != null) {
          weights[next] = rates == null ? 1 : rates[i];
        }
        next++;
      }
    }
    size = next;
  }

  private void makeRoom(int more) {
    spots = reach(spots, size + more);
    values = reach(values, size + more);
    if (weights != null) {
      weights = reach(weights, size + more);
    }
  }

  @Override
  void merge(Accumulator other) {
    Samples others = (Samples) other;
    if (weights == null && others.weights != null) {
      weights = new long[spots.length];
      Arrays.fill(weights, 0, size, 1);
    }
    makeRoom(others.size);
    System.arraycopy(others.spots, 0, spots, size, others.size);
    System.arraycopy(others.values, 0, values, size, others.size);
    if (weights != null) {
      if (others.weights == null) {
        Arrays.fill(weights, size, size + others.size, 1);
      } else {
        System.arraycopy(others.weights, 0, weights, size, others.size);
      }
    }
    size += others.size;
  }

  @Override
  Cell[] cells(Level level, Operation operation) {
    int[] ends = new int[level.size() + 1];
    for (int i = 0; i < size; i++) {
      int union = level.of(spots[i]);
      if (union != Level.NONE) {
        ends[union + 1]++;
      }
    }
    for (int union = 0; union < level.size(); union++) {
      ends[union + 1] += ends[union];
    }
    int[] next = Arrays.copyOf(ends, level.size());
    double[] scattered = new double[ends[level.size()]];
    long[] scatteredWeights = weights == null ? null : new long[scattered.length];
    for (int i = 0; i < size; i++) {
      int union = level.of(spots[i]);
      if (union != Level.NONE) {
        int place = next[union]++;
        scattered[place] = values[i];
        if (scatteredWeights != null && weights != null) {
          scatteredWeights[place] = weights[i];
        }
      }
    }
    Cell[] cells = new Cell[level.size()];
    int thousandths = operation.thousandths();
    for (int union = 0; union < cells.length; union++) {
      int from = ends[union];
      int to = ends[union + 1];
      cells[union] =
          from == to
              ? new Cell.Absent()
              : new Cell.Figure(
                  scatteredWeights == null
                      ? Ranked.percentile(scattered, from, to, thousandths)
                      : Ranked.percentile(scattered, scatteredWeights, from, to, thousandths));
    }
    return cells;
  }
}
