package firebreak.eventstore.journal;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the batches of the journal's first format: the field names, then the events. */
final class FormerCodec {
  private FormerCodec() {}

  static Change.Batch read(ByteReader in) throws IOException {
    String dataset = in.readText();
    List<String> names = new ArrayList<>();
    for (int left = in.readCount(); left > 0; left--) {
      names.add(in.readText());
    }
    List<Event> events = new ArrayList<>();
    for (int left = in.readCount(); left > 0; left--) {
      events.add(readEvent(in, names));
    }
    return new Change.Batch(dataset, events);
  }

  private static Event readEvent(ByteReader in, List<String> names) throws IOException {
    long time = in.readFixed();
    int sampleRate = in.readLength();
    Map<String, Value> fields = new HashMap<>();
    for (int left = in.readCount(); left > 0; left--) {
      int name = in.readLength();
      if (name >= names.size()) {
        throw new IOException("a journal entry names field %d of %d".formatted(name, names.size()));
      }
      fields.put(names.get(name), ValueCodec.readFormer(in));
    }
    return new Event(Times.instant(time), sampleRate, fields);
  }
}
