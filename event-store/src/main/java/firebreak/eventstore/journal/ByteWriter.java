package firebreak.eventstore.journal;

import firebreak.eventstore.Limits;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow at their end. */
final class ByteWriter {
  private static final int MOST_BYTES_OF_A_LONG = 10;

  /** Numbers of so many bits take up to four bytes. */
  private static final int SHORT_BITS = 28;

  private static final VarHandle FOUR =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int size;

  ByteWriter(int expected) {
    bytes = new byte[Math.max(expected, 64)];
  }

  int size() {
    return size;
  }

  /** Forgets what was written after the first {@code length} bytes. */
  void cutTo(int length) {
    size = length;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      long needed = (long) size + more;
      // Known before all of it is in memory: a few shared texts may become any number of bytes.
      if (needed > Limits.APPEND_BYTES + (long) Limits.TEXT_BYTES) {
        throw new IllegalArgumentException(
            "an append may take %d bytes, takes more".formatted(Limits.APPEND_BYTES));
      }
      bytes = Arrays.copyOf(bytes, (int) Math.max(2L * bytes.length, needed));
    }
  }

  void writeByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /** Seven bits a byte, lowest first, the eighth telling that more follow. */
  void writeLength(long length) {
    reserve(MOST_BYTES_OF_A_LONG);
    if (length >>> SHORT_BITS == 0) {
      writeShort((int) length);
      return;
    }
    long rest = length;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** One to four bytes at once, for how many it takes cannot be foreseen. */
  private void writeShort(int length) {
    int more = (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(length | 1)) / 7;
    int spread = length & 0x7F;
    spread |= (length & (0x7F << 7)) << 1;
    spread |= (length & (0x7F << 14)) << 2;
    spread |= (length & (0x7F << 21)) << 3;
    int marks = 0x80_80_80 & ((1 << (more * Byte.SIZE)) - 1);
    FOUR.set(bytes, size, spread | marks);
    size += more + 1;
  }

  /** A number near zero, of either sign, in few bytes. */
  void writeNumber(long number) {
    writeLength((number << 1) ^ (number >> 63));
  }

  void writeFixed(long bits) {
    reserve(Long.BYTES);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (bits >>> shift);
    }
  }

  void writeText(String text) {
    int length = text.length();
    reserve(length + MOST_BYTES_OF_A_LONG);
    int start = size;
    writeLength(length);
    byte[] into = bytes;
    int at = size;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        size = start;
        writeEncoded(text.getBytes(StandardCharsets.UTF_8));
        return;
      }
      into[at++] = (byte) c;
    }
    size = at;
  }

  private void writeEncoded(byte[] text) {
    writeLength(text.length);
    reserve(text.length);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
  }
}
