package firebreak.bench.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The same events in each of the forms that go over the wire. */
final class Encoding {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String TRACE = "trace.trace_id";
  static final String SPAN = "trace.span_id";
  private static final String PARENT = "trace.parent_id";
  private static final String NAME = "name";
  private static final String DURATION = "duration_ms";

  /** Of a span's start: a number of eight bytes. */
  private static final int START_TAG = Span.START_TIME_UNIX_NANO_FIELD_NUMBER << 3 | 1;

  /** Later by what {@link Body} may add to the start, so that no span ends before it begins. */
  private static final long END_LATER = 1_000_000;

  /** What a span has a place of its own for. */
  private static final Set<String> OWN_PLACE = Set.of(TRACE, SPAN, PARENT, NAME, DURATION);

  private Encoding() {}

  static byte[] honeycomb(List<Event> events) {
    List<Object> batch = new ArrayList<>();
    for (Event event : events) {
      Map<String, Object> fields = new LinkedHashMap<>();
      event.fields().forEach((name, value) -> fields.put(name, plain(value)));
      batch.add(
          Map.of(
              "time", event.time().toString(), "samplerate", event.sampleRate(), "data", fields));
    }
    return bytes(batch);
  }

  static byte[] protobuf(List<Event> events) {
    ScopeSpans.Builder spans = ScopeSpans.newBuilder();
    for (Event event : events) {
      Span.Builder span =
          Span.newBuilder()
              .setTraceId(id(event, TRACE))
              .setSpanId(id(event, SPAN))
              .setParentSpanId(id(event, PARENT))
              .setName(text(event, NAME))
              .setStartTimeUnixNano(nanos(event.time()))
              .setEndTimeUnixNano(end(event));
      event
          .fields()
          .forEach(
              (name, value) -> {
                if (!OWN_PLACE.contains(name)) {
                  span.addAttributes(KeyValue.newBuilder().setKey(name).setValue(any(value)));
                }
              });
      spans.addSpans(span);
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(spans))
        .build()
        .toByteArray();
  }

  static byte[] otlpJson(List<Event> events) {
    List<Object> spans = new ArrayList<>();
    for (Event event : events) {
      List<Object> attributes = new ArrayList<>();
      event
          .fields()
          .forEach(
              (name, value) -> {
                if (!OWN_PLACE.contains(name)) {
                  attributes.add(Map.of("key", name, "value", anyJson(value)));
                }
              });
      spans.add(
          Map.of(
              "traceId", text(event, TRACE),
              "spanId", text(event, SPAN),
              "parentSpanId", text(event, PARENT),
              "name", text(event, NAME),
              "startTimeUnixNano", Long.toString(nanos(event.time())),
              "endTimeUnixNano", Long.toString(end(event)),
              "attributes", attributes));
    }
    return bytes(
        Map.of("resourceSpans", List.of(Map.of("scopeSpans", List.of(Map.of("spans", spans))))));
  }

  /** How the start of each event looks in {@link #protobuf}, behind its field's tag. */
  static List<byte[]> starts(List<Event> events) {
    return events.stream()
        .map(
            event ->
                ByteBuffer.allocate(1 + Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) START_TAG)
                    .putLong(nanos(event.time()))
                    .array())
        .toList();
  }

  private static byte[] bytes(Object json) {
    try {
      return JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("events cannot be written as JSON", e);
    }
  }

  private static Object plain(Value value) {
    return value.isNumber()
        ? isWhole(value) ? (Object) (long) value.asDouble() : (Object) value.asDouble()
        : isTruth(value) ? (Object) value.equals(Value.of(true)) : value.display();
  }

  private static AnyValue any(Value value) {
    AnyValue.Builder any = AnyValue.newBuilder();
    return switch (plain(value)) {
      case Long whole -> any.setIntValue(whole).build();
      case Double real -> any.setDoubleValue(real).build();
      case Boolean truth -> any.setBoolValue(truth).build();
      case Object text -> any.setStringValue(text.toString()).build();
    };
  }

  private static Map<String, Object> anyJson(Value value) {
    return switch (plain(value)) {
      case Long whole -> Map.of("intValue", Long.toString(whole));
      case Double real -> Map.of("doubleValue", real);
      case Boolean truth -> Map.of("boolValue", truth);
      case Object text -> Map.of("stringValue", text);
    };
  }

  private static boolean isTruth(Value value) {
    return value.equals(Value.of(true)) || value.equals(Value.of(false));
  }

  private static boolean isWhole(Value value) {
    return value.asDouble() == Math.rint(value.asDouble());
  }

  private static String text(Event event, String field) {
    Value value = event.field(field);
    return value == null ? "" : value.display();
  }

  private static ByteString id(Event event, String field) {
    return ByteString.copyFrom(HexFormat.of().parseHex(text(event, field)));
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }

  private static long end(Event event) {
    Value duration = event.field(DURATION);
    double took = duration == null ? 0 : duration.asDouble() * 1e6;
    return nanos(event.time()) + END_LATER + (long) took;
  }
}
