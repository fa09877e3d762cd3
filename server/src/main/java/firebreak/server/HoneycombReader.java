package firebreak.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import firebreak.eventstore.Event;
import firebreak.eventstore.FieldMap;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads events as Honeycomb's clients send them. */
final class HoneycombReader {
  private final JsonParser parser;
  private final Instant now;

  /** What became of one event of a batch. */
  sealed interface Reading {
    record Good(Event event) implements Reading {}

    record Bad(String why) implements Reading {}
  }

  HoneycombReader(JsonParser parser, Instant now) {
    this.parser = parser;
    this.now = now;
  }

  /** Reads one event, whose time and sample rate come as headers. */
  Event event(@Nullable String time, @Nullable String sampleRate) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("an event is an object of fields");
    }
    Fields fields = new Fields();
    FieldReader.read(parser, fields);
    nothingFollows();
    return event(time, sampleRate, fields);
  }

  /** Reads a batch; what is wrong with one event leaves the others alone. */
  List<Reading> batch() throws IOException {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      throw new IllegalArgumentException("a batch is an array of events");
    }
    List<Reading> readings = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (readings.size() == Limits.BATCH_EVENTS) {
        throw new Refusal(413, "a batch may have %d events".formatted(Limits.BATCH_EVENTS));
      }
      readings.add(reading());
    }
    nothingFollows();
    return readings;
  }

  private Reading reading() throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return new Reading.Bad("an event of a batch is an object with data, time and samplerate");
    }
    @Nullable String time = null;
    @Nullable String sampleRate = null;
    Fields fields = new Fields();
    boolean hasData = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (name.equals("data") && token == JsonToken.START_OBJECT) {
        hasData = true;
        FieldReader.read(parser, fields);
      } else if (name.equals("time") && token != JsonToken.VALUE_NULL) {
        time = scalar("time", fields);
      } else if (name.equals("samplerate") && token != JsonToken.VALUE_NULL) {
        sampleRate = scalar("samplerate", fields);
      } else {
        parser.skipChildren();
      }
    }
    if (!hasData) {
      return new Reading.Bad("the event has no data");
    }
    try {
      return new Reading.Good(event(time, sampleRate, fields));
    } catch (IllegalArgumentException e) {
      return new Reading.Bad(String.valueOf(e.getMessage()));
    }
  }

  private String scalar(String name, Fields fields) throws IOException {
    if (parser.currentToken().isScalarValue()) {
      return parser.getText();
    }
    fields.fail(name + " is a number or text");
    parser.skipChildren();
    return "";
  }

  private Event event(@Nullable String time, @Nullable String sampleRate, Fields fields) {
    if (!fields.problem().isEmpty()) {
      throw new IllegalArgumentException(fields.problem());
    }
    FieldMap values = fields.values();
    if (values.isEmpty()) {
      throw new IllegalArgumentException("the event has no fields");
    }
    return new Event(
        time == null || time.isEmpty() ? now : EventTime.parse(time),
        sampleRate(sampleRate),
        values);
  }

  /** Absent and 0 mean that nothing was sampled. */
  private static int sampleRate(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return 1;
    }
    try {
      int rate = Integer.parseInt(text.strip());
      if (rate >= 0) {
        return Math.max(1, rate);
      }
    } catch (NumberFormatException e) {
      // Said below, as for a negative one.
    }
    throw new IllegalArgumentException("the sample rate is a whole number, was '" + text + "'");
  }

  private void nothingFollows() throws IOException {
    if (parser.nextToken() != null) {
      throw new IllegalArgumentException("the body goes on after its end");
    }
  }
}
