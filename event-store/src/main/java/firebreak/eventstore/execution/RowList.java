package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Longs;
import org.jspecify.annotations.Nullable;

/** Rows that many columns are read for, one by one: the list is made once for all of them. */
final class RowList {
  private final Rows rows;
  private int @Nullable [] list;
  private long @Nullable [] weights;

  RowList(Rows rows) {
    this.rows = rows;
  }

  Rows rows() {
    return rows;
  }

  /** The rows in order. */
  synchronized int[] list() {
    int[] made = list;
    if (made == null) {
      made = new int[rows.count()];
      int size = 0;
      for (int word = rows.from() >> 6; word < (rows.to() + 63) >>> 6; word++) {
        long left = rows.word(word);
        while (left != 0) {
          made[size++] = (word << 6) + Long.numberOfTrailingZeros(left);
          left &= left - 1;
        }
      }
      list = made;
    }
    return made;
  }

  /** What each row of the list weighs; null where each weighs 1. */
  synchronized long @Nullable [] weights() {
    Longs rates = rows.part().sampleRates();
    if (rates == null) {
      return null;
    }
    long[] made = weights;
    if (made == null) {
      made = new long[rows.count()];
      rates.gather(list(), made.length, made);
      weights = made;
    }
    return made;
  }
}
