package firebreak.eventstore.columns;

import java.io.IOException;
import org.apache.lucene.store.DataOutput;

/**
 * Writes whole numbers as multiples of their common divisor, counted from the first one of a block
 * where that is narrower, for {@link FileSteps}.
 */
final class StepsWriter {
  static final int BLOCK_SHIFT = 10;

  private final PackedWriter packed;
  private final DataOutput description;

  StepsWriter(PackedWriter packed, DataOutput description) {
    this.packed = packed;
    this.description = description;
  }

  void write(long[] values) throws IOException {
    int count = values.length;
    long smallest = Long.MAX_VALUE;
    long largest = Long.MIN_VALUE;
    for (long value : values) {
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
    }
    long step = Math.max(1, divisor(values, smallest));
    int blocks = (count + (1 << BLOCK_SHIFT) - 1) >>> BLOCK_SHIFT;
    long[] steps = new long[count];
    long[] bases = new long[blocks];
    long widest = 0;
    for (int block = 0; block < blocks; block++) {
      int start = block << BLOCK_SHIFT;
      int end = Math.min(count, start + (1 << BLOCK_SHIFT));
      long base = Long.MAX_VALUE;
      for (int i = start; i < end; i++) {
        steps[i] = (values[i] - smallest) / step;
        base = Math.min(base, steps[i]);
      }
      bases[block] = base;
      for (int i = start; i < end; i++) {
        widest = Math.max(widest, steps[i] - base);
      }
    }
    long byBlock = (long) Packed.width(widest) * count + (long) Long.SIZE * blocks;
    boolean blockwise = byBlock < (long) Packed.width((largest - smallest) / step) * count;
    description.writeZLong(smallest);
    description.writeVLong(step);
    description.writeByte((byte) (blockwise ? 1 : 0));
    if (blockwise) {
      for (int i = 0; i < count; i++) {
        steps[i] -= bases[i >>> BLOCK_SHIFT];
      }
      packed.write(bases, blocks);
    }
    packed.write(steps, count);
  }

  private static long divisor(long[] values, long smallest) {
    long divisor = 0;
    for (long value : values) {
      long difference = value - smallest;
      if (divisor == 1) {
        return 1;
      }
      if (divisor == 0) {
        divisor = difference;
      } else if (difference % divisor != 0) {
        divisor = greatestCommon(divisor, difference);
      }
    }
    return divisor;
  }

  private static long greatestCommon(long a, long b) {
    long greater = a;
    long smaller = b;
    while (smaller != 0) {
      long rest = greater % smaller;
      greater = smaller;
      smaller = rest;
    }
    return greater;
  }
}
