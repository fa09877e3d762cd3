package firebreak.bench.wide;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A day of wide events, sixty fields each with the time. After 70 % of the day one in a thousand of
 * all is slow, for one reason: customer 17 on build 39 in dataset 4242.
 *
 * <p>The same number of events and seed make the same events, whoever makes them and in whatever
 * portions.
 */
public final class WideEvents {
  public static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  public static final long SPAN_MILLIS = Duration.ofDays(1).toMillis();
  public static final int DISORDER_MILLIS = 3_000;

  /** All that the fault hits take longer, all others take less. */
  public static final double SLOW_MS = 2_000;

  public static final double FAULT_FROM = 0.7;
  public static final int FAULT_CUSTOMER = 17;
  public static final int FAULT_DATASET = 4_242;
  public static final int FAULT_BUILD = 39;
  public static final double SLOW_SHARE = 0.00104;

  static final long START_MILLIS = START.toEpochMilli();
  static final int BUILDS = 60;

  private static final byte[] TIME = ascii("{\"time\":");
  private static final byte[] DATA = ascii(",\"samplerate\":1,\"data\":{");
  private static final byte[] END = ascii("}}");

  private final long events;
  private final long seed;
  private final List<WideField> fields;

  public WideEvents(long events, long seed) {
    this.events = events;
    this.seed = seed;
    this.fields = WideFields.list(events);
  }

  public long count() {
    return events;
  }

  public List<WideField> fields() {
    return fields;
  }

  /** Makes events one after another; for one thread. */
  public Maker maker() {
    return new Maker(new Moment(events, seed));
  }

  /** One event after another, in either form. */
  public final class Maker {
    private final Moment moment;

    private Maker(Moment moment) {
      this.moment = moment;
    }

    public List<Event> events(long from, int count) {
      List<Event> made = new ArrayList<>(count);
      for (long number = from; number < from + count; number++) {
        moment.moveTo(number);
        Map<String, Value> values = HashMap.newHashMap(fields.size());
        for (WideField field : fields) {
          long cell = field.draw(moment);
          if (cell != Form.ABSENT) {
            values.put(field.name(), field.form().value(cell));
          }
        }
        made.add(new Event(Instant.ofEpochMilli(moment.millis), 1, values));
      }
      return made;
    }

    /** What an event has in a field that it does not lack. */
    public String text(String field, long number) {
      moment.moveTo(number);
      String text = "";
      for (WideField each : fields) {
        long cell = each.draw(moment);
        if (each.name().equals(field) && cell != Form.ABSENT) {
          text = each.form().value(cell).display();
        }
      }
      return text;
    }

    /** Writes the events as a batch in Honeycomb's form, one a line. */
    public void batch(long from, int count, JsonBytes out) {
      for (long number = from; number < from + count; number++) {
        out.ascii(number == from ? "[" : ",\n");
        moment.moveTo(number);
        out.raw(TIME).time(moment.millis).raw(DATA);
        boolean first = true;
        for (WideField field : fields) {
          long cell = field.draw(moment);
          if (cell != Form.ABSENT) {
            if (!first) {
              out.ascii(",");
            }
            first = false;
            out.raw(field.key());
            field.form().json(cell, out);
          }
        }
        out.raw(END);
      }
      out.ascii("]");
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
