package firebreak.bench.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A request body that is encoded once, and sent again and again under other numbers. */
final class Body {
  /** Stands where each event has the number of its request. */
  static final String PLACE = "r########";

  private static final byte[] SEARCHED = PLACE.getBytes(StandardCharsets.US_ASCII);

  private final byte[] template;
  private final int events;
  private final int[] places;

  Body(byte[] template, int events) {
    this.template = template;
    this.events = events;
    this.places = places(template);
    if (places.length != events) {
      throw new IllegalStateException(
          "of %d events %d have a place for their number".formatted(events, places.length));
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
    byte[] number = number(request).getBytes(StandardCharsets.US_ASCII);
    for (int place : places) {
      System.arraycopy(number, 0, bytes, place, number.length);
    }
    return bytes;
  }

  private static int[] places(byte[] bytes) {
    List<Integer> found = new ArrayList<>();
    for (int at = 0; at + SEARCHED.length <= bytes.length; at++) {
      int same = 0;
      while (same < SEARCHED.length && bytes[at + same] == SEARCHED[same]) {
        same++;
      }
      if (same == SEARCHED.length) {
        found.add(at);
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }
}
