package firebreak.eventstore;

import firebreak.eventstore.columns.Times;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes events fit to keep, so that nothing accepted can be refused by the index later: long text
 * is cut and marked, half a surrogate pair becomes the replacement character, and a time that the
 * index cannot hold becomes the nearest it can.
 */
final class Normaliser {
  static final String CUT_MARK = "…truncated";

  private static final int CUT_MARK_BYTES = CUT_MARK.getBytes(StandardCharsets.UTF_8).length;
  private static final int MOST_BYTES_PER_CHAR = 3;

  private Normaliser() {}

  static Event clean(Event event) {
    Instant time = clean(event.time());
    boolean same = isClean(event.time());
    FieldMap all = event.fieldMap();
    for (int i = 0; i < all.size(); i++) {
      same &= isClean(all.shape().name(i)) && isClean(all.value(i));
    }
    if (same) {
      return event;
    }
    Map<String, Value> fields = new HashMap<>();
    event.fields().forEach((name, value) -> fields.put(clean(name), clean(value)));
    return new Event(time, event.sampleRate(), fields);
  }

  static boolean isClean(Instant time) {
    return !time.isBefore(Times.FIRST) && !time.isAfter(Times.LAST);
  }

  private static Instant clean(Instant time) {
    if (time.isBefore(Times.FIRST)) {
      return Times.FIRST;
    }
    return time.isAfter(Times.LAST) ? Times.LAST : time;
  }

  static boolean isClean(Value value) {
    return !(value instanceof Value.Text(String text))
        || (isClean(text) && fits(text, Limits.TEXT_BYTES));
  }

  private static Value clean(Value value) {
    return value instanceof Value.Text(String text) ? Value.of(cut(clean(text))) : value;
  }

  private static boolean isClean(String text) {
    int bits = 0;
    for (int i = 0; i < text.length(); i++) {
      bits |= text.charAt(i);
    }
    return bits < Character.MIN_SURROGATE || clean(text).equals(text);
  }

  /** The text with U+FFFD in place of each half of a surrogate pair that stands alone. */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point ->
                clean.appendCodePoint(
                    point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                        ? 0xFFFD
                        : point));
    return clean.toString();
  }

  /** Whether the text takes no more than so many bytes. */
  static boolean fits(String text, int bytes) {
    return text.length() <= bytes / MOST_BYTES_PER_CHAR
        || text.getBytes(StandardCharsets.UTF_8).length <= bytes;
  }

  private static String cut(String text) {
    if (fits(text, Limits.TEXT_BYTES)) {
      return text;
    }
    int bytes = CUT_MARK_BYTES;
    int end = 0;
    while (true) {
      int point = text.codePointAt(end);
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (bytes > Limits.TEXT_BYTES) {
        return text.substring(0, end) + CUT_MARK;
      }
      end += Character.charCount(point);
    }
  }
}
