package firebreak.server;

import firebreak.eventstore.Event;
import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Value;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Turns a log record into an event. */
final class OtlpLogs {
  private final Instant now;
  private final FieldMap shared;
  private final AwaitedFlags awaited;

  OtlpLogs(Instant now, FieldMap shared, AwaitedFlags awaited) {
    this.now = now;
    this.shared = shared;
    this.awaited = awaited;
  }

  Event event(LogRecord log) {
    Fields fields = new Fields();
    fields.putAll(shared);
    OtlpAttributes.put(fields, "body", log.getBody());
    OtlpAttributes.put(fields, SampleRate.without(log.getAttributesList()));
    String name = name(log);
    fields.putText("name", name);
    putFlags(fields, name, log);
    if (log.getSeverityNumberValue() != 0) {
      fields.put("severity_code", Value.of(log.getSeverityNumberValue()));
      fields.put("severity", Value.of(severity(log.getSeverityNumberValue())));
    }
    fields.putText("severity_text", log.getSeverityText());
    fields.putText("trace.trace_id", OtlpAttributes.hex(log.getTraceId()));
    if (!log.getSpanId().isEmpty()) {
      fields.put("trace.parent_id", Value.of(OtlpAttributes.hex(log.getSpanId())));
      fields.put("meta.annotation_type", Value.of("span_event"));
    }
    fields.put("meta.signal_type", Value.of("log"));
    Instant observed = OtlpSpans.time(log.getObservedTimeUnixNano(), now);
    return OtlpSpans.event(
        OtlpSpans.time(log.getTimeUnixNano(), observed),
        SampleRate.of(log.getAttributesList(), 1),
        fields);
  }

  /** Flags go on the record's own event, and on its span if that is still to come. */
  private void putFlags(Fields fields, String name, LogRecord log) {
    Fields flags = new Fields();
    FlagEvaluation.put(flags, name, log.getAttributesList());
    flags
        .values()
        .forEach(
            (field, variation) -> {
              fields.put(field, variation);
              awaited.put(log.getTraceId(), log.getSpanId(), field, variation);
            });
  }

  /** The name of the event that the record is, empty when it is a plain log line. */
  private static String name(LogRecord log) {
    if (!log.getEventName().isEmpty()) {
      return log.getEventName();
    }
    @Nullable Value name = OtlpAttributes.find(log.getAttributesList(), "event.name");
    return name == null ? "" : name.display();
  }

  /** The short name of a severity number: four numbers to a name. */
  private static String severity(int number) {
    String[] names = {"trace", "debug", "info", "warn", "error", "fatal"};
    return number < 1 || number > 24 ? "unspecified" : names[(number - 1) / 4];
  }
}
