package firebreak.eventstore.columns;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.lucene.store.DataInput;

/**
 * Whole numbers of one width each, as they lie in a file: a stream of bits, lowest first, from
 * which any number is had by one read of eight bytes. Numbers that are all equal, or that rise by
 * one from each to the next, take no room.
 */
final class Packed {
  /** A wider number than this may lie across nine bytes, so it gets all 64 bits. */
  static final int MOST_BITS_AT_ONCE = 57;

  /** Stands for a width: each number is one more than that before it. */
  static final int RISING = 255;

  private static final int CHUNK = 1_024;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle IN_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment file;
  private final long offset;
  private final int width;
  private final long mask;
  private final long base;
  private final long step;

  private Packed(MemorySegment file, long offset, int width, long base) {
    this.file = file;
    this.offset = offset;
    this.width = width == RISING ? 0 : width;
    this.base = base;
    step = width == RISING ? 1 : 0;
    mask = this.width == Long.SIZE ? -1L : (1L << this.width) - 1;
  }

  static Packed read(DataInput description, MemorySegment file) throws IOException {
    int width = description.readByte() & 0xFF;
    long base = description.readZLong();
    long offset = width == 0 || width == RISING ? 0 : description.readVLong();
    return new Packed(file, offset, width, base);
  }

  /** The width at which numbers up to {@code largest}, taken as unsigned, are written. */
  static int width(long largest) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(largest);
    return bits > MOST_BITS_AT_ONCE ? Long.SIZE : bits;
  }

  int width() {
    return width;
  }

  /** What is added to the bits of each number. */
  long base() {
    return base;
  }

  /** Whether all numbers are {@link #base}. */
  boolean isConstant() {
    return width == 0 && step == 0;
  }

  /** Whether the numbers rise by one from {@link #base} on. */
  boolean isRising() {
    return step == 1;
  }

  long at(long index) {
    return base + bits(index);
  }

  /** A number less the base. */
  long bits(long index) {
    if (width == 0) {
      return step * index;
    }
    long bit = index * width;
    return (file.get(LONG, offset + (bit >>> 3)) >>> (bit & 7)) & mask;
  }

  /** Reads numbers from an index on, the base added to each. */
  void read(long from, int count, long[] into) {
    if (width == 0) {
      for (int i = 0; i < count; i++) {
        into[i] = base + step * (from + i);
      }
      return;
    }
    byte[] scratch = scratch(count);
    for (int done = 0; done < count; done += CHUNK) {
      int size = Math.min(CHUNK, count - done);
      int bit = fill(from + done, size, scratch);
      for (int i = 0; i < size; i++) {
        into[done + i] = base + (((long) IN_BYTES.get(scratch, bit >>> 3) >>> (bit & 7)) & mask);
        bit += width;
      }
    }
  }

  /** Reads numbers that are known to be ints. */
  void read(long from, int count, int[] into) {
    int start = (int) base;
    if (width == 0) {
      for (int i = 0; i < count; i++) {
        into[i] = (int) (base + step * (from + i));
      }
      return;
    }
    byte[] scratch = scratch(count);
    for (int done = 0; done < count; done += CHUNK) {
      int size = Math.min(CHUNK, count - done);
      int bit = fill(from + done, size, scratch);
      int narrow = (int) mask;
      for (int i = 0; i < size; i++) {
        into[done + i] =
            start + ((int) ((long) IN_BYTES.get(scratch, bit >>> 3) >>> (bit & 7)) & narrow);
        bit += width;
      }
    }
  }

  private byte[] scratch(int count) {
    return new byte[(int) (((long) Math.min(count, CHUNK) * width + 7) >>> 3) + 2 * Long.BYTES];
  }

  /** Copies the bytes of so many numbers; answers the bit at which the first begins. */
  private int fill(long from, int count, byte[] scratch) {
    long bit = from * width;
    long end = (bit + (long) count * width + 7) >>> 3;
    long start = bit >>> 3;
    MemorySegment.copy(
        file, ValueLayout.JAVA_BYTE, offset + start, scratch, 0, (int) (end - start));
    return (int) (bit & 7);
  }
}
