package firebreak.eventstore;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.QueryResult.Cell;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.util.ArrayUtil;

/**
 * The state of one calculation over many bins of events; a bin is a group, or a group's time
 * bucket.
 *
 * <p>Bins are the finest division asked for. Rows, series, the total and the rest that a limit cuts
 * off are all unions of bins, and {@link #cells} computes any of them from the one state.
 */
abstract sealed class Accumulator {
  /** Marks an event, or a bin, that does not take part. */
  static final int NONE = -1;

  static Accumulator of(Calculation calculation, Dictionary dictionary) {
    String column = calculation.column();
    return switch (calculation.operation()) {
      case COUNT -> new Count();
      case SUM -> new Sum(column, false);
      case AVG -> new Sum(column, true);
      case MIN -> new Extreme(column, false);
      case MAX -> new Extreme(column, true);
      case COUNT_DISTINCT -> new CountDistinct(column, dictionary);
      case HEATMAP -> new Heat(column);
      case P001, P01, P05, P10, P20, P25, P50, P75, P80, P90, P95, P99, P999 ->
          new Percentile(column, calculation.operation());
    };
  }

  /**
   * Adds the events of a block.
   *
   * @param bins the bin of each event, or {@link #NONE}
   * @param weights the sample rate of each event
   */
  abstract void add(Block block, int[] bins, long[] weights) throws IOException;

  /**
   * The results for unions of bins.
   *
   * @param targets for each bin the union it belongs to, or {@link #NONE}
   * @param size how many unions there are
   */
  abstract Cell[] cells(int[] targets, int size);

  private static Cell[] figures(int size, double[] values, long[] weights) {
    Cell[] cells = new Cell[size];
    for (int i = 0; i < size; i++) {
      cells[i] = weights[i] == 0 ? new Cell.Absent() : new Cell.Figure(values[i]);
    }
    return cells;
  }

  private static final class Count extends Accumulator {
    private long[] counts = new long[16];

    @Override
    void add(Block block, int[] bins, long[] weights) {
      for (int i = 0; i < bins.length; i++) {
        if (bins[i] >= 0) {
          counts = ArrayUtil.grow(counts, bins[i] + 1);
          counts[bins[i]] += weights[i];
        }
      }
    }

    @Override
    Cell[] cells(int[] targets, int size) {
      long[] sums = new long[size];
      for (int bin = 0; bin < Math.min(targets.length, counts.length); bin++) {
        if (targets[bin] >= 0) {
          sums[targets[bin]] += counts[bin];
        }
      }
      return Arrays.stream(sums).mapToObj(Cell.Figure::new).toArray(Cell[]::new);
    }
  }

  private static final class Sum extends Accumulator {
    private final String column;
    private final boolean average;
    private double[] sums = new double[16];
    private long[] weighed = new long[16];

    Sum(String column, boolean average) {
      this.column = column;
      this.average = average;
    }

    @Override
    void add(Block block, int[] bins, long[] weights) throws IOException {
      double[] numbers = block.numbers(column);
      for (int i = 0; i < bins.length; i++) {
        if (bins[i] >= 0 && !Double.isNaN(numbers[i])) {
          sums = ArrayUtil.grow(sums, bins[i] + 1);
          weighed = ArrayUtil.grow(weighed, bins[i] + 1);
          sums[bins[i]] += weights[i] * numbers[i];
          weighed[bins[i]] += weights[i];
        }
      }
    }

    @Override
    Cell[] cells(int[] targets, int size) {
      double[] totals = new double[size];
      long[] totalWeights = new long[size];
      for (int bin = 0; bin < Math.min(targets.length, weighed.length); bin++) {
        if (targets[bin] >= 0) {
          totals[targets[bin]] += sums[bin];
          totalWeights[targets[bin]] += weighed[bin];
        }
      }
      if (average) {
        for (int i = 0; i < size; i++) {
          totals[i] /= totalWeights[i];
        }
      }
      return figures(size, totals, totalWeights);
    }
  }

  private static final class Extreme extends Accumulator {
    private final String column;
    private final boolean highest;
    private double[] values = new double[16];
    private long[] seen = new long[16];

    Extreme(String column, boolean highest) {
      this.column = column;
      this.highest = highest;
    }

