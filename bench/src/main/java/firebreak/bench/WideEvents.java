package firebreak.bench;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A day of wide events, thirty fields each, of which one in a thousand is slow for one reason. */
final class WideEvents {
  static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  static final long SPAN_MILLIS = 86_400_000;
  static final double SLOW_MS = 2_000;

  private static final int TEXT_FIELDS = 16;
  private static final int NUMBER_FIELDS = 8;

  private WideEvents() {}

  /** The events with the numbers {@code from} to {@code from + count}, of {@code all}. */
  static List<Event> batch(long from, int count, long all) {
    List<Event> events = new ArrayList<>(count);
    for (long i = from; i < from + count; i++) {
      SplittableRandom random = new SplittableRandom(i);
      Map<String, Value> fields = new HashMap<>();
      int customer = zipf(random, 10_000);
      boolean slow = customer == 17 && i > all * 7 / 10;
      fields.put("customer_id", Value.of("customer-" + customer));
      fields.put("user_id", Value.of("user-" + zipf(random, 400_000)));
      fields.put("trace_id", Value.of(Long.toHexString(random.nextLong())));
      fields.put("flag_fresh", Value.of(slow || random.nextInt(10) == 0));
      fields.put("status_code", Value.of(random.nextInt(50) == 0 ? 500 : 200));
      double duration =
          slow ? SLOW_MS + random.nextInt(4_000) : 40 * Math.exp(random.nextGaussian() * 0.8);
      fields.put("duration_ms", Value.number(Math.round(duration * 1_000) / 1_000.0));
      for (int f = 0; f < TEXT_FIELDS; f++) {
        fields.put("text_" + f, Value.of("v" + zipf(random, 2 + f * 12)));
      }
      for (int f = 0; f < NUMBER_FIELDS; f++) {
        fields.put("number_" + f, Value.of(random.nextInt(10 << f)));
      }
      events.add(new Event(START.plusMillis(i * SPAN_MILLIS / all), 1, fields));
    }
    return events;
  }

  /** A rank below {@code n}, small ones much more often: the inverse of 1/x. */
  private static int zipf(SplittableRandom random, int n) {
    return (int) Math.min(n - 1, Math.pow(n, random.nextDouble()) - 1);
  }
}
