package firebreak.deploytracker;

import firebreak.eventstore.Event;
import firebreak.eventstore.Traces;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of a build that is over, as a span: the build itself, a job, or a step. The build's own
 * span has the id of the trace, as buildevents has it, so that a shell step can name its parent.
 *
 * @param kind build, job or step
 * @param parentId empty for the build itself
 * @param queued for how long it waited before it started; null where nobody tells
 * @param more what else is known, by the name of the field; empty text is left out
 */
public record BuildSpan(
    Kind kind,
    String traceId,
    String spanId,
    String parentId,
    String name,
    Instant start,
    Instant end,
    @Nullable Duration queued,
    boolean failed,
    Map<String, String> more) {

  /** What part of a build it is. */
  public enum Kind {
    BUILD,
    JOB,
    STEP
  }

  public BuildSpan {
    more = Map.copyOf(more);
    if (end.isBefore(start)) {
      throw new IllegalArgumentException(
          "%s must not end before it starts, was %s before %s".formatted(name, end, start));
    }
  }

  /** The fields are buildevents', and OpenTelemetry's where it has names for pipelines. */
  Event event() {
    Map<String, Value> fields = new HashMap<>();
    more.forEach(
        (field, text) -> {
          if (!text.isEmpty()) {
            fields.put(field, Value.of(text));
          }
        });
    fields.put(Traces.TRACE_ID, Value.of(traceId));
    fields.put(Traces.SPAN_ID, Value.of(spanId));
    if (!parentId.isEmpty()) {
      fields.put(Traces.PARENT_ID, Value.of(parentId));
    }
    fields.put("name", Value.of(name));
    fields.put(
        "service_name",
        Value.of(
            switch (kind) {
              case BUILD -> "build";
              case JOB -> "job";
              case STEP -> "step";
            }));
    fields.put("duration_ms", Value.of(Duration.between(start, end).toMillis()));
    fields.put("status", Value.of(failed ? "failure" : "success"));
    if (failed) {
      fields.put("error", Value.of(true));
    }
    Duration waited = queued;
    if (waited != null && !waited.isNegative()) {
      fields.put("queued_ms", Value.of(waited.toMillis()));
    }
    return new Event(start, 1, fields);
  }
}
