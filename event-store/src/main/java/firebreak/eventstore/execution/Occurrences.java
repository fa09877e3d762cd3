package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import firebreak.eventstore.columns.HeatmapBins;
import java.util.Arrays;

/** The codes that rows of one part have in a column, and what the rows of each weigh. */
final class Occurrences {
  private final int[] codes;
  private final long[] weights;
  private int size;
  private long weight;

  private Occurrences(int most) {
    codes = new int[most];
    weights = new long[most];
  }

  /** Those of some rows: each code once where they are few, else one for each row. */
  static Occurrences of(RowList rows, Column.Coded column, RowWeights counting) {
    int highest = column.dictionary().size();
    return highest <= rows.rows().count()
        ? counted(counting.byCode(rows, column.codes(), highest, null), highest)
        : gathered(rows, column);
  }

  private static Occurrences counted(CodeWeights counted, int highest) {
    Occurrences found = new Occurrences(highest);
    for (int code = 1; code <= highest; code++) {
      found.add(code, counted.at(code));
    }
    return found;
  }

  private static Occurrences gathered(RowList rows, Column.Coded column) {
    int[] list = rows.list();
    long[] rates = rows.weights();
    Occurrences found = new Occurrences(list.length);
    column.codes().gather(list, list.length, found.codes);
    if (rates == null) {
      Arrays.fill(found.weights, 1);
    } else {
      System.arraycopy(rates, 0, found.weights, 0, rates.length);
    }
    for (int i = 0; i < list.length; i++) {
      found.add(found.codes[i], found.codes[i] == Column.ABSENT ? 0 : found.weights[i]);
    }
    return found;
  }

  private void add(int code, long more) {
    if (more != 0) {
      codes[size] = code;
      weights[size++] = more;
      weight += more;
    }
  }

  /** Adds what the numbers among them weigh. */
  void addNumbers(Dictionary dictionary, BinWeights bins) {
    for (int i = 0; i < size; i++) {
      double number = dictionary.number(codes[i]);
      if (!Double.isNaN(number)) {
        bins.addSelected(HeatmapBins.number(number), weights[i]);
      }
    }
  }

  /** Leaves only what is no number. */
  void removeNumbers(Dictionary dictionary) {
    int left = 0;
    for (int i = 0; i < size; i++) {
      if (Double.isNaN(dictionary.number(codes[i]))) {
        codes[left] = codes[i];
        weights[left++] = weights[i];
      }
    }
    size = left;
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** The codes, of which the first {@link #size} count; whoever asks may change them. */
  int[] codes() {
    return codes;
  }

  long weight(int index) {
    return weights[index];
  }

  /** What all rows that have the field weigh. */
  long weight() {
    return weight;
  }
}
