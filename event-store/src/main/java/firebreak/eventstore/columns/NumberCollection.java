package firebreak.eventstore.columns;

import org.jspecify.annotations.Nullable;

/** Brings the numbers of several sources into one form. */
final class NumberCollection {
  private static final int CHUNK = 1 << 14;

  private final MergedRows rows;
  private final long[] bits;
  private final boolean[] present;

  /** Whether the numbers of each source were read as whole ones. */
  private final boolean[] whole;

  NumberCollection(MergedRows rows) {
    this.rows = rows;
    bits = new long[rows.count()];
    present = new boolean[rows.count()];
    whole = new boolean[rows.sources().size()];
  }

  /** Null where they are to be coded: some value is no number, or few are different. */
  FieldValues.@Nullable ByNumber collect(@Nullable Column[] columns) {
    boolean allWhole = true;
    for (int i = 0; i < columns.length; i++) {
      boolean readable =
          switch (columns[i]) {
            case Column.Coded coded -> readCoded(i, coded);
            case Column.Measured measured -> readMeasured(i, measured);
            case null -> {
              whole[i] = true;
              yield true;
            }
          };
      if (!readable) {
        return null;
      }
      allWhole &= whole[i];
    }
    for (int i = 0; i < columns.length && !allWhole; i++) {
      if (whole[i] && !turnReal(i)) {
        return null;
      }
    }
    return FieldValues.areMany(bits, present)
        ? new FieldValues.ByNumber(allWhole, rows.ordered(bits), rows.ordered(present))
        : null;
  }

  private boolean readMeasured(int source, Column.Measured column) {
    ExactNumbers numbers = (ExactNumbers) column.numbers();
    whole[source] = numbers.isWhole();
    rows.readExact(source, numbers, bits, present);
    return true;
  }

  private boolean readCoded(int source, Column.Coded column) {
    KeyedDictionary dictionary = KeyedDictionary.of(column.dictionary());
    int[] values = new int[dictionary.size() + 1];
    int[] used = new int[dictionary.size() + 1];
    int highest = 0;
    int[] codes = new int[CHUNK];
    for (int from = 0; from < rows.count(source); from += CHUNK) {
      int size = Math.min(CHUNK, rows.count(source) - from);
      rows.read(source, column.codes(), from, size, codes);
      for (int i = 0; i < size; i++) {
        int code = codes[i];
        if (code != Column.ABSENT && used[code] == 0) {
          used[code] = ++highest;
          values[highest] = code;
        }
      }
    }
    FieldValues.NumberForm form = FieldValues.NumberForm.of(dictionary, values, highest);
    if (form == null) {
      return false;
    }
    whole[source] = form.whole();
    for (int from = 0; from < rows.count(source); from += CHUNK) {
      int size = Math.min(CHUNK, rows.count(source) - from);
      rows.read(source, column.codes(), from, size, codes);
      int start = rows.start(source) + from;
      for (int i = 0; i < size; i++) {
        present[start + i] = codes[i] != Column.ABSENT;
        bits[start + i] = form.bits()[used[codes[i]]];
      }
    }
    return true;
  }

  private boolean turnReal(int source) {
    int end = rows.start(source) + rows.count(source);
    for (int i = rows.start(source); i < end; i++) {
      if (present[i]) {
        if (!ExactNumbers.isSafe(bits[i])) {
          return false;
        }
        bits[i] = Double.doubleToRawLongBits((double) bits[i]);
      }
    }
    return true;
  }
}
