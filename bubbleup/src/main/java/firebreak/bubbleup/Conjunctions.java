package firebreak.bubbleup;

import java.util.Arrays;
import java.util.List;

/**
 * Sums over every conjunction of terms that occurs.
 *
 * <p>A row holds some terms, as bits, and amounts; a conjunction's sums are those of the rows that
 * hold all its terms. A conjunction is reached through a parent with one term fewer, and one with
 * too little of the first amount is not extended (Agrawal and Srikant's apriori). Rows can be taken
 * out again, so that what they explained does not hide what else there is.
 */
final class Conjunctions {

  /** Some terms that hold together, and what there is of each amount where they do. */
  static final class Row {
    final long mask;
    final double[] amounts;

    Row(long mask, double[] amounts) {
      this.mask = mask;
      this.amounts = amounts;
    }
  }

  /** Is shown a conjunction and where in {@code sums} its amounts begin. */
  interface Visitor {
    void visit(long mask, double[] sums, int at);
  }

  private static final int FIRST_SLOTS = 1 << 10;

  private final int width;
  private final int maxTerms;
  private final double support;
  private final double[] total;
  private Row[] rows;
  private int size;
  private long[] masks = new long[FIRST_SLOTS];
  private double[] sums;

  /**
   * @param width how many amounts each row has
   * @param support conjunctions with less of the first amount are not extended
   */
  Conjunctions(List<Row> rows, int width, int maxTerms, double support) {
    this.rows = rows.toArray(Row[]::new);
    this.width = width;
    this.maxTerms = maxTerms;
    this.support = support;
    total = new double[width];
    sums = new double[FIRST_SLOTS * width];
    for (Row row : rows) {
      add(row.amounts, total, 0, 1);
    }
    for (int terms = 1; terms <= maxTerms; terms++) {
      for (Row row : rows) {
        addLevel(0, row.mask, terms, row);
      }
    }
  }

  /** Adds the row to each conjunction of it that has {@code left} terms more. */
  private void addLevel(long chosen, long remaining, int left, Row row) {
    for (long rest = remaining; rest != 0; rest &= rest - 1) {
      long larger = chosen | Long.lowestOneBit(rest);
      if (left == 1) {
        int at = made(larger) * width;
        add(row.amounts, sums, at, 1);
      } else if (Long.bitCount(rest) >= left && isSupported(larger)) {
        addLevel(larger, rest & (rest - 1), left - 1, row);
      }
    }
  }

  private boolean isSupported(long mask) {
    if (support <= 0) {
      return true;
    }
    int slot = slot(mask);
    return masks[slot] == mask && sums[slot * width] >= support;
  }

  private void add(double[] amounts, double[] to, int at, int sign) {
    for (int i = 0; i < width; i++) {
      to[at + i] += sign * amounts[i];
    }
  }

  /** What there is of an amount where all terms of the mask hold; of all rows for no terms. */
  double sum(long mask, int amount) {
    if (mask == 0) {
      return total[amount];
    }
    int slot = slot(mask);
    return masks[slot] == mask ? sums[slot * width + amount] : 0;
  }

  /** Every conjunction met, those whose rows have all been taken out among them. */
  void forEach(Visitor visitor) {
    for (int slot = 0; slot < masks.length; slot++) {
      if (masks[slot] != 0) {
        visitor.visit(masks[slot], sums, slot * width);
      }
    }
  }

  /** Takes out the rows that hold all terms of the mask. */
  void remove(long mask) {
    int kept = 0;
    for (Row row : rows) {
      if ((row.mask & mask) == mask) {
        add(row.amounts, total, 0, -1);
        subtract(0, row.mask, row);
      } else {
        rows[kept++] = row;
      }
    }
    rows = Arrays.copyOf(rows, kept);
  }

  private void subtract(long chosen, long remaining, Row row) {
    for (long rest = remaining; rest != 0; rest &= rest - 1) {
      long larger = chosen | Long.lowestOneBit(rest);
      int slot = slot(larger);
      if (masks[slot] == larger) {
        add(row.amounts, sums, slot * width, -1);
        if (Long.bitCount(larger) < maxTerms) {
          subtract(larger, rest & (rest - 1), row);
        }
      }
    }
  }

  /** Where the mask is, or would be. */
  private int slot(long mask) {
    int slot = (int) ((mask * 0x9E3779B97F4A7C15L) >>> 32) & (masks.length - 1);
    while (masks[slot] != 0 && masks[slot] != mask) {
      slot = (slot + 1) & (masks.length - 1);
    }
    return slot;
  }

  private int made(long mask) {
    int slot = slot(mask);
    if (masks[slot] == mask) {
      return slot;
    }
    if (2 * (size + 1) > masks.length) {
      grow();
      slot = slot(mask);
    }
    masks[slot] = mask;
    size++;
    return slot;
  }

  private void grow() {
    long[] oldMasks = masks;
    double[] oldSums = sums;
    masks = new long[2 * oldMasks.length];
    sums = new double[2 * oldSums.length];
    for (int old = 0; old < oldMasks.length; old++) {
      if (oldMasks[old] != 0) {
        int slot = slot(oldMasks[old]);
        masks[slot] = oldMasks[old];
        System.arraycopy(oldSums, old * width, sums, slot * width, width);
      }
    }
  }
}
