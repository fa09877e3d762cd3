package firebreak.eventstore.columns;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.store.DataOutput;
import org.jspecify.annotations.Nullable;

/** Counts what the rows of each code weigh together, and writes it for {@link FileMarginals}. */
final class MarginalsWriter {
  /** Columns with more codes, that of absent rows included, are not counted by block. */
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
    int rows = codes.length;
    int blocks = (rows + Part.BLOCK - 1) / Part.BLOCK;
    boolean byBlock = highest < MOST_CODES_BY_BLOCK;
    long[] total = new long[highest + 1];
    long[] ofBlocks = new long[byBlock ? blocks * (highest + 1) : 0];
    for (int block = 0; block < blocks; block++) {
      int from = block * Part.BLOCK;
      int to = Math.min(rows, from + Part.BLOCK);
      if (byBlock) {
        long[] ofBlock = new long[highest + 1];
        count(codes, from, to, weights, ofBlock);
        System.arraycopy(ofBlock, 0, ofBlocks, block * (highest + 1), highest + 1);
        for (int code = 0; code <= highest; code++) {
          total[code] += ofBlock[code];
        }
      } else {
        count(codes, from, to, weights, total);
      }
    }
    description.writeVLong(total[Column.ABSENT]);
    packed.write(Arrays.copyOfRange(total, 1, highest + 1), highest);
    description.writeByte((byte) (byBlock ? 1 : 0));
    if (byBlock && blocks > 1) {
      packed.write(ofBlocks, ofBlocks.length);
    }
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
