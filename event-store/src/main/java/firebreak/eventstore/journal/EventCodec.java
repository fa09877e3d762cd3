package firebreak.eventstore.journal;

import firebreak.eventstore.BatchKey;
import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a batch in the journal. Events of the same fields are of one shape; each event names
 * its shape by number, and the first of a shape spells it out. A field's name is spelt out once.
 */
final class EventCodec {
  private static final int EXPECTED_BYTES_OF_AN_EVENT = 512;
  private static final int MOST_EXPECTED_BYTES = 1 << 20;

  private final ByteWriter out;
  private final Map<String, Integer> names = new HashMap<>();
  private final Map<List<String>, Integer> shapes = new HashMap<>();
  private String[] shape = {};
  private int shapeNumber = -1;
  private long time;

  private EventCodec(ByteWriter out) {
    this.out = out;
  }

  /** How many bytes to make ready for a batch. */
  static int expectedBytes(Change.Batch batch) {
    return Math.min(MOST_EXPECTED_BYTES, EXPECTED_BYTES_OF_AN_EVENT * (batch.events().size() + 1));
  }

  static void write(ByteWriter out, Change.Batch batch) {
    out.writeText(batch.dataset());
    BatchKey key = batch.key();
    out.writeByte(key == null ? 0 : 1);
    if (key != null) {
      out.writeText(key.text());
      out.writeNumber(Times.nanos(key.arrived()));
    }
    out.writeLength(batch.events().size());
    EventCodec codec = new EventCodec(out);
    for (Event event : batch.events()) {
      codec.write(event);
    }
  }

  private void write(Event event) {
    int start = out.size();
    long nanos = Times.nanos(event.time());
    if (shapeNumber >= 0) {
      out.writeLength(shapeNumber);
      writeHead(event, nanos);
      if (writesInShape(event.fields())) {
        time = nanos;
        return;
      }
      out.cutTo(start);
    }
    takeShape(event.fields().keySet());
    writeHead(event, nanos);
    event.fields().values().forEach(value -> ValueCodec.write(out, value));
    time = nanos;
  }

  private void writeHead(Event event, long nanos) {
    out.writeNumber(nanos - time);
    out.writeLength(event.sampleRate());
  }

  /** Writes the values if the fields are those of the event before, in the same order. */
  private boolean writesInShape(Map<String, Value> fields) {
    if (fields.size() != shape.length) {
      return false;
    }
    int at = 0;
    for (Map.Entry<String, Value> field : fields.entrySet()) {
      if (!shape[at++].equals(field.getKey())) {
        return false;
      }
      ValueCodec.write(out, field.getValue());
    }
    return true;
  }

  private void takeShape(Set<String> fields) {
    shape = fields.toArray(String[]::new);
    int known = shapes.size();
    shapeNumber = shapes.computeIfAbsent(Arrays.asList(shape), _ -> known);
    out.writeLength(shapeNumber);
    if (shapeNumber < known) {
      return;
    }
    out.writeLength(shape.length);
    for (String name : shape) {
      int next = names.size();
      int number = names.computeIfAbsent(name, _ -> next);
      out.writeLength(number);
      if (number == next) {
        out.writeText(name);
      }
    }
  }

  static Change.Batch read(ByteReader in) throws IOException {
    String dataset = in.readText();
    @Nullable BatchKey key = null;
    if (in.readByte() != 0) {
      String text = in.readText();
      key = new BatchKey(text, Times.instant(in.readNumber()));
    }
    int count = in.readCount();
    List<Event> events = new ArrayList<>(count);
    List<String> names = new ArrayList<>();
    List<String[]> shapes = new ArrayList<>();
    long time = 0;
    for (int i = 0; i < count; i++) {
      String[] shape = readShape(in, shapes, names);
      time += in.readNumber();
      int sampleRate = in.readLength();
      Map<String, Value> fields = HashMap.newHashMap(shape.length);
      for (String name : shape) {
        fields.put(name, ValueCodec.read(in));
      }
      events.add(new Event(Times.instant(time), sampleRate, fields));
    }
    return new Change.Batch(dataset, events, key);
  }

  private static String[] readShape(ByteReader in, List<String[]> shapes, List<String> names)
      throws IOException {
    int number = in.readLength();
    if (number < shapes.size()) {
      return shapes.get(number);
    }
    String[] shape = new String[in.readCount()];
    for (int i = 0; i < shape.length; i++) {
      int name = in.readLength();
      if (name >= names.size()) {
        names.add(in.readText());
        name = names.size() - 1;
      }
      shape[i] = names.get(name);
    }
    shapes.add(shape);
    return shape;
  }
}
