package firebreak.bench.wide;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/** JSON as it is written, byte by byte. */
public final class JsonBytes {
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = new byte[1 << 16];
  private int size;

  /** The bytes so far. */
  public byte[] copy() {
    return Arrays.copyOf(bytes, size);
  }

  public JsonBytes ascii(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
    return this;
  }

  public JsonBytes raw(byte[] text) {
    return raw(text, 0, text.length);
  }

  public JsonBytes raw(byte[] text, int from, int count) {
    reserve(count);
    System.arraycopy(text, from, bytes, size, count);
    size += count;
    return this;
  }

  JsonBytes whole(long number) {
    if (number < 0) {
      return ascii(Long.toString(number));
    }
    reserve(20);
    int length = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      length++;
    }
    long rest = number;
    for (int at = size + length - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += length;
    return this;
  }

  /** So many digits of a number, with leading zeros. */
  JsonBytes digits(long number, int count) {
    reserve(count);
    long rest = number;
    for (int at = size + count - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += count;
    return this;
  }

  /** The lowest {@code digits} hexadecimal digits. */
  JsonBytes hex(long number, int digits) {
    reserve(digits);
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      bytes[size++] = DIGITS[(int) (number >>> shift) & 15];
    }
    return this;
  }

  /** RFC 3339 to the millisecond, in quotes. */
  JsonBytes time(long millis) {
    LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    ascii("\"").digits(time.getYear(), 4).ascii("-").digits(time.getMonthValue(), 2).ascii("-");
    digits(time.getDayOfMonth(), 2).ascii("T").digits(time.getHour(), 2).ascii(":");
    digits(time.getMinute(), 2).ascii(":").digits(time.getSecond(), 2).ascii(".");
    return digits(time.getNano() / 1_000_000, 3).ascii("Z\"");
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
