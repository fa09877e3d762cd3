package firebreak.bench.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import firebreak.eventstore.Event;
import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads a batch of events as Honeycomb's clients send them, the way the server does. */
final class HoneycombBatch {
  private static final JsonFactory JSON = new JsonFactory();

  /** Is told what a batch holds. */
  interface Sink {
    void begin(Instant time) throws IOException;

    void text(String field, String value) throws IOException;

    void whole(String field, long value) throws IOException;

    void real(String field, double value) throws IOException;

    void truth(String field, boolean value) throws IOException;

    void end() throws IOException;
  }

  List<Event> events(byte[] json) throws IOException {
    Events events = new Events();
    read(json, events);
    return events.made;
  }

  void read(byte[] json, Sink sink) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      expect(parser.nextToken(), JsonToken.START_ARRAY);
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        event(parser, sink);
      }
    }
  }

  private static void event(JsonParser parser, Sink sink) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (name.equals("time")) {
        sink.begin(Instant.parse(parser.getText()));
      } else if (name.equals("data")) {
        expect(token, JsonToken.START_OBJECT);
        fields(parser, sink);
      }
    }
    sink.end();
  }

  private static void fields(JsonParser parser, Sink sink) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      switch (parser.nextToken()) {
        case VALUE_STRING -> sink.text(name, parser.getText());
        case VALUE_NUMBER_INT -> sink.whole(name, parser.getLongValue());
        case VALUE_NUMBER_FLOAT -> sink.real(name, parser.getDoubleValue());
        case VALUE_TRUE -> sink.truth(name, true);
        case VALUE_FALSE -> sink.truth(name, false);
        case VALUE_NULL -> {}
        case START_OBJECT,
            END_OBJECT,
            START_ARRAY,
            END_ARRAY,
            FIELD_NAME,
            VALUE_EMBEDDED_OBJECT,
            NOT_AVAILABLE ->
            throw new IOException("a flat value was expected for " + name);
      }
    }
  }

  private static void expect(JsonToken token, JsonToken expected) throws IOException {
    if (token != expected) {
      throw new IOException("expected " + expected + ", was " + token);
    }
  }

  private static final class Events implements Sink {
    private final List<Event> made = new ArrayList<>();
    private Instant time = Instant.EPOCH;
    private FieldMap.Builder fields = new FieldMap.Builder();

    @Override
    public void begin(Instant at) {
      time = at;
      fields = new FieldMap.Builder();
    }

    @Override
    public void text(String field, String value) {
      fields.put(field, Value.of(value));
    }

    @Override
    public void whole(String field, long value) {
      fields.put(field, Value.of(value));
    }

    @Override
    public void real(String field, double value) {
      fields.put(field, Value.number(value));
    }

    @Override
    public void truth(String field, boolean value) {
      fields.put(field, Value.of(value));
    }

    @Override
    public void end() {
      made.add(new Event(time, 1, fields.build()));
    }
  }
}
