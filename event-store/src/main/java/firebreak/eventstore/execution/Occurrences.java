package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import firebreak.eventstore.columns.HeatmapBins;
import org.jspecify.annotations.Nullable;

/** The codes that rows of one part have in a column, and what the rows of each weigh. */
final class Occurrences {
  private final int[] codes;

  /** Null where each weighs 1. */
  private final long @Nullable [] weights;

  private int size;
  private long weight;

  private Occurrences(int most, boolean weighted) {
    codes = new int[most];
    weights = weighted ? new long[most] : null;
  }

  /** Those of some rows: each code once where they are few, else one for each row. */
  static Occurrences of(RowList rows, Column.Coded column, RowWeights counting) {
    int highest = column.dictionary().size();
    return highest <= rows.rows().count()
        ? counted(counting.byCode(rows, column.codes(), highest, null), highest)
        : gathered(rows, column);
  }

  private static Occurrences counted(CodeWeights counted, int highest) {
    Occurrences found = new Occurrences(highest, true);
    for (int code = 1; code <= highest; code++) {
      found.add(code, counted.at(code));
    }
    return found;
  }

  private static Occurrences gathered(RowList rows, Column.Coded column) {
    int[] list = rows.list();
    long[] rates = rows.weights();
    Occurrences found = new Occurrences(list.length, rates != null);
    column.codes().gather(list, list.length, found.codes);
    for (int i = 0; i < list.length; i++) {
      long rate = rates == null ? 1 : rates[i];
      found.add(found.codes[i], found.codes[i] == Column.ABSENT ? 0 : rate);
    }
    return found;
  }

  private void add(int code, long more) {
    if (more != 0) {
      codes[size] = code;
      if (weights != null) {
        weights[size] = more;
      }
      size++;
      weight += more;
    }
  }

  /** Adds what the numbers among them weigh. */
  void addNumbers(Dictionary dictionary, BinWeights bins) {
    for (int i = 0; i < size; i++) {
      double number = dictionary.number(codes[i]);
      if (!Double.isNaN(number)) {
        bins.addSelected(HeatmapBins.number(number), weight(i));
      }
    }
  }

  /** Leaves only what is no number. */
  void removeNumbers(Dictionary dictionary) {
    int left = 0;
    for (int i = 0; i < size; i++) {
      if (Double.isNaN(dictionary.number(codes[i]))) {
        move(i, left++);
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
    return weights == null ? 1 : weights[index];
  }

  /** Whether some may weigh more than 1. */
  boolean isWeighted() {
    return weights != null;
  }

  private void move(int from, int to) {
    codes[to] = codes[from];
    if (weights != null) {
      weights[to] = weights[from];
    }
  }

  /** What all rows that have the field weigh. */
  long weight() {
    return weight;
  }
}
