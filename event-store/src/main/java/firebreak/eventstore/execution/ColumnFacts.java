package firebreak.eventstore.execution;

import firebreak.eventstore.Limits;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import firebreak.eventstore.columns.HeatmapBins;
import firebreak.eventstore.columns.Marginals;
import java.util.Arrays;

/**
 * What is worth knowing of a column with codes, once for all questions about its part.
 *
 * @param present what the rows that have the field weigh
 * @param heaviest what the heaviest code weighs
 * @param heavy the codes of which each weighs at least a thousandth of all rows
 * @param numbers the codes that are numbers
 * @param bins the heatmap bin of each of these
 */
@SuppressWarnings("ArrayRecordComponent")
record ColumnFacts(long present, long heaviest, int[] heavy, int[] numbers, int[] bins) {

  static ColumnFacts of(Column.Coded column, Marginals marginals) {
    Dictionary dictionary = column.dictionary();
    int size = dictionary.size();
    long present = 0;
    long heaviest = 0;
    int numeric = 0;
    int[] numbers = new int[16];
    boolean hasNumbers = dictionary.hasNumbers();
    for (int code = 1; code <= size; code++) {
      long weight = marginals.weight(code);
      present += weight;
      heaviest = Math.max(heaviest, weight);
      if (hasNumbers && !Double.isNaN(dictionary.number(code))) {
        numbers = Accumulator.reach(numbers, numeric);
        numbers[numeric++] = code;
      }
    }
    long all = present + marginals.weight(Column.ABSENT);
    int[] heavy = new int[16];
    int found = 0;
    for (int code = 1; code <= size && Limits.CONTRAST_LEAST_PART * heaviest >= all; code++) {
      if (Limits.CONTRAST_LEAST_PART * marginals.weight(code) >= all) {
        heavy = Accumulator.reach(heavy, found);
        heavy[found++] = code;
      }
    }
    int[] numberCodes = Arrays.copyOf(numbers, numeric);
    int[] bins =
        Arrays.stream(numberCodes)
            .map(code -> HeatmapBins.number(dictionary.number(code)))
            .toArray();
    return new ColumnFacts(present, heaviest, Arrays.copyOf(heavy, found), numberCodes, bins);
  }
}
