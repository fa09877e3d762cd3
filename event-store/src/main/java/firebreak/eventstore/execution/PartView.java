package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import firebreak.eventstore.columns.HeatmapBins;
import firebreak.eventstore.columns.Longs;
import firebreak.eventstore.columns.Part;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A part as one question sees it over one time range: with columns that are computed for it, and
 * with what is worked out once for all of the part's rows.
 */
final class PartView {
  /** Stands in a table of bins for a code that is no number. */
  static final int NO_BIN = Integer.MIN_VALUE;

  private final Part part;
  private final Map<String, Column> computed = new ConcurrentHashMap<>();
  private final Map<String, double[]> numbers = new ConcurrentHashMap<>();
  private final Map<String, int[]> bins = new ConcurrentHashMap<>();

  PartView(Part part) {
    this.part = part;
  }

  Part part() {
    return part;
  }

  int rows() {
    return part.rows();
  }

  @Nullable Longs sampleRates() {
    return part.sampleRates();
  }

  /** The column that a field's name means to the question; null where no row has it. */
  @Nullable Column column(String field) {
    Column own = computed.get(field);
    return own == null ? part.column(field) : own;
  }

  /** The column of a stored field, whatever the question computes under its name. */
  @Nullable Column stored(String field) {
    return part.column(field);
  }

  boolean isComputed(String field) {
    return computed.containsKey(field);
  }

  /** Gives a name the meaning of a computed column. */
  void compute(String field, Column column) {
    computed.put(field, column);
  }

  /** The number of each code of a field that has codes, NaN for what is no number. */
  double[] numbers(String field, Dictionary dictionary) {
    return numbers.computeIfAbsent(
        field,
        _ -> {
          double[] table = new double[dictionary.size() + 1];
          table[Column.ABSENT] = Double.NaN;
          for (int code = 1; code < table.length; code++) {
            table[code] = dictionary.number(code);
          }
          return table;
        });
  }

  /** The heatmap bin of each code of a field that has codes, {@link #NO_BIN} for no number. */
  int[] bins(String field, Dictionary dictionary) {
    return bins.computeIfAbsent(
        field,
        _ -> {
          double[] table = numbers(field, dictionary);
          int[] numbered = new int[table.length];
          for (int code = 0; code < table.length; code++) {
            boolean isNumber = !Double.isNaN(table[code]);
            numbered[code] = isNumber ? HeatmapBins.number(table[code]) : NO_BIN;
          }
          return numbered;
        });
  }
}
