package firebreak.eventstore.columns;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Brings the codes of several sources under one dictionary. */
final class CodeCollection {
  private static final int CHUNK = 1 << 14;
  private static final int UNKNOWN = -1;

  private final MergedRows rows;
  private final int[] codes;
  private final Key key = new Key();

  CodeCollection(MergedRows rows) {
    this.rows = rows;
    codes = new int[rows.count()];
  }

  /** Collects the columns of a field; {@code found} tells how many there are. */
  FieldValues.ByCode collect(@Nullable Column[] columns, int found) {
    KeyedDictionary dictionary = found == 1 ? only(columns) : null;
    if (dictionary == null) {
      GrowingDictionary union = new GrowingDictionary();
      for (int i = 0; i < columns.length; i++) {
        switch (columns[i]) {
          case Column.Coded coded -> add(i, coded, union);
          case Column.Measured measured -> add(i, measured, union);
          case null -> {}
        }
      }
      dictionary = union;
    }
    return renumbered(rows.ordered(codes), dictionary);
  }

  /** The dictionary of the only column, the codes of which are used as they are. */
  private @Nullable KeyedDictionary only(@Nullable Column[] columns) {
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] instanceof Column.Coded coded) {
        int[] chunk = new int[CHUNK];
        for (int from = 0; from < rows.count(i); from += CHUNK) {
          int size = Math.min(CHUNK, rows.count(i) - from);
          rows.read(i, coded.codes(), from, size, chunk);
          System.arraycopy(chunk, 0, codes, rows.start(i) + from, size);
        }
        return KeyedDictionary.of(coded.dictionary());
      }
    }
    return null;
  }

  private void add(int source, Column.Coded column, GrowingDictionary union) {
    KeyedDictionary dictionary = KeyedDictionary.of(column.dictionary());
    int[] unionCodes = new int[dictionary.size() + 1];
    Arrays.fill(unionCodes, UNKNOWN);
    unionCodes[Column.ABSENT] = Column.ABSENT;
    int[] chunk = new int[CHUNK];
    for (int from = 0; from < rows.count(source); from += CHUNK) {
      int size = Math.min(CHUNK, rows.count(source) - from);
      rows.read(source, column.codes(), from, size, chunk);
      int start = rows.start(source) + from;
      for (int i = 0; i < size; i++) {
        int code = unionCodes[chunk[i]];
        if (code == UNKNOWN) {
          dictionary.key(chunk[i], key);
          code = union.add(key);
          unionCodes[chunk[i]] = code;
        }
        codes[start + i] = code;
      }
    }
  }

  private void add(int source, Column.Measured column, GrowingDictionary union) {
    ExactNumbers numbers = (ExactNumbers) column.numbers();
    long[] bits = new long[rows.count()];
    boolean[] present = new boolean[rows.count()];
    rows.readExact(source, numbers, bits, present);
    int end = rows.start(source) + rows.count(source);
    for (int i = rows.start(source); i < end; i++) {
      if (present[i]) {
        key.set(ExactNumbers.value(numbers.isWhole(), bits[i]));
        codes[i] = union.add(key);
      }
    }
  }

  /** Numbers codes anew by first appearance, so that none is unused. */
  private static FieldValues.ByCode renumbered(int[] codes, KeyedDictionary dictionary) {
    int[] renumbered = new int[dictionary.size() + 1];
    int[] values = new int[Math.min(dictionary.size(), codes.length) + 1];
    int highest = 0;
    for (int i = 0; i < codes.length; i++) {
      int before = codes[i];
      if (before != Column.ABSENT) {
        int code = renumbered[before];
        if (code == 0) {
          code = ++highest;
          renumbered[before] = code;
          values[code] = before;
        }
        codes[i] = code;
      }
    }
    return new FieldValues.ByCode(codes, dictionary, values, highest);
  }
}
