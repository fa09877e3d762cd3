package firebreak.eventstore;

import firebreak.eventstore.QueryResult.Cell;
import java.util.Arrays;
import org.apache.lucene.util.ArrayUtil;
import org.apache.lucene.util.IntroSorter;

/** Weighed numbers in bins, of which exact percentiles can be computed. */
final class Samples {
  private int[] bins = new int[64];
  private double[] values = new double[64];
  private int[] weights = new int[64];
  private int size;

  void add(int bin, double value, int weight) {
    if (size == bins.length) {
      bins = ArrayUtil.grow(bins);
      values = Arrays.copyOf(values, bins.length);
      weights = Arrays.copyOf(weights, bins.length);
    }
    bins[size] = bin;
    values[size] = value;
    weights[size++] = weight;
  }

  /** The smallest value of each union of bins with at least the share at or below it. */
  Cell[] percentiles(int thousandths, int[] targets, int unions) {
    int[] ends = new int[unions + 1];
    for (int i = 0; i < size; i++) {
      if (targets[bins[i]] >= 0) {
        ends[targets[bins[i]] + 1]++;
      }
    }
    for (int union = 0; union < unions; union++) {
      ends[union + 1] += ends[union];
    }
    double[] sorted = new double[ends[unions]];
    int[] sortedWeights = new int[ends[unions]];
    int[] next = Arrays.copyOf(ends, unions);
    for (int i = 0; i < size; i++) {
      int target = targets[bins[i]];
      if (target >= 0) {
        sorted[next[target]] = values[i];
        sortedWeights[next[target]++] = weights[i];
      }
    }
    Cell[] cells = new Cell[unions];
    for (int union = 0; union < unions; union++) {
      cells[union] = percentile(thousandths, sorted, sortedWeights, ends[union], ends[union + 1]);
    }
    return cells;
  }

  private static Cell percentile(
      int thousandths, double[] values, int[] weights, int start, int end) {
    if (start == end) {
      return new Cell.Absent();
    }
    long total = 0;
    boolean alike = true;
    for (int i = start; i < end; i++) {
      total += weights[i];
      alike &= weights[i] == weights[start];
    }
    if (alike) {
      Arrays.sort(values, start, end);
    } else {
      sort(values, weights, start, end);
    }
    long below = 0;
    for (int i = start; i < end; i++) {
      below += weights[i];
      if (1_000 * below >= thousandths * total) {
        return new Cell.Figure(values[i]);
      }
    }
    throw new IllegalStateException("no value reaches " + thousandths + " of 1000");
  }

  private static void sort(double[] values, int[] weights, int start, int end) {
    new IntroSorter() {
      private double pivot;

      @Override
      protected void setPivot(int i) {
        pivot = values[i];
      }

      @Override
      protected int comparePivot(int j) {
        return Double.compare(pivot, values[j]);
      }

      @Override
      protected void swap(int i, int j) {
        double value = values[i];
        values[i] = values[j];
        values[j] = value;
        int weight = weights[i];
        weights[i] = weights[j];
        weights[j] = weight;
      }
    }.sort(start, end);
  }
}
