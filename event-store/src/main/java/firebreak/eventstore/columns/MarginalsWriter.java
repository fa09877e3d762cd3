package firebreak.eventstore.columns;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.store.DataOutput;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the rows of each code weigh together, and writes it for {@link FileMarginals}. Only
 * codes that some row has are written: of the heatmap bins between two that are far apart, most are
 * empty.
 */
final class MarginalsWriter {
  /** Columns that use more codes, that of absent rows included, are not counted by block. */
  static final int MOST_CODES_BY_BLOCK = 256;

  private final PackedWriter packed;
  private final DataOutput description;

  MarginalsWriter(PackedWriter packed, DataOutput description) {
    this.packed = packed;
    this.description = description;
  }

  /**
   * @param highest the highest code
   * @param weights what each row weighs; null where each weighs 1
   */
  void write(int[] codes, int highest, long @Nullable [] weights) throws IOException {
    long[] total = new long[highest + 1];
    count(codes, 0, codes.length, weights, total);
    int[] used = used(total);
    description.writeVLong(total[Column.ABSENT]);
    description.writeVInt(used.length);
    packed.write(used, used.length);
    packed.write(Arrays.stream(used).mapToLong(code -> total[code]).toArray(), used.length);
    boolean byBlock = used.length < MOST_CODES_BY_BLOCK;
    description.writeByte((byte) (byBlock ? 1 : 0));
    if (byBlock && codes.length > Part.BLOCK) {
      writeBlocks(codes, used, weights, total);
    }
  }

  private void writeBlocks(int[] codes, int[] used, long @Nullable [] weights, long[] counts)
      throws IOException {
    int blocks = Math.ceilDiv(codes.length, Part.BLOCK);
    long[] ofBlocks = new long[blocks * (used.length + 1)];
    int next = 0;
    for (int block = 0; block < blocks; block++) {
      int from = block * Part.BLOCK;
      Arrays.fill(counts, 0);
      count(codes, from, Math.min(codes.length, from + Part.BLOCK), weights, counts);
      ofBlocks[next++] = counts[Column.ABSENT];
      for (int code : used) {
        ofBlocks[next++] = counts[code];
      }
    }
    packed.write(ofBlocks, ofBlocks.length);
  }

  /** The codes above {@link Column#ABSENT} that have a weight. */
  private static int[] used(long[] weights) {
    int[] used = new int[weights.length];
    int count = 0;
    for (int code = 1; code < weights.length; code++) {
      if (weights[code] != 0) {
        used[count++] = code;
      }
    }
    return Arrays.copyOf(used, count);
  }

  private static void count(
      int[] codes, int from, int to, long @Nullable [] weights, long[] counts) {
    if (weights == null) {
      for (int i = from; i < to; i++) {
        counts[codes[i]]++;
      }
    } else {
      for (int i = from; i < to; i++) {
        counts[codes[i]] += weights[i];
      }
    }
  }
}
