package firebreak.server;

import firebreak.eventstore.Event;
import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Value;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Turns a span into events: one for the span, one for each of its span events and links. The flags
 * it evaluated and the first exception it recorded become fields of the span itself.
 */
final class OtlpSpans {
  private final Instant now;
  private final FieldMap shared;
  private final AwaitedFlags awaited;

  /**
   * Makes the events of one scope.
   *
   * @param shared the fields of the resource and the scope
   * @param awaited the flags that log records told of
   */
  OtlpSpans(Instant now, FieldMap shared, AwaitedFlags awaited) {
    this.now = now;
    this.shared = shared;
    this.awaited = awaited;
  }

  List<Event> events(Span span) {
    Instant start = time(span.getStartTimeUnixNano(), now);
    List<Event> events = new ArrayList<>(1 + span.getEventsCount() + span.getLinksCount());
    int rate = SampleRate.of(span.getAttributesList(), 1);
    events.add(span(span, start, rate));
    for (Span.Event event : span.getEventsList()) {
      Instant time = time(event.getTimeUnixNano(), start);
      events.add(spanEvent(span, event, time, start, rate));
    }
    for (Span.Link link : span.getLinksList()) {
      events.add(link(span, link, start, rate));
    }
    return events;
  }

  private Event span(Span span, Instant start, int rate) {
    Fields fields = shared();
    span.getEventsList().stream()
        .filter(event -> event.getName().equals("exception"))
        .findFirst()
        .ifPresent(event -> putException(fields, event.getAttributesList()));
    OtlpAttributes.put(fields, SampleRate.without(span.getAttributesList()));
    awaited.of(span.getTraceId(), span.getSpanId()).forEach(fields::put);
    for (Span.Event event : span.getEventsList()) {
      FlagEvaluation.put(fields, event.getName(), event.getAttributesList());
    }
    fields.put("trace.trace_id", Value.of(OtlpAttributes.hex(span.getTraceId())));
    fields.put("trace.span_id", Value.of(OtlpAttributes.hex(span.getSpanId())));
    fields.putText("trace.parent_id", OtlpAttributes.hex(span.getParentSpanId()));
    fields.putText("trace.trace_state", span.getTraceState());
    fields.put("name", Value.of(span.getName()));
    fields.put("span.kind", Value.of(kind(span.getKind())));
    fields.put("meta.signal_type", Value.of("trace"));
    putDuration(fields, span);
    putStatus(fields, span.getStatus());
    fields.put("span.num_events", Value.of(span.getEventsCount()));
    fields.put("span.num_links", Value.of(span.getLinksCount()));
    return event(start, rate, fields);
  }

  private static void putException(Fields fields, List<KeyValue> attributes) {
    OtlpAttributes.put(
        fields,
        attributes.stream().filter(item -> item.getKey().startsWith("exception.")).toList());
  }

  private static void putDuration(Fields fields, Span span) {
    long nanos = span.getEndTimeUnixNano() - span.getStartTimeUnixNano();
    if (span.getEndTimeUnixNano() == 0 || nanos < 0) {
      fields.put("meta.invalid_duration", Value.of(true));
      nanos = 0;
    }
    fields.put("duration_ms", Value.number(nanos / 1e6));
  }

  private static void putStatus(Fields fields, Status status) {
    fields.put("status_code", Value.of(status.getCodeValue()));
    fields.putText("status_message", status.getMessage());
    putError(fields, status);
  }

  private static void putError(Fields fields, Status status) {
    if (status.getCode() == Status.StatusCode.STATUS_CODE_ERROR) {
      fields.put("error", Value.of(true));
    }
  }

  private Event spanEvent(
      Span span, Span.Event event, Instant time, Instant start, int rateOfSpan) {
    Fields fields = shared();
    OtlpAttributes.put(fields, SampleRate.without(event.getAttributesList()));
    fields.put("name", Value.of(event.getName()));
    Duration sinceStart = Duration.between(start, time);
    if (sinceStart.isNegative()) {
      fields.put("meta.invalid_time_since_span_start", Value.of(true));
      sinceStart = Duration.ZERO;
    }
    fields.put("meta.time_since_span_start_ms", Value.number(sinceStart.toNanos() / 1e6));
    putParent(fields, span, "span_event");
    return event(time, SampleRate.of(event.getAttributesList(), rateOfSpan), fields);
  }

  private Event link(Span span, Span.Link link, Instant start, int rateOfSpan) {
    Fields fields = shared();
    OtlpAttributes.put(fields, SampleRate.without(link.getAttributesList()));
    fields.put("trace.link.trace_id", Value.of(OtlpAttributes.hex(link.getTraceId())));
    fields.put("trace.link.span_id", Value.of(OtlpAttributes.hex(link.getSpanId())));
    putParent(fields, span, "link");
    return event(start, SampleRate.of(link.getAttributesList(), rateOfSpan), fields);
  }

  private static void putParent(Fields fields, Span span, String annotation) {
    fields.put("trace.trace_id", Value.of(OtlpAttributes.hex(span.getTraceId())));
    fields.put("trace.parent_id", Value.of(OtlpAttributes.hex(span.getSpanId())));
    fields.put("parent_name", Value.of(span.getName()));
    fields.put("meta.annotation_type", Value.of(annotation));
    putError(fields, span.getStatus());
    fields.put("meta.signal_type", Value.of("trace"));
  }

  private Fields shared() {
    Fields fields = new Fields();
    fields.putAll(shared);
    return fields;
  }

  static Event event(Instant time, int rate, Fields fields) {
    if (!fields.problem().isEmpty()) {
      throw new IllegalArgumentException(fields.problem());
    }
    return new Event(time, rate, fields.values());
  }

  static Instant time(long nanos, Instant otherwise) {
    return nanos == 0 ? otherwise : EventTime.ofUnixNanos(nanos);
  }

  private static String kind(Span.SpanKind kind) {
    return switch (kind) {
      case SPAN_KIND_UNSPECIFIED, UNRECOGNIZED -> "unspecified";
      case SPAN_KIND_INTERNAL,
          SPAN_KIND_SERVER,
          SPAN_KIND_CLIENT,
          SPAN_KIND_PRODUCER,
          SPAN_KIND_CONSUMER ->
          kind.name().substring("SPAN_KIND_".length()).toLowerCase(Locale.ROOT);
    };
  }
}
