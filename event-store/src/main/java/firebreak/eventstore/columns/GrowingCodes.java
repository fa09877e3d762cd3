package firebreak.eventstore.columns;

import java.util.Arrays;

/**
 * Codes to which rows are added, in the narrowest array that holds them all. A row that is passed
 * over has code 0.
 */
final class GrowingCodes {
  private static final int LARGEST_BYTE = 0xFF;
  private static final int LARGEST_CHAR = 0xFFFF;

  private byte[] bytes;
  private char[] chars = {};
  private int[] ints = {};
  private int width = Byte.BYTES;

  GrowingCodes(int rows) {
    bytes = new byte[rows];
  }

  void set(int row, int code) {
    if (row >= capacity()) {
      grow(Math.max(row + 1, 2 * capacity()));
    }
    if (width == Byte.BYTES) {
      if (code <= LARGEST_BYTE) {
        bytes[row] = (byte) code;
        return;
      }
      widenToChars();
    }
    if (width == Character.BYTES) {
      if (code <= LARGEST_CHAR) {
        chars[row] = (char) code;
        return;
      }
      widenToInts();
    }
    ints[row] = code;
  }

  int at(int row) {
    if (row >= capacity()) {
      return 0;
    }
    return switch (width) {
      case Byte.BYTES -> bytes[row] & 0xFF;
      case Character.BYTES -> chars[row];
      default -> ints[row];
    };
  }

  private int capacity() {
    return switch (width) {
      case Byte.BYTES -> bytes.length;
      case Character.BYTES -> chars.length;
      default -> ints.length;
    };
  }

  private void grow(int rows) {
    switch (width) {
      case Byte.BYTES -> bytes = Arrays.copyOf(bytes, rows);
      case Character.BYTES -> chars = Arrays.copyOf(chars, rows);
      default -> ints = Arrays.copyOf(ints, rows);
    }
  }

  private void widenToChars() {
    chars = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      chars[i] = (char) (bytes[i] & 0xFF);
    }
    bytes = new byte[0];
    width = Character.BYTES;
  }

  private void widenToInts() {
    ints = new int[chars.length];
    for (int i = 0; i < chars.length; i++) {
      ints[i] = chars[i];
    }
    chars = new char[0];
    width = Integer.BYTES;
  }

  /** The codes of the first rows, which may be read while more are added. */
  Codes view(int rows) {
    if (rows > capacity()) {
      grow(rows);
    }
    return switch (width) {
      case Byte.BYTES -> new ByteCodes(bytes);
      case Character.BYTES -> new CharCodes(chars);
      default -> new IntCodes(ints);
    };
  }

  long bytes() {
    return (long) width * capacity();
  }
}
