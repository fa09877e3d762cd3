package firebreak.eventstore;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The fields of an event for which the dataset has no room: they become the text of one field. */
final class Overflow {
  private static final int ROOM = Limits.TEXT_BYTES - 64;

  private final Event event;
  private final Map<String, Value> kept;
  private final StringBuilder text = new StringBuilder("{");
  private int bytes;
  private int size;
  private boolean cut;

  Overflow(Event event) {
    this.event = event;
    kept = new HashMap<>(event.fields());
  }

  int size() {
    return size;
  }

  void add(String name, Value value) {
    kept.remove(name);
    size++;
    StringBuilder field = new StringBuilder(text.length() > 1 ? "," : "");
    quote(field, name).append(':');
    if (value instanceof Value.Text(String content)) {
      quote(field, content);
    } else {
      field.append(value.display());
    }
    int more = field.toString().getBytes(StandardCharsets.UTF_8).length;
    if (cut || bytes + more > ROOM) {
      cut = true;
    } else {
      text.append(field);
      bytes += more;
    }
  }

  /** The event with the text in place of the fields. */
  Event event() {
    // Two fields come, so two must have gone.
    if (size < 2 && kept.size() > Limits.FIELDS_PER_EVENT - 2) {
      Map.Entry<String, Value> last = kept.entrySet().iterator().next();
      add(last.getKey(), last.getValue());
    }
    text.append(cut ? "," + Normaliser.CUT_MARK : "").append('}');
    kept.put(Catalogue.DROPPED_FIELDS, Value.of(size));
    kept.put(Catalogue.OVERFLOW, Value.of(text.toString()));
    return new Event(event.time(), event.sampleRate(), kept);
  }

  private static StringBuilder quote(StringBuilder into, String text) {
    into.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        into.append('\\').append(c);
      } else if (c < ' ') {
        into.append("\\u%04x".formatted((int) c));
      } else {
        into.append(c);
      }
    }
    return into.append('"');
  }
}
