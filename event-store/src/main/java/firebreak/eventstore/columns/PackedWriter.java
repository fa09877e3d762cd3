package firebreak.eventstore.columns;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.lucene.store.DataOutput;
import org.apache.lucene.store.IndexOutput;

/** Writes numbers in the form that {@link Packed} reads, and describes where they lie. */
final class PackedWriter {
  private static final VarHandle IN_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int BUFFER = 1 << 13;

  private final IndexOutput file;
  private final DataOutput description;
  private final byte[] buffer = new byte[BUFFER];
  private int used;
  private long pending;
  private int pendingBits;

  PackedWriter(IndexOutput file, DataOutput description) {
    this.file = file;
    this.description = description;
  }

  /** Writes numbers less the smallest one. */
  void write(long[] values, int count) throws IOException {
    long smallest = count == 0 ? 0 : Long.MAX_VALUE;
    long largest = count == 0 ? 0 : Long.MIN_VALUE;
    boolean rising = count > 1;
    for (int i = 0; i < count; i++) {
      smallest = Math.min(smallest, values[i]);
      largest = Math.max(largest, values[i]);
      rising &= i == 0 || values[i] == values[i - 1] + 1;
    }
    // Behind the largest number there is comes the smallest, which is no rise.
    boolean fromSmallest = rising && values[0] == smallest;
    write(values, count, smallest, fromSmallest ? Packed.RISING : Packed.width(largest - smallest));
  }

  /** Writes numbers as they are, 64 bits each unless all are equal. */
  void writeRaw(long[] values, int count) throws IOException {
    for (int i = 1; i < count; i++) {
      if (values[i] != values[0]) {
        write(values, count, 0, Long.SIZE);
        return;
      }
    }
    write(values, count);
  }

  /** Writes numbers less a base, at a width into which they fit. */
  void write(long[] values, int count, long base, int width) throws IOException {
    if (!describe(base, width)) {
      return;
    }
    for (int i = 0; i < count; i++) {
      add(values[i] - base, width);
    }
    flush();
  }

  /** Writes numbers less the smallest one. */
  void write(int[] values, int count) throws IOException {
    int smallest = count == 0 ? 0 : Integer.MAX_VALUE;
    int largest = count == 0 ? 0 : Integer.MIN_VALUE;
    boolean rising = count > 1;
    for (int i = 0; i < count; i++) {
      smallest = Math.min(smallest, values[i]);
      largest = Math.max(largest, values[i]);
      rising &= i == 0 || values[i] == values[i - 1] + 1;
    }
    boolean fromSmallest = rising && values[0] == smallest;
    int width = fromSmallest ? Packed.RISING : Packed.width((long) largest - smallest);
    if (!describe(smallest, width)) {
      return;
    }
    for (int i = 0; i < count; i++) {
      add((long) values[i] - smallest, width);
    }
    flush();
  }

  private boolean describe(long base, int width) throws IOException {
    description.writeByte((byte) width);
    description.writeZLong(base);
    if (width == 0 || width == Packed.RISING) {
      return false;
    }
    description.writeVLong(file.getFilePointer());
    return true;
  }

  private void add(long bits, int width) throws IOException {
    pending |= bits << pendingBits;
    int filled = pendingBits + width;
    if (filled >= Long.SIZE) {
      IN_BYTES.set(buffer, used, pending);
      used += Long.BYTES;
      filled -= Long.SIZE;
      pending = filled == 0 ? 0 : bits >>> (width - filled);
      if (used == BUFFER) {
        file.writeBytes(buffer, 0, used);
        used = 0;
      }
    }
    pendingBits = filled;
  }

  private void flush() throws IOException {
    while (pendingBits > 0) {
      buffer[used++] = (byte) pending;
      pending >>>= Byte.SIZE;
      pendingBits -= Byte.SIZE;
    }
    file.writeBytes(buffer, 0, used);
    used = 0;
    pending = 0;
    pendingBits = 0;
  }
}
