package firebreak.eventstore.columns;

import firebreak.eventstore.Value;
import java.util.HexFormat;

/**
 * A value taken apart, so that it can be hashed, compared and kept without an object for each. It
 * is filled again and again.
 */
final class Key {
  private static final int SHORT_ID = 16;
  private static final int LONG_ID = 32;
  private static final int UUID_LENGTH = 36;
  private static final long MIX = 0x9E3779B97F4A7C15L;
  private static final long MIX_AGAIN = 0xD6E8FEB86659FD93L;
  private static final int NO_DIGIT = 16;

  /** The value of each hexadecimal digit; {@link #NO_DIGIT} for all other characters. */
  private static final byte[] DIGITS = digits();

  Kind kind = Kind.FALSE;

  /** A whole number, the bits of a real one, or the first 16 digits of an id. */
  long first;

  /** The last 16 digits of an id. */
  long second;

  /** The text, empty unless the kind is {@link Kind#TEXT}. */
  String text = "";

  Key() {}

  Key(Value value) {
    set(value);
  }

  void set(Value value) {
    switch (value) {
      case Value.Text(String content) -> set(content);
      case Value.Whole(long number) -> set(Kind.WHOLE, number, 0);
      case Value.Real(double number) -> set(Kind.REAL, Double.doubleToRawLongBits(number), 0);
      case Value.Truth(boolean truth) -> set(truth ? Kind.TRUE : Kind.FALSE, 0, 0);
    }
  }

  void set(Kind to, long firstPart, long secondPart) {
    kind = to;
    first = firstPart;
    second = secondPart;
    text = "";
  }

  void set(String content) {
    boolean isId =
        switch (content.length()) {
          case SHORT_ID -> parse(content, 0, 16, Kind.HEX_16);
          case LONG_ID -> parse(content, 0, 16, Kind.HEX_16) && parseSecond(content);
          case UUID_LENGTH -> parseUuid(content);
          default -> false;
        };
    if (!isId) {
      setPlain(content);
    }
  }

  /** Sets a text that is known to be no id. */
  void setPlain(String content) {
    kind = Kind.TEXT;
    first = 0;
    second = 0;
    text = content;
  }

  private boolean parse(String content, int from, int to, Kind found) {
    long digits = 0;
    for (int i = from; i < to; i++) {
      char character = content.charAt(i);
      int digit = character < DIGITS.length ? DIGITS[character] : NO_DIGIT;
      if (digit == NO_DIGIT) {
        return false;
      }
      digits = digits << 4 | digit;
    }
    set(found, digits, 0);
    return true;
  }

  private boolean parseSecond(String content) {
    long start = first;
    boolean valid = parse(content, 16, LONG_ID, Kind.HEX_32);
    second = first;
    first = start;
    return valid;
  }

  private boolean parseUuid(String content) {
    if (content.charAt(8) != '-'
        || content.charAt(13) != '-'
        || content.charAt(18) != '-'
        || content.charAt(23) != '-'
        || !parse(content, 0, 8, Kind.UUID)) {
      return false;
    }
    long start = first;
    if (!parse(content, 9, 13, Kind.UUID)) {
      return false;
    }
    start = start << 16 | first;
    if (!parse(content, 14, 18, Kind.UUID)) {
      return false;
    }
    start = start << 16 | first;
    if (!parse(content, 19, 23, Kind.UUID)) {
      return false;
    }
    long end = first;
    if (!parse(content, 24, UUID_LENGTH, Kind.UUID)) {
      return false;
    }
    second = end << 48 | first;
    first = start;
    return true;
  }

  boolean isSame(Key other) {
    return kind == other.kind
        && first == other.first
        && second == other.second
        && text.equals(other.text);
  }

  /** The same in every process: part files hold tables that go by it. */
  int hash() {
    long mixed = kind == Kind.TEXT ? text.hashCode() : first * MIX_AGAIN + kind.number();
    mixed ^= mixed >>> 32;
    mixed = (mixed + second) * MIX;
    mixed ^= mixed >>> 29;
    return (int) ((mixed * MIX_AGAIN) >>> 32);
  }

  /** A hash that depends on every bit in a way that only those foresee who know the secret. */
  int hash(long secret) {
    long mixed = mix(first ^ secret, second + kind.number() + MIX);
    for (int i = 0; i < text.length(); i++) {
      mixed = mix(mixed ^ text.charAt(i), secret * MIX | 1);
    }
    return (int) (mixed ^ (mixed >>> 32));
  }

  private static long mix(long one, long other) {
    return Math.multiplyHigh(one, other) ^ (one * other);
  }

  static double number(Kind kind, long first) {
    return switch (kind) {
      case WHOLE -> first;
      case REAL -> Double.longBitsToDouble(first);
      case FALSE, TRUE, TEXT, HEX_16, HEX_32, UUID -> Double.NaN;
    };
  }

  Value value() {
    return switch (kind) {
      case FALSE -> Value.of(false);
      case TRUE -> Value.of(true);
      case WHOLE -> Value.of(first);
      case REAL -> new Value.Real(Double.longBitsToDouble(first));
      case TEXT, HEX_16, HEX_32, UUID -> Value.of(content());
    };
  }

  /** The characters of a text or id. */
  String content() {
    HexFormat hex = HexFormat.of();
    return switch (kind) {
      case HEX_16 -> hex.toHexDigits(first);
      case HEX_32 -> hex.toHexDigits(first) + hex.toHexDigits(second);
      case UUID -> new java.util.UUID(first, second).toString();
      case FALSE, TRUE, WHOLE, REAL, TEXT -> text;
    };
  }

  private static byte[] digits() {
    byte[] digits = new byte[128];
    for (int i = 0; i < digits.length; i++) {
      boolean decimal = i >= '0' && i <= '9';
      boolean letter = i >= 'a' && i <= 'f';
      digits[i] = (byte) (decimal ? i - '0' : letter ? i - 'a' + 10 : NO_DIGIT);
    }
    return digits;
  }
}
