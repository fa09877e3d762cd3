package firebreak.eventstore.columns;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.apache.lucene.store.DataInput;
import org.jspecify.annotations.Nullable;

/** The marginals of a column in a part file. */
final class FileMarginals implements Marginals {
  private final long absent;
  private final int count;

  /** The codes that some row has, in rising order. */
  private final Packed used;

  /** What the rows of each used code weigh. */
  private final Packed total;

  private final boolean byBlock;

  /**
   * By block, then that of absent rows and of each used code; null where the total of the only
   * block says the same.
   */
  private final @Nullable Packed ofBlocks;

  private FileMarginals(
      long absent,
      int count,
      Packed used,
      Packed total,
      boolean byBlock,
      @Nullable Packed ofBlocks) {
    this.absent = absent;
    this.count = count;
    this.used = used;
    this.total = total;
    this.byBlock = byBlock;
    this.ofBlocks = ofBlocks;
  }

  static FileMarginals read(int rows, DataInput description, MemorySegment file)
      throws IOException {
    long absent = description.readVLong();
    int count = description.readVInt();
    Packed used = Packed.read(description, file);
    Packed total = Packed.read(description, file);
    boolean byBlock = description.readByte() != 0;
    Packed ofBlocks = byBlock && rows > Part.BLOCK ? Packed.read(description, file) : null;
    return new FileMarginals(absent, count, used, total, byBlock, ofBlocks);
  }

  @Override
  public long weight(int code) {
    if (code == Column.ABSENT) {
      return absent;
    }
    int place = used.isRising() ? code - (int) used.base() : place(code);
    return place < 0 ? 0 : total.at(place);
  }

  /** Where a code stands among those used; negative where it does not. */
  private int place(int code) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int there = (int) used.at(middle);
      if (there == code) {
        return middle;
      }
      if (there < code) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  @Override
  public boolean hasBlocks() {
    return byBlock;
  }

  @Override
  public void addBlock(int block, long[] weights) {
    if (!byBlock) {
      throw new IllegalStateException("a column of many codes is not counted by block");
    }
    long start = (long) block * (count + 1);
    weights[Column.ABSENT] += ofBlocks == null ? absent : ofBlocks.at(start);
    for (int i = 0; i < count; i++) {
      long weight = ofBlocks == null ? total.at(i) : ofBlocks.at(start + 1 + i);
      weights[(int) used.at(i)] += weight;
    }
  }
}
