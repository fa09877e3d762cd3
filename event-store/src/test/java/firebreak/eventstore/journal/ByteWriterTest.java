package firebreak.eventstore.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class ByteWriterTest {
  @Test
  void aLengthLiesInTheJournalAsItAlwaysDid() throws Exception {
    for (int shift = 0; shift < Long.SIZE; shift++) {
      for (long length : new long[] {(1L << shift) - 1, 1L << shift, (1L << shift) + 1}) {
        ByteWriter out = new ByteWriter(0);
        out.writeByte(7);
        out.writeLength(length);
        out.writeByte(9);
        byte[] bytes = out.toArray();
        assertArrayEquals(expected(length), bytes, "of " + length);
        if (length >= 0 && length <= Integer.MAX_VALUE) {
          ByteReader in = new ByteReader(bytes, 1, bytes.length - 1);
          assertEquals((int) length, in.readLength());
          assertEquals(9, in.readByte());
        }
      }
    }
  }

  private static byte[] expected(long length) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(7);
    long rest = length;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
    bytes.write(9);
    return bytes.toByteArray();
  }
}
