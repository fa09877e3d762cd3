package firebreak.eventstore.journal;

import firebreak.eventstore.BatchKey;
import firebreak.eventstore.Event;
import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Shape;
import firebreak.eventstore.columns.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<List<String>, Integer> numbers = new HashMap<>();
  private final Map<Shape, Integer> numbersOfShapes = new HashMap<>();
  private @Nullable Shape shape;
  private int number;
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
    FieldMap fields = event.fieldMap();
    writeShape(fields.shape());
    long nanos = Times.nanos(event.time());
    out.writeNumber(nanos - time);
    time = nanos;
    out.writeLength(event.sampleRate());
    for (int i = 0; i < fields.size(); i++) {
      ValueCodec.write(out, fields.value(i));
    }
  }

  @SuppressWarnings("ReferenceEquality") // other shapes of the same names only take longer
  private void writeShape(Shape next) {
    if (next == shape) {
      out.writeLength(number);
      return;
    }
    shape = next;
    Integer seen = numbersOfShapes.get(next);
    if (seen != null) {
      number = seen;
      out.writeLength(number);
      return;
    }
    int known = numbers.size();
    number = numbers.computeIfAbsent(next.names(), _ -> known);
    numbersOfShapes.put(next, number);
    out.writeLength(number);
    if (number == known) {
      out.writeLength(next.size());
      next.names().forEach(this::writeName);
    }
  }

  private void writeName(String name) {
    int known = names.size();
    int place = names.computeIfAbsent(name, _ -> known);
    out.writeLength(place);
    if (place == known) {
      out.writeText(name);
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
      FieldMap.Builder fields = new FieldMap.Builder();
      for (String name : shape) {
        fields.put(name, ValueCodec.read(in));
      }
      events.add(new Event(Times.instant(time), sampleRate, fields.build()));
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
