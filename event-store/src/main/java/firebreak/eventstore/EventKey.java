package firebreak.eventstore;

import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Longs;
import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.Times;
import org.jspecify.annotations.Nullable;

/**
 * What an event is known by, so that sending it again has no effect: its {@link #EVENT_ID}, or, for
 * a span, its trace id, span id and time. An event with neither is never taken for another, and an
 * annotation of a span is not the span.
 */
sealed interface EventKey {
  String EVENT_ID = "event.id";

  /** Marks an event or link of a span, which may repeat the ids of the span itself. */
  String ANNOTATION = "meta.annotation_type";

  /** A longer text is not taken for an id. */
  int ID_BYTES = 256;

  /** Whether the row of a part is known by the same key. */
  boolean isOf(Part part, int row);

  /** A number that is the same for equal keys and most likely no other. */
  long fingerprint();

  /** The event has an id of its own. */
  record Id(Value value, long fingerprint) implements EventKey {
    @Override
    public boolean isOf(Part part, int row) {
      return value.equals(EventKey.value(part, row, EVENT_ID));
    }
  }

  /** The event is a span. */
  record Span(Value trace, Value span, long time, long fingerprint) implements EventKey {
    @Override
    public boolean isOf(Part part, int row) {
      return part.times().at(row) == time
          && span.equals(EventKey.value(part, row, Traces.SPAN_ID))
          && trace.equals(EventKey.value(part, row, Traces.TRACE_ID))
          && EventKey.value(part, row, ANNOTATION) == null
          && !isId(EventKey.value(part, row, EVENT_ID));
    }

    /** Whether a sorted part has a row that is known by this key. */
    boolean isIn(Part part) {
      if (time < part.firstTime() || time > part.lastTime()) {
        return false;
      }
      Longs times = part.times();
      int first = firstRow(times, part.rows());
      if (first == part.rows() || times.at(first) != time || isUnknown(part)) {
        return false;
      }
      for (int row = first; row < part.rows() && times.at(row) == time; row++) {
        if (isOf(part, row)) {
          return true;
        }
      }
      return false;
    }

    /** Whether no row of the part can be it: where clocks tell seconds, many have its time. */
    private boolean isUnknown(Part part) {
      return switch (part.column(Traces.SPAN_ID)) {
        case null -> true;
        case Column.Coded coded -> coded.dictionary().code(span) == Column.ABSENT;
        case Column.Measured _ -> false;
      };
    }

    private int firstRow(Longs times, int rows) {
      int low = 0;
      int high = rows;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (times.at(middle) < time) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  /** The key of an event; null where nothing but its content tells it from others. */
  static @Nullable EventKey of(Event event) {
    Value id = event.field(EVENT_ID);
    if (id != null && isId(id)) {
      return new Id(id, mix(hash(id, 1)));
    }
    Value span = event.field(Traces.SPAN_ID);
    Value trace = span == null ? null : event.field(Traces.TRACE_ID);
    if (span == null || trace == null || event.field(ANNOTATION) != null) {
      return null;
    }
    long time = Times.nanos(event.time());
    return new Span(trace, span, time, mix(hash(trace, hash(span, time))));
  }

  private static boolean isId(@Nullable Value value) {
    return value != null
        && (!(value instanceof Value.Text(String text))
            || (!text.isEmpty() && Normaliser.fits(text, ID_BYTES)));
  }

  private static @Nullable Value value(Part part, int row, String field) {
    Column column = part.column(field);
    return column == null ? null : column.value(row);
  }

  private static long hash(Value value, long seed) {
    if (!(value instanceof Value.Text(String text))) {
      return seed * 31 + value.hashCode();
    }
    long hash = seed;
    for (int i = 0; i < text.length(); i++) {
      hash = hash * 0x100000001B3L + text.charAt(i);
    }
    return hash;
  }

  private static long mix(long hash) {
    long mixed = (hash ^ (hash >>> 32)) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 29);
  }
}
