package firebreak.bench.store;

import firebreak.bench.wide.JsonBytes;
import java.nio.charset.StandardCharsets;

/**
 * A batch in Honeycomb's form as one flat object a line, which is how others take JSON: the time is
 * a field like the rest. Nothing is parsed; the form of what {@code WideEvents} writes is known.
 */
final class FlatLines {
  private static final byte[] BETWEEN =
      ",\"samplerate\":1,\"data\":{".getBytes(StandardCharsets.US_ASCII);
  private static final int TIME_END = "{\"time\":\"2026-03-02T00:00:00.000Z\"".length();

  private FlatLines() {}

  /** Writes the lines, each after {@code before}. */
  static byte[] of(byte[] batch, String before) {
    JsonBytes out = new JsonBytes();
    int at = 1;
    while (at < batch.length) {
      int end = lineEnd(batch, at);
      out.ascii(before).raw(batch, at, TIME_END).ascii(",");
      int fields = at + TIME_END + BETWEEN.length;
      out.raw(batch, fields, end - 1 - fields).ascii("\n");
      at = end + 2;
    }
    return out.copy();
  }

  /** Where the event that begins at {@code from} ends: after it comes ",\n" or "]". */
  private static int lineEnd(byte[] batch, int from) {
    int at = from;
    while (at < batch.length && batch[at] != '\n') {
      at++;
    }
    return at - 1;
  }
}
