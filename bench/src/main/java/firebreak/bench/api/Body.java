package firebreak.bench.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request body that is encoded once, and sent again and again under other numbers. Each event has
 * the number in a field, to be counted by, and in the id of its trace: the service drops a span
 * that it has already.
 */
final class Body {
  /** Stands where each event has the number of its request. */
  static final String PLACE = "r########";

  /** The first half of a trace id, which the number takes the place of. */
  static final String TRACE_PLACE = "fbfbfbfb";

  private static final byte[] PLACE_BYTES = PLACE.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX_PLACE = TRACE_PLACE.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BINARY_PLACE = {-5, -5, -5, -5};

  private final byte[] template;
  private final int events;
  private final boolean binaryIds;
  private final int[] places;
  private final int[] traces;

  /**
   * @param binaryIds whether ids are bytes, not hexadecimal digits
   */
  Body(byte[] template, int events, boolean binaryIds) {
    this.template = template;
    this.events = events;
    this.binaryIds = binaryIds;
    this.places = places(template, PLACE_BYTES);
    this.traces = places(template, binaryIds ? BINARY_PLACE : HEX_PLACE);
    if (places.length != events || traces.length != events) {
      throw new IllegalStateException(
          "of %d events %d have a place for their number, and %d in their trace's id"
              .formatted(events, places.length, traces.length));
    }
  }

  int events() {
    return events;
  }

  int bytes() {
    return template.length;
  }

  /** What the events of the request with this number have in the field. */
  static String number(int request) {
    return "r%08d".formatted(request);
  }

  byte[] numbered(int request) {
    byte[] bytes = template.clone();
    put(number(request).getBytes(StandardCharsets.US_ASCII), places, bytes);
    byte[] trace =
        binaryIds
            ? ByteBuffer.allocate(Integer.BYTES).putInt(request).array()
            : "%08x".formatted(request).getBytes(StandardCharsets.US_ASCII);
    put(trace, traces, bytes);
    return bytes;
  }

  private static void put(byte[] number, int[] places, byte[] bytes) {
    for (int place : places) {
      System.arraycopy(number, 0, bytes, place, number.length);
    }
  }

  private static int[] places(byte[] bytes, byte[] searched) {
    List<Integer> found = new ArrayList<>();
    int at = 0;
    while (at + searched.length <= bytes.length) {
      int same = 0;
      while (same < searched.length && bytes[at + same] == searched[same]) {
        same++;
      }
      if (same == searched.length) {
        found.add(at);
        at += searched.length;
      } else {
        at++;
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }
}