    @Override
    void add(Block block, int[] bins, long[] weights) throws IOException {
      double[] numbers = block.numbers(column);
      for (int i = 0; i < bins.length; i++) {
        if (bins[i] >= 0 && !Double.isNaN(numbers[i])) {
          values = ArrayUtil.grow(values, bins[i] + 1);
          seen = ArrayUtil.grow(seen, bins[i] + 1);
          merge(values, seen, bins[i], numbers[i]);
        }
      }
    }

    private void merge(double[] into, long[] counts, int index, double value) {
      if (counts[index]++ == 0) {
        into[index] = value;
      } else {
        into[index] = highest ? Math.max(into[index], value) : Math.min(into[index], value);
      }
    }

    @Override
    Cell[] cells(int[] targets, int size) {
      double[] results = new double[size];
      long[] counts = new long[size];
      for (int bin = 0; bin < Math.min(targets.length, seen.length); bin++) {
        if (targets[bin] >= 0 && seen[bin] > 0) {
          merge(results, counts, targets[bin], values[bin]);
        }
      }
      return figures(size, results, counts);
    }
  }

  private static final class CountDistinct extends Accumulator {
    private final String column;
    private final Dictionary dictionary;
    private final IdTable pairs = new IdTable();

    CountDistinct(String column, Dictionary dictionary) {
      this.column = column;
      this.dictionary = dictionary;
    }

    @Override
    void add(Block block, int[] bins, long[] weights) throws IOException {
      int[] codes = block.codes(column, dictionary);
      for (int i = 0; i < bins.length; i++) {
        if (bins[i] >= 0 && codes[i] != Dictionary.ABSENT) {
          pairs.id(bins[i], codes[i]);
        }
      }
    }

    @Override
    Cell[] cells(int[] targets, int size) {
      IdTable united = new IdTable();
      long[] counts = new long[size];
      for (int pair = 0; pair < pairs.size(); pair++) {
        int target = targets[pairs.high(pair)];
        if (target >= 0 && united.isNew(target, pairs.low(pair))) {
          counts[target]++;
        }
      }
      return Arrays.stream(counts).mapToObj(Cell.Figure::new).toArray(Cell[]::new);
    }
  }

  private static final class Heat extends Accumulator {
    private final String column;
    private final IdTable pairs = new IdTable();
    private long[] counts = new long[16];

    Heat(String column) {
      this.column = column;
    }

    @Override
    void add(Block block, int[] bins, long[] weights) throws IOException {
      double[] numbers = block.numbers(column);
      for (int i = 0; i < bins.length; i++) {
        if (bins[i] >= 0 && !Double.isNaN(numbers[i])) {
          int pair = pairs.id(bins[i], HeatmapBins.number(numbers[i]));
          counts = ArrayUtil.grow(counts, pair + 1);
          counts[pair] += weights[i];
        }
      }
    }

    @Override
    Cell[] cells(int[] targets, int size) {
      List<SortedMap<Integer, Long>> maps = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        maps.add(new TreeMap<>());
      }
      for (int pair = 0; pair < pairs.size(); pair++) {
        int target = targets[pairs.high(pair)];
        if (target >= 0) {
          maps.get(target).merge(pairs.low(pair), counts[pair], Long::sum);
        }
      }
      return maps.stream()
          .map(map -> map.isEmpty() ? new Cell.Absent() : heatmap(map))
          .toArray(Cell[]::new);
    }

    private static Cell heatmap(SortedMap<Integer, Long> bins) {
      return new Cell.Heatmap(
          bins.entrySet().stream()
              .map(bin -> HeatmapBins.bin(bin.getKey(), bin.getValue()))
              .toList());
    }
  }

  private static final class Percentile extends Accumulator {
    private final String column;
    private final int thousandths;
    private final Samples samples = new Samples();

    Percentile(String column, Operation operation) {
      this.column = column;
      thousandths = operation.thousandths();
    }

    @Override
    void add(Block block, int[] bins, long[] weights) throws IOException {
      double[] numbers = block.numbers(column);
      for (int i = 0; i < bins.length; i++) {
        if (bins[i] >= 0 && !Double.isNaN(numbers[i])) {
          samples.add(bins[i], numbers[i], (int) weights[i]);
        }
      }
    }

    @Override
    Cell[] cells(int[] targets, int size) {
      return samples.percentiles(thousandths, targets, size);
    }
  }
}
