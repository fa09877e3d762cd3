package firebreak.deploytracker;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One telling of a change as the event that keeps it. Text longer than the store takes whole is
 * laid over several fields: {@code after}, {@code after.1}, {@code after.2} …
 */
final class Telling {
  /** In characters; the longest in bytes stays below what the store cuts. */
  static final int PART_LENGTH = 16_000;

  /** A longer text is refused rather than cut, since cut JSON is none. */
  static final int TEXT_LENGTH_AT_MOST = 256 * PART_LENGTH;

  /** Until when the source itself knew what it said when it was asked; else there is none. */
  private static final String AS_OF = "as_of";

  static final Instant EARLIEST = Instant.EPOCH;
  static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  private Telling() {}

  /**
   * The event that keeps a telling.
   *
   * @param asOf null of what was only told, and not asked of its source
   */
  static Event event(Change change, @Nullable Instant asOf) {
    if (change.id().isEmpty()) {
      throw new IllegalArgumentException("a change needs an id, had none: " + change.name());
    }
    if (change.time().isBefore(EARLIEST) || !change.time().isBefore(LATEST)) {
      throw new IllegalArgumentException(
          "a change's time must lie between %s and %s, was %s"
              .formatted(EARLIEST, LATEST, change.time()));
    }
    Map<String, Value> fields = new HashMap<>();
    ChangeFields.of(change).forEach((name, value) -> lay(name, value, fields));
    if (asOf != null) {
      fields.put(AS_OF, Value.of(asOf.toString()));
    }
    return new Event(change.time(), 1, fields);
  }

  static Optional<Change> change(Event event) {
    Map<String, Value> fields = new HashMap<>(event.fields());
    for (Map.Entry<String, Value> field : event.fields().entrySet()) {
      if (field.getValue() instanceof Value.Text first
          && event.field(field.getKey() + ".1") != null) {
        fields.put(field.getKey(), Value.of(joined(event, field.getKey(), first.text())));
      }
    }
    return ChangeFields.read(fields);
  }

  static @Nullable Instant asOf(Event event) {
    try {
      return event.field(AS_OF) instanceof Value.Text text ? Instant.parse(text.text()) : null;
    } catch (DateTimeException _) {
      return null;
    }
  }

  private static void lay(String name, Value value, Map<String, Value> into) {
    if (!(value instanceof Value.Text whole) || whole.text().length() <= PART_LENGTH) {
      into.put(name, value);
      return;
    }
    String text = whole.text();
    if (text.length() > TEXT_LENGTH_AT_MOST) {
      throw new IllegalArgumentException(
          "%s of a change may have %d characters, had %d"
              .formatted(name, TEXT_LENGTH_AT_MOST, text.length()));
    }
    int part = 0;
    for (int start = 0, end; start < text.length(); start = end, part++) {
      end = Math.min(start + PART_LENGTH, text.length());
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      into.put(part == 0 ? name : name + "." + part, Value.of(text.substring(start, end)));
    }
  }

  private static String joined(Event event, String name, String first) {
    StringBuilder text = new StringBuilder(first);
    @Nullable Value next = event.field(name + ".1");
    for (int part = 2; next instanceof Value.Text more; part++) {
      text.append(more.text());
      next = event.field(name + "." + part);
    }
    return text.toString();
  }
}
