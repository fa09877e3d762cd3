package firebreak.eventstore.columns;

import org.jspecify.annotations.Nullable;

/** The values of one field in the rows that go into a new part, in the order of writing. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
sealed interface FieldValues {
  /**
   * Values by code.
   *
   * @param codes of each row, numbered by first appearance
   * @param values of each code from 1 on, its code in the dictionary
   * @param highest the highest code
   */
  record ByCode(int[] codes, KeyedDictionary dictionary, int[] values, int highest)
      implements FieldValues {}

  /**
   * Numbers, more than {@link Column#CODED_NUMBERS} of them different.
   *
   * @param whole whether the bits are whole numbers, else those of doubles
   */
  record ByNumber(boolean whole, long[] bits, boolean[] present) implements FieldValues {}

  /** Collects the values of a field; null where no row has it. */
  static @Nullable FieldValues collect(MergedRows rows, String field) {
    Column[] columns = new Column[rows.sources().size()];
    int found = 0;
    boolean measured = false;
    for (int i = 0; i < columns.length; i++) {
      Column column = rows.count(i) == 0 ? null : rows.sources().get(i).column(field);
      if (column != null) {
        columns[i] = column;
        found++;
        measured |= column instanceof Column.Measured;
      }
    }
    if (found == 0) {
      return null;
    }
    if (measured) {
      ByNumber numbers = new NumberCollection(rows).collect(columns);
      if (numbers != null) {
        return numbers;
      }
    }
    ByCode coded = new CodeCollection(rows).collect(columns, found);
    if (coded.highest() == 0) {
      return null;
    }
    ByNumber numbers = coded.highest() > Column.CODED_NUMBERS ? numbers(coded) : null;
    return numbers == null ? coded : numbers;
  }

  /** The same values as numbers; null where not all are. */
  private static @Nullable ByNumber numbers(ByCode coded) {
    NumberForm form = NumberForm.of(coded.dictionary(), coded.values(), coded.highest());
    if (form == null) {
      return null;
    }
    int[] codes = coded.codes();
    long[] bits = new long[codes.length];
    boolean[] present = new boolean[codes.length];
    for (int i = 0; i < codes.length; i++) {
      bits[i] = form.bits()[codes[i]];
      present[i] = codes[i] != Column.ABSENT;
    }
    return new ByNumber(form.whole(), bits, present);
  }

  /** Numbers of a dictionary, by code, in one form in which all are exact. */
  record NumberForm(boolean whole, long[] bits) {
    /** Null where some value is no number, or no form holds all of them. */
    static @Nullable NumberForm of(KeyedDictionary dictionary, int[] values, int highest) {
      long[] bits = new long[highest + 1];
      boolean whole = true;
      Key key = new Key();
      for (int code = 1; code <= highest; code++) {
        dictionary.key(values[code], key);
        if (!key.kind.isNumber()) {
          return null;
        }
        whole &= key.kind == Kind.WHOLE;
        bits[code] = key.first;
      }
      if (whole) {
        return new NumberForm(true, bits);
      }
      for (int code = 1; code <= highest; code++) {
        dictionary.key(values[code], key);
        if (key.kind == Kind.WHOLE) {
          if (!ExactNumbers.isSafe(key.first)) {
            return null;
          }
          bits[code] = Double.doubleToRawLongBits((double) key.first);
        }
      }
      return new NumberForm(false, bits);
    }
  }

  /** Whether more numbers are different than have a code each. */
  static boolean areMany(long[] bits, boolean[] present) {
    IdTable different = new IdTable();
    for (int i = 0; i < bits.length && different.size() <= Column.CODED_NUMBERS; i++) {
      if (present[i]) {
        different.id(bits[i]);
      }
    }
    return different.size() > Column.CODED_NUMBERS;
  }
}
