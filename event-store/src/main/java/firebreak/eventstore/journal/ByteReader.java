package firebreak.eventstore.journal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads what a {@link ByteWriter} wrote, and believes no length that goes beyond the end. */
final class ByteReader {
  private final byte[] bytes;
  private final int end;
  private int at;

  ByteReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    at = offset;
    end = offset + length;
  }

  boolean hasMore() {
    return at < end;
  }

  private void require(long more) throws IOException {
    if (more > end - at) {
      throw new EOFException(
          "a journal entry needs %d bytes more, has %d".formatted(more, end - at));
    }
  }

  byte readByte() throws IOException {
    require(1);
    return bytes[at++];
  }

  private long readBits(int most) throws IOException {
    long length = 0;
    for (int shift = 0; shift < most; shift += 7) {
      byte bits = readByte();
      length |= (bits & 0x7FL) << shift;
      if (bits >= 0) {
        return length;
      }
    }
    throw new IOException("a journal length has more than %d bits".formatted(most));
  }

  int readLength() throws IOException {
    long length = readBits(Integer.SIZE);
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw new IOException("a journal length is " + length);
    }
    return (int) length;
  }

  /** A count of things that take at least one byte each. */
  int readCount() throws IOException {
    int count = readLength();
    require(count);
    return count;
  }

  long readNumber() throws IOException {
    long bits = readBits(Long.SIZE);
    return (bits >>> 1) ^ -(bits & 1);
  }

  long readFixed() throws IOException {
    require(Long.BYTES);
    long bits = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      bits = (bits << 8) | (bytes[at++] & 0xFF);
    }
    return bits;
  }

  String readText() throws IOException {
    int length = readCount();
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }
}
