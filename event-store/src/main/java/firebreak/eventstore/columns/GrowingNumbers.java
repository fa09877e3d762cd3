package firebreak.eventstore.columns;

import firebreak.eventstore.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Numbers to which rows are added, and the heatmap bin of each. */
final class GrowingNumbers {
  private static final int LARGEST_BIN = HeatmapBins.number(Double.MAX_VALUE);
  private static final int SMALLEST_BIN = HeatmapBins.number(-Double.MAX_VALUE);

  private boolean whole;
  private boolean unsafe;
  private long[] bits;
  private GrowingCodes bins;
  private int lowestBin;
  private int highestBin;

  GrowingNumbers(boolean whole, int rows, int firstBin) {
    this.whole = whole;
    bits = new long[rows];
    bins = new GrowingCodes(rows);
    lowestBin = firstBin;
    highestBin = firstBin;
  }

  /** Adds a number; false where there is no one form in which it and all others are exact. */
  boolean add(int row, Kind kind, long first) {
    long kept = first;
    if (kind == Kind.WHOLE) {
      boolean safe = ExactNumbers.isSafe(first);
      if (!whole) {
        if (!safe) {
          return false;
        }
        kept = Double.doubleToRawLongBits((double) first);
      }
      unsafe |= !safe;
    } else if (whole) {
      if (unsafe) {
        return false;
      }
      turnReal(row);
    }
    if (row >= bits.length) {
      bits = Arrays.copyOf(bits, Math.max(row + 1, 2 * bits.length));
    }
    bits[row] = kept;
    addBin(row, HeatmapBins.number(ExactNumbers.asDouble(whole, kept)));
    return true;
  }

  private void turnReal(int rows) {
    long[] reals = new long[bits.length];
    for (int i = 0; i < Math.min(rows, bits.length); i++) {
      reals[i] = Double.doubleToRawLongBits((double) bits[i]);
    }
    bits = reals;
    whole = false;
  }

  private void addBin(int row, int bin) {
    if (bin < lowestBin) {
      lower(row, bin);
    }
    highestBin = Math.max(highestBin, bin);
    bins.set(row, bin - lowestBin + 1);
  }

  /** Counts bins from a lower one on, and leaves room, so that this happens seldom. */
  private void lower(int rows, int bin) {
    int range = highestBin - bin;
    int lowered = Math.max(SMALLEST_BIN, bin - range / 4);
    int shift = lowestBin - lowered;
    GrowingCodes shifted = new GrowingCodes(Math.max(rows, 1));
    for (int i = 0; i < rows; i++) {
      int code = bins.at(i);
      if (code != 0) {
        shifted.set(i, code + shift);
      }
    }
    bins = shifted;
    lowestBin = lowered;
  }

  boolean isWhole() {
    return whole;
  }

  boolean isPresent(int row) {
    return bins.at(row) != 0;
  }

  long bits(int row) {
    return bits[row];
  }

  Column view(int rows) {
    if (rows > bits.length) {
      bits = Arrays.copyOf(bits, Math.max(rows, 2 * bits.length));
    }
    Codes codes = bins.view(rows);
    int highest = Math.min(highestBin, LARGEST_BIN) - lowestBin + 1;
    return new MeasuredColumn(new View(whole, bits, codes), codes, lowestBin, highest, null);
  }

  long bytes() {
    return (long) Long.BYTES * bits.length + bins.bytes();
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record View(boolean isWhole, long[] bits, Codes bins) implements ExactNumbers {
    @Override
    public double at(int row) {
      return bins.at(row) == 0 ? Double.NaN : ExactNumbers.asDouble(isWhole, bits[row]);
    }

    @Override
    public @Nullable Value value(int row) {
      return bins.at(row) == 0 ? null : ExactNumbers.value(isWhole, bits[row]);
    }

    @Override
    public void exact(int from, int count, long[] into, boolean[] present) {
      System.arraycopy(bits, from, into, 0, count);
      for (int i = 0; i < count; i++) {
        present[i] = bins.at(from + i) != 0;
      }
    }
  }
}
