package firebreak.bench.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A request body that is encoded once, and sent again and again under other numbers. Each event has
 * the number in a field, to be counted by, and in the id of its trace: the service drops a span
 * that it has already. Its time is another one each time, by less than a millisecond: nobody has
 * thousands of events of one nanosecond.
 */
final class Body {
  /** Stands where each event has the number of its request. */
  static final String PLACE = "r########";

  /** The first half of a trace id, which the number takes the place of. */
  static final String TRACE_PLACE = "fbfbfbfb";

  /** The nanoseconds within a millisecond, as the template has them in each event's time. */
  static final int NANOS_PLACE = 242_424;

  private static final byte[] START =
      "\"startTimeUnixNano\":\"".getBytes(StandardCharsets.US_ASCII);

  private static final int MILLIS_DIGITS = 13;
  private static final int NANOS_PER_MILLI = 1_000_000;
  private static final int NANOS_STEP = 997;

  private static final byte[] PLACE_BYTES = PLACE.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX_PLACE = TRACE_PLACE.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BINARY_PLACE = {-5, -5, -5, -5};

  private final byte[] template;
  private final int events;
  private final boolean binaryIds;
  private final int[] places;
  private final int[] traces;
  private final int[] times;

  /**
   * @param starts how a time looks where it is bytes; empty where it is digits
   */
  Body(byte[] template, int events, List<byte[]> starts) {
    boolean binaryIds = !starts.isEmpty();
    this.template = template;
    this.events = events;
    this.binaryIds = binaryIds;
    this.places = places(template, PLACE_BYTES);
    this.traces = places(template, binaryIds ? BINARY_PLACE : HEX_PLACE);
    this.times =
        binaryIds
            ? starts.stream().flatMapToInt(start -> IntStream.of(places(template, start))).toArray()
            : digits(template);
    if (places.length != events || traces.length != events || times.length != events) {
      throw new IllegalStateException(
          "of %d events %d have a place for their number, %d in their trace's id, %d in their time"
              .formatted(events, places.length, traces.length, times.length));
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
    putTimes((int) ((long) request * NANOS_STEP % NANOS_PER_MILLI), bytes);
    return bytes;
  }

  private void putTimes(int nanos, byte[] bytes) {
    if (!binaryIds) {
      put("%06d".formatted(nanos).getBytes(StandardCharsets.US_ASCII), times, bytes);
      return;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int place : times) {
      buffer.putLong(place + 1, buffer.getLong(place + 1) - NANOS_PLACE + nanos);
    }
  }

  /** Where the nanoseconds of each event's time are digits: in RFC 3339, or of OTLP's start. */
  private static int[] digits(byte[] template) {
    int[] utc = places(template, (NANOS_PLACE + "Z\"").getBytes(StandardCharsets.US_ASCII));
    int behind = START.length + MILLIS_DIGITS;
    return utc.length > 0
        ? utc
        : IntStream.of(places(template, START)).map(place -> place + behind).toArray();
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
