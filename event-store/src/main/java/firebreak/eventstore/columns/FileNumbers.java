package firebreak.eventstore.columns;

import firebreak.eventstore.Value;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.apache.lucene.store.DataInput;
import org.jspecify.annotations.Nullable;

/** The numbers of a column in a part file, read where they lie. */
final class FileNumbers implements ExactNumbers {
  private static final int CHUNK = 1_024;

  private final int scale;
  private final boolean zeroIsAbsent;
  private final long start;
  private final Packed offsets;
  private final @Nullable Packed presence;

  private FileNumbers(
      int scale, boolean zeroIsAbsent, long start, Packed offsets, @Nullable Packed presence) {
    this.scale = scale;
    this.zeroIsAbsent = zeroIsAbsent;
    this.start = start;
    this.offsets = offsets;
    this.presence = presence;
  }

  static FileNumbers read(DataInput description, MemorySegment file) throws IOException {
    int scale = description.readByte();
    byte absence = description.readByte();
    long smallest = description.readZLong();
    Packed offsets = Packed.read(description, file);
    boolean zeroIsAbsent = absence == FieldWriter.PRESENCE_IN_NUMBER;
    Packed presence = absence == FieldWriter.PRESENCE_APART ? Packed.read(description, file) : null;
    return new FileNumbers(
        scale, zeroIsAbsent, zeroIsAbsent ? smallest - 1 : smallest, offsets, presence);
  }

  private boolean isPresent(int row, long offset) {
    return zeroIsAbsent ? offset != 0 : presence == null || presence.at(row) != 0;
  }

  @Override
  public double at(int row) {
    long offset = offsets.bits(row);
    return isPresent(row, offset) ? DecimalForm.asDouble(start + offset, scale) : Double.NaN;
  }

  @Override
  public @Nullable Value value(int row) {
    long offset = offsets.bits(row);
    if (!isPresent(row, offset)) {
      return null;
    }
    return scale == 0
        ? Value.of(start + offset)
        : Value.number(DecimalForm.asDouble(start + offset, scale));
  }

  @Override
  public void read(int from, int count, double[] into) {
    long[] chunk = new long[Math.min(CHUNK, count)];
    for (int done = 0; done < count; done += CHUNK) {
      int size = Math.min(CHUNK, count - done);
      offsets.read((long) from + done, size, chunk);
      for (int i = 0; i < size; i++) {
        into[done + i] =
            isPresent(from + done + i, chunk[i])
                ? DecimalForm.asDouble(start + chunk[i], scale)
                : Double.NaN;
      }
    }
  }

  /** Whether an int holds what is written of each number. */
  boolean isNarrow() {
    return scale != DecimalForm.BITS
        && presence == null
        && offsets.base() == 0
        && offsets.width() <= Integer.SIZE;
  }

  /** All numbers, which are narrow. */
  DecodedNumbers decodeInts(int rows) {
    int[] ints = new int[rows];
    offsets.read(0, rows, ints);
    return new DecodedNumbers.Ints(ints, zeroIsAbsent, start, DecimalForm.divisor(scale));
  }

  DecodedNumbers decodeDoubles(int rows) {
    double[] numbers = new double[rows];
    read(0, rows, numbers);
    return new DecodedNumbers.Doubles(numbers);
  }

  @Override
  public boolean isWhole() {
    return scale == 0;
  }

  @Override
  public void exact(int from, int count, long[] into, boolean[] present) {
    offsets.read(from, count, into);
    for (int i = 0; i < count; i++) {
      present[i] = isPresent(from + i, into[i]);
      long number = start + into[i];
      into[i] =
          isWhole() ? number : Double.doubleToRawLongBits(DecimalForm.asDouble(number, scale));
    }
  }
}
