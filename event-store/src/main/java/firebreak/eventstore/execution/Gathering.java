package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.QueryResult.Cell;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The numbers of a field that lie in wanted bins of their spots. */
final class Gathering extends Accumulator {
  private final String field;
  private final int width;
  private final boolean[] wanted;
  private final int[] picked = new int[Chunk.SIZE + 1];
  private int[] places = new int[64];
  private double[] values = new double[64];
  private long @Nullable [] weights;
  private int size;

  /**
   * Gathers what is wanted.
   *
   * @param width how many bins each spot has
   * @param wanted for each spot's bins whether their numbers are wanted
   */
  Gathering(String field, int width, boolean[] wanted) {
    this.field = field;
    this.width = width;
    this.wanted = wanted;
  }

  /** Gathers the same in another thread. */
  Gathering another() {
    return new Gathering(field, width, wanted);
  }

  @Override
  void add(Batch batch) {
    int[] bins = batch.field(field).bins();
    int count = 0;
    if (batch.isAlike()) {
      int base = batch.spot() * width;
      for (int i = 0; i < batch.count(); i++) {
        picked[count] = i;
        count += wanted[base + bins[i]] ? 1 : 0;
      }
    } else {
      int[] spots = batch.spotOfRow();
      for (int i = 0; i < batch.count(); i++) {
        picked[count] = i;
        count += wanted[spots[i] * width + bins[i]] ? 1 : 0;
      }
    }
    if (count == 0) {
      return;
    }
    makeRoom(count);
    batch.field(field).numbers(picked, count, values, size);
    long[] rates = batch.weights();
    if (rates != null && weights == null) {
      weigh();
    }
    for (int i = 0; i < count; i++) {
      int row = picked[i];
      int spot = batch.isAlike() ? batch.spot() : batch.spotOfRow()[row];
      places[size + i] = spot * width + bins[row];
      if (weights != null) {
        weights[size + i] = rates == null ? 1 : rates[row];
      }
    }
    size += count;
  }

  private void weigh() {
    weights = new long[places.length];
    Arrays.fill(weights, 0, size, 1);
  }

  private void makeRoom(int more) {
    places = reach(places, size + more);
    values = reach(values, size + more);
    if (weights != null) {
      weights = reach(weights, size + more);
    }
  }

  @Override
  void merge(Accumulator other) {
    Gathering others = (Gathering) other;
    if (weights == null && others.weights != null) {
      weigh();
    }
    makeRoom(others.size);
    System.arraycopy(others.places, 0, places, size, others.size);
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
    throw new IllegalStateException("what was gathered is asked through the percentiles");
  }

  /** Of each union, of the numbers in one bin, the smallest at which a weight is reached. */
  Cell[] cells(Level level, int[] binOfUnion, long[] reached) {
    int[] unions = new int[size];
    int[] ends = new int[level.size() + 1];
    for (int i = 0; i < size; i++) {
      int union = level.of(places[i] / width);
      unions[i] =
          union != Level.NONE && binOfUnion[union] == places[i] % width ? union : Level.NONE;
      if (unions[i] != Level.NONE) {
        ends[union + 1]++;
      }
    }
    for (int union = 0; union < level.size(); union++) {
      ends[union + 1] += ends[union];
    }
    int[] next = Arrays.copyOf(ends, level.size());
    double[] scattered = new double[ends[level.size()]];
    long[] weighed = weights == null ? null : new long[scattered.length];
    for (int i = 0; i < size; i++) {
      if (unions[i] != Level.NONE) {
        int place = next[unions[i]]++;
        scattered[place] = values[i];
        if (weighed != null && weights != null) {
          weighed[place] = weights[i];
        }
      }
    }
    Cell[] cells = new Cell[level.size()];
    for (int union = 0; union < cells.length; union++) {
      int from = ends[union];
      int to = ends[union + 1];
      cells[union] =
          binOfUnion[union] == 0
              ? new Cell.Absent()
              : new Cell.Figure(
                  weighed == null
                      ? Ranked.nth(scattered, from, to, (int) reached[union] - 1)
                      : Ranked.reaching(scattered, weighed, from, to, reached[union]));
    }
    return cells;
  }
}
