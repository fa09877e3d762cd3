package firebreak.eventstore.execution;

import firebreak.eventstore.Limits;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Codes;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.HeatmapBins;
import firebreak.eventstore.columns.Marginals;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the rows within one part weigh by the codes of one column, where they must be counted. */
final class EdgeWeights {
  /** What columns of more codes weigh is counted anew each time. */
  private static final int MOST_KEPT = 1 << 14;

  private final Sides side;
  private final String field;
  private final Column.Coded column;
  private final PieceCache pieces;
  private final RowWeights counting;
  private final long all;
  private @Nullable CodeWeights weights;

  /**
   * Weighs the rows within.
   *
   * @param all what they weigh together
   */
  EdgeWeights(
      Sides side,
      String field,
      Column.Coded column,
      long all,
      RowWeights counting,
      PieceCache pieces) {
    this.side = side;
    this.field = field;
    this.column = column;
    this.pieces = pieces;
    this.all = all;
    this.counting = counting;
  }

  private CodeWeights weights() {
    CodeWeights counted = weights;
    if (counted == null) {
      counted = counted();
      weights = counted;
    }
    return counted;
  }

  /** Kept where the rows are an interval, which is what a time range leaves of a part. */
  private CodeWeights counted() {
    Rows rows = side.within();
    int size = column.dictionary().size();
    Asked asked = new Asked(side.part().part().id(), field, size, rows.from(), rows.to());
    boolean isKept = rows.bits() == null && size <= MOST_KEPT;
    CodeWeights known = isKept ? pieces.known(asked, CodeWeights.class) : null;
    if (known != null) {
      return known;
    }
    CodeWeights found =
        counting.byCode(side.withinList(), column.codes(), size, column.marginals());
    if (isKept) {
      pieces.keep(asked, found, size);
    }
    return found;
  }

  /** Of a part in memory the dictionary may grow, though its rows do not. */
  private record Asked(long part, String field, int size, int from, int to) {}

  /**
   * Takes note of what the rows show.
   *
   * @param facts what is known of the whole column; null if nothing is
   * @return what the rows that have the field weigh
   */
  long addTo(@Nullable ColumnFacts facts, Set<Value> heavy, Set<Value> numbers, BinWeights bins) {
    if (facts != null
        && facts.numbers().length == 0
        && Limits.CONTRAST_LEAST_PART * facts.heaviest() < all) {
      return all - absent();
    }
    CodeWeights counted = weights();
    long present = 0;
    for (int code = 1; code <= column.dictionary().size(); code++) {
      long weight = counted.at(code);
      if (weight == 0) {
        continue;
      }
      present += weight;
      if (Limits.CONTRAST_LEAST_PART * weight >= all) {
        heavy.add(column.dictionary().value(code));
      }
      if (facts == null) {
        addNumber(code, weight, numbers, bins);
      }
    }
    if (facts != null) {
      for (int code : facts.numbers()) {
        addNumber(code, counted.at(code), numbers, bins);
      }
    }
    return present;
  }

  private void addNumber(int code, long weight, Set<Value> numbers, BinWeights bins) {
    double number = weight == 0 ? Double.NaN : column.dictionary().number(code);
    if (!Double.isNaN(number)) {
      bins.add(HeatmapBins.number(number), weight);
      if (!FieldTotals.areTooMany(numbers)) {
        numbers.add(column.dictionary().value(code));
      }
    }
  }

  private long absent() {
    Marginals marginals = column.marginals();
    if (marginals != null && marginals.weight(Column.ABSENT) == 0) {
      return 0;
    }
    Codes codes = column.codes();
    Chunk chunk = new Chunk();
    int[] read = new int[Chunk.SIZE];
    Rows rows = side.within();
    var rates = side.part().sampleRates();
    long absent = 0;
    for (int from = rows.from(); from < rows.to(); ) {
      from = chunk.fill(rows, from, rows.to());
      chunk.read(codes, read);
      for (int i = 0; i < chunk.count(); i++) {
        if (read[i] == Column.ABSENT) {
          absent += rates == null ? 1 : rates.at(chunk.row(i));
        }
      }
    }
    return absent;
  }

  /** Adds what the rows of values weigh, given their numbers, 0 for one that has none. */
  void addTo(long[] into, List<Value> values, int[] numbers, FieldIds ids) {
    if (values.isEmpty()) {
      return;
    }
    int size = column.dictionary().size();
    if (size <= values.size() || !ids.isComplete()) {
      int[] codes = column.dictionary().codes(values);
      for (int i = 0; i < codes.length; i++) {
        into[i] += codes[i] == Column.ABSENT ? 0 : weights().at(codes[i]);
      }
      return;
    }
    int[] placeOfNumber = new int[ids.size()];
    for (int i = 0; i < numbers.length; i++) {
      placeOfNumber[numbers[i]] = i + 1;
    }
    placeOfNumber[Column.ABSENT] = 0;
    int[] map = ids.map(side.part());
    CodeWeights counted = weights();
    for (int code = 1; code <= size; code++) {
      int place = placeOfNumber[map[code]];
      if (place != 0) {
        into[place - 1] += counted.at(code);
      }
    }
  }
}
