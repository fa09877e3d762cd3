package firebreak.eventstore.columns;

import firebreak.eventstore.QueryResult.Bin;

/**
 * The bins of every heatmap: eight of equal width between each two powers of two.
 *
 * <p>A bin's number is the exponent and the first three bits after the point, so numbering is a
 * shift. Positive bins are [low, high) as they come; negative ones are their mirror image, with the
 * bound of smaller magnitude excluded, so every bin holds its low and not its high.
 */
public final class HeatmapBins {
  private static final int SHIFT = 52 - 3;
  private static final int BINS_BELOW_NORMAL = 8;

  private HeatmapBins() {}

  /** The number of the bin of a value; numbers rise with the values. */
  public static int number(double value) {
    if (value >= 0) {
      return merged((int) (Double.doubleToRawLongBits(value + 0.0) >>> SHIFT));
    }
    return -1 - merged((int) ((Double.doubleToRawLongBits(-value) - 1) >>> SHIFT));
  }

  public static Bin bin(int number, double weight) {
    return number >= 0
        ? new Bin(low(number), high(number), weight)
        : new Bin(-high(-1 - number), -low(-1 - number), weight);
  }

  /** All that is smaller than the smallest normal number shares the bin of zero. */
  private static int merged(int number) {
    return number < BINS_BELOW_NORMAL ? 0 : number;
  }

  private static double low(int number) {
    return Double.longBitsToDouble((long) number << SHIFT);
  }

  private static double high(int number) {
    return number == 0 ? Double.MIN_NORMAL : Double.longBitsToDouble((long) (number + 1) << SHIFT);
  }
}
