package firebreak.eventstore.columns;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.apache.lucene.store.DataInput;
import org.jspecify.annotations.Nullable;

/** Times or sample rates of a part file. */
final class FileSteps implements Longs {
  private final long smallest;
  private final long step;
  private final @Nullable Packed bases;
  private final Packed steps;

  private FileSteps(long smallest, long step, @Nullable Packed bases, Packed steps) {
    this.smallest = smallest;
    this.step = step;
    this.bases = bases;
    this.steps = steps;
  }

  static FileSteps read(DataInput description, MemorySegment file) throws IOException {
    long smallest = description.readZLong();
    long step = description.readVLong();
    Packed bases = description.readByte() == 0 ? null : Packed.read(description, file);
    return new FileSteps(smallest, step, bases, Packed.read(description, file));
  }

  @Override
  public long at(int row) {
    long base = bases == null ? 0 : bases.at(row >>> StepsWriter.BLOCK_SHIFT);
    return smallest + (base + steps.at(row)) * step;
  }

  @Override
  public void read(int from, int count, long[] into) {
    steps.read(from, count, into);
    if (bases == null) {
      for (int i = 0; i < count; i++) {
        into[i] = smallest + into[i] * step;
      }
      return;
    }
    int done = 0;
    while (done < count) {
      int block = (from + done) >>> StepsWriter.BLOCK_SHIFT;
      int end = (int) Math.min(count, ((block + 1L) << StepsWriter.BLOCK_SHIFT) - from);
      long start = smallest + bases.at(block) * step;
      for (; done < end; done++) {
        into[done] = start + into[done] * step;
      }
    }
  }
}
