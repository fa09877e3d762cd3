package firebreak.eventstore.columns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.apache.lucene.store.ByteArrayDataInput;
import org.apache.lucene.store.ByteBuffersDataOutput;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;

class PackedTest {
  private final ByteBuffersDirectory directory = new ByteBuffersDirectory();
  private final ByteBuffersDataOutput description = new ByteBuffersDataOutput();

  @FunctionalInterface
  private interface Writing {
    void write(PackedWriter writer) throws IOException;
  }

  private Packed written(Writing writing) throws IOException {
    description.reset();
    try (IndexOutput out = directory.createOutput("packed", IOContext.DEFAULT)) {
      writing.write(new PackedWriter(out, description));
      out.writeLong(-1);
    }
    try (IndexInput in = directory.openInput("packed", IOContext.DEFAULT)) {
      byte[] bytes = new byte[(int) in.length()];
      in.readBytes(bytes, 0, bytes.length);
      directory.deleteFile("packed");
      ByteArrayDataInput described = new ByteArrayDataInput(description.toArrayCopy());
      return Packed.read(described, MemorySegment.ofArray(bytes));
    }
  }

  @Test
  void numbersOfEveryWidthAreReadAsWritten() throws IOException {
    for (int width = 0; width <= Long.SIZE; width++) {
      Random random = new Random(width);
      long[] values = new long[1 + random.nextInt(5_000)];
      long base = random.nextLong();
      for (int i = 0; i < values.length; i++) {
        values[i] = base + (width == 0 ? 0 : random.nextLong() >>> (Long.SIZE - width));
      }
      check("width " + width, values, written(writer -> writer.write(values, values.length)));
    }
  }

  @Test
  void intsOfEveryWidthAreReadAsWritten() throws IOException {
    for (int width = 0; width <= Integer.SIZE; width++) {
      Random random = new Random(width);
      int[] values = new int[1 + random.nextInt(5_000)];
      for (int i = 0; i < values.length; i++) {
        values[i] = width == 0 ? 7 : random.nextInt() >>> (Integer.SIZE - width);
      }
      Packed packed = written(writer -> writer.write(values, values.length));
      check("width " + width, Arrays.stream(values).asLongStream().toArray(), packed);
      int from = random.nextInt(values.length);
      int[] read = new int[values.length - from];
      packed.read(from, read.length, read);
      assertArrayEquals(Arrays.copyOfRange(values, from, values.length), read, "width " + width);
    }
  }

  @Test
  void equalAndRisingNumbersTakeNoRoom() throws IOException {
    long[] rising = new long[1_000];
    Arrays.setAll(rising, i -> i - 5);
    Packed packed = written(writer -> writer.write(rising, rising.length));
    assertTrue(packed.isRising());
    assertEquals(0, packed.width());
    check("rising", rising, packed);
    long[] ends = {Long.MAX_VALUE, Long.MIN_VALUE};
    check("ends", ends, written(writer -> writer.write(ends, ends.length)));
    long[] equal = new long[1_000];
    Arrays.fill(equal, Long.MIN_VALUE);
    Packed constant = written(writer -> writer.write(equal, equal.length));
    assertTrue(constant.isConstant());
    check("equal", equal, constant);
  }

  private static void check(String context, long[] values, Packed packed) {
    Random random = new Random(values.length);
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i], packed.at(i), context);
    }
    for (int i = 0; i < 10; i++) {
      int from = random.nextInt(values.length);
      int count = random.nextInt(values.length - from + 1);
      long[] read = new long[count];
      packed.read(from, count, read);
      assertArrayEquals(Arrays.copyOfRange(values, from, from + count), read, context);
    }
  }
}
