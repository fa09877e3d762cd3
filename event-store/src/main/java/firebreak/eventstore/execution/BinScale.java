package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Column;
import java.util.List;

/**
 * The heatmap bins that a field's numbers take up in the parts a question looks at.
 *
 * @param lowest the number of the lowest bin, which counts as 1 here
 * @param size how many bins there are, 0 for no number among them
 */
record BinScale(int lowest, int size) {

  static BinScale of(String field, List<PartView> parts) {
    int lowest = Integer.MAX_VALUE;
    int highest = Integer.MIN_VALUE;
    for (PartView part : parts) {
      switch (part.column(field)) {
        case null -> {}
        case Column.Coded coded -> {
          for (int bin : part.bins(field, coded.dictionary())) {
            if (bin != PartView.NO_BIN) {
              lowest = Math.min(lowest, bin);
              highest = Math.max(highest, bin);
            }
          }
        }
        case Column.Measured measured -> {
          lowest = Math.min(lowest, measured.lowestBin());
          highest = Math.max(highest, measured.lowestBin() + measured.highestCode() - 1);
        }
      }
    }
    return lowest > highest ? new BinScale(0, 1) : new BinScale(lowest, highest - lowest + 2);
  }

  /** The place on this scale of each code, given the number of the bin of each. */
  int[] table(int[] binOfCode) {
    int[] table = new int[binOfCode.length];
    for (int code = 0; code < table.length; code++) {
      table[code] = binOfCode[code] == PartView.NO_BIN ? 0 : binOfCode[code] - lowest + 1;
    }
    return table;
  }

  /** The number of the bin at a place from 1 on. */
  int number(int place) {
    return lowest + place - 1;
  }
}
