package firebreak.eventstore.columns;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.apache.lucene.store.DataInput;
import org.jspecify.annotations.Nullable;

/** The marginals of a column in a part file. */
final class FileMarginals implements Marginals {
  private final int highest;
  private final long absent;
  private final Packed present;
  private final boolean byBlock;

  /** By block, then by code; null where the total of the only block says the same. */
  private final @Nullable Packed ofBlocks;

  private FileMarginals(
      int highest, long absent, Packed present, boolean byBlock, @Nullable Packed ofBlocks) {
    this.highest = highest;
    this.absent = absent;
    this.present = present;
    this.byBlock = byBlock;
    this.ofBlocks = ofBlocks;
  }

  static FileMarginals read(int highest, int rows, DataInput description, MemorySegment file)
      throws IOException {
    long absent = description.readVLong();
    Packed present = Packed.read(description, file);
    boolean byBlock = description.readByte() != 0;
    Packed ofBlocks = byBlock && rows > Part.BLOCK ? Packed.read(description, file) : null;
    return new FileMarginals(highest, absent, present, byBlock, ofBlocks);
  }

  @Override
  public long weight(int code) {
    return code == Column.ABSENT ? absent : present.at(code - 1);
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
    for (int code = 0; code <= highest; code++) {
      weights[code] +=
          ofBlocks == null ? weight(code) : ofBlocks.at((long) block * (highest + 1) + code);
    }
  }
}
