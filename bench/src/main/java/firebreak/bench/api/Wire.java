package firebreak.bench.api;

import firebreak.bench.wide.WideEvents;
import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ways in which clients send events. */
enum Wire {
  HONEYCOMB_JSON("Honeycomb JSON", "/1/batch/" + Wire.DATASET, "application/json"),
  OTLP_PROTOBUF("OTLP protobuf", "/v1/traces", "application/x-protobuf"),
  OTLP_JSON("OTLP JSON", "/v1/traces", "application/json");

  static final String DATASET = "api";

  /** The field that tells which request an event came with. */
  static final String REQUEST = "bench.request";

  private static final Duration AGE = Duration.ofMinutes(30);
  private static final long SEED = 1;

  private final String title;
  private final String path;
  private final String type;

  Wire(String title, String path, String type) {
    this.title = title;
    this.path = path;
    this.type = type;
  }

  String title() {
    return title;
  }

  String path() {
    return path;
  }

  String contentType() {
    return type;
  }

  /** A body with so many wide events of the last half hour. */
  Body body(int events, Instant now) {
    List<Event> made = new ArrayList<>();
    Instant start = now.minus(AGE).truncatedTo(ChronoUnit.MILLIS).plusNanos(Body.NANOS_PLACE);
    int number = 0;
    for (Event event : new WideEvents(events, SEED).maker().events(0, events)) {
      Map<String, Value> fields = new HashMap<>(event.fields());
      fields.put(REQUEST, Value.of(Body.PLACE));
      fields.computeIfPresent(
          Encoding.TRACE, (_, id) -> Value.of(Body.TRACE_PLACE + id.display().substring(8)));
      made.add(new Event(start.plusMillis(number++), 1, fields));
    }
    return new Body(
        switch (this) {
          case HONEYCOMB_JSON -> Encoding.honeycomb(made);
          case OTLP_PROTOBUF -> Encoding.protobuf(made);
          case OTLP_JSON -> Encoding.otlpJson(made);
        },
        events,
        this == OTLP_PROTOBUF ? Encoding.starts(made) : List.of());
  }
}
