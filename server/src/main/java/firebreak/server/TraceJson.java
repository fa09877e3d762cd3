package firebreak.server;

import com.fasterxml.jackson.core.JsonGenerator;
import firebreak.eventstore.Event;
import firebreak.eventstore.Traces;
import firebreak.eventstore.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trace as the API shows it, written straight to bytes: of ten thousand spans, a tree of nodes
 * would take longer to build than all the rest of the answer.
 *
 * @param outline whether only what a waterfall shows is told of each span, and what is usual is
 *     left out
 */
record TraceJson(String id, TraceTree tree, boolean truncated, boolean outline) {
  /** The fields that an outline is made of. */
  static final List<String> OUTLINED =
      List.of(
          Traces.SPAN_ID,
          Traces.PARENT_ID,
          TraceTree.ANNOTATION_TYPE,
          "name",
          "duration_ms",
          "error");

  private static final int BYTES_A_SPAN = 512;

  private static final Value FAILED = Value.of(true);

  byte[] bytes() throws IOException {
    List<TraceTree.Span> spans = tree.spans();
    Instant start = tree.start();
    double end = 0;
    int missing = 0;
    for (TraceTree.Span span : spans) {
      end = Math.max(end, sinceStart(start, span.event()) + duration(span.event()));
      missing += span.parentage() == TraceTree.Parentage.MISSING ? 1 : 0;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(BYTES_A_SPAN * (1 + spans.size()));
    try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("trace_id", id);
      json.writeStringField("start", start.toString());
      write(json, "duration_ms", end);
      json.writeNumberField("span_count", spans.size());
      json.writeNumberField("missing_parents", missing);
      json.writeBooleanField("truncated", truncated);
      json.writeArrayFieldStart("spans");
      for (TraceTree.Span span : spans) {
        write(json, span, start);
      }
      json.writeEndArray();
      write(json, "unattached", tree.unattached(), start);
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private void write(JsonGenerator json, TraceTree.Span span, Instant start) throws IOException {
    Event event = span.event();
    boolean failed = FAILED.equals(event.field("error"));
    json.writeStartObject();
    json.writeStringField("span_id", TraceTree.text(event, Traces.SPAN_ID));
    if (!outline || span.parentage() != TraceTree.Parentage.KNOWN) {
      json.writeStringField("parent", IncidentView.word(span.parentage()));
    }
    json.writeNumberField("depth", span.depth());
    json.writeStringField("dataset", span.dataset());
    json.writeStringField("name", TraceTree.text(event, "name"));
    write(json, "offset_ms", sinceStart(start, event));
    write(json, "duration_ms", duration(event));
    if (!outline || failed) {
      json.writeBooleanField("error", failed);
    }
    if (!outline) {
      String parent = TraceTree.text(event, Traces.PARENT_ID);
      json.writeStringField("parent_id", parent.isEmpty() ? null : parent);
      json.writeStringField("start", event.time().toString());
      json.writeNumberField("sample_rate", event.sampleRate());
      writeFields(json, event);
    }
    List<TraceTree.Annotation> all = span.annotations();
    if (!outline || !all.isEmpty()) {
      write(json, "events", all.stream().filter(one -> !isLink(one)).toList(), start);
      write(json, "links", all.stream().filter(TraceJson::isLink).toList(), start);
    }
    json.writeEndObject();
  }

  private static boolean isLink(TraceTree.Annotation annotation) {
    return annotation.type().equals("link");
  }

  private void write(
      JsonGenerator json, String name, List<TraceTree.Annotation> annotations, Instant start)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (TraceTree.Annotation annotation : annotations) {
      Event event = annotation.event();
      json.writeStartObject();
      json.writeStringField("type", annotation.type());
      json.writeStringField("name", TraceTree.text(event, "name"));
      json.writeStringField("time", event.time().toString());
      write(json, "offset_ms", sinceStart(start, event));
      json.writeStringField("dataset", annotation.dataset());
      if (!outline) {
        writeFields(json, event);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeFields(JsonGenerator json, Event event) throws IOException {
    json.writeObjectFieldStart("fields");
    for (Map.Entry<String, Value> field : event.fields().entrySet()) {
      json.writeFieldName(field.getKey());
      switch (field.getValue()) {
        case Value.Text text -> json.writeString(text.text());
        case Value.Whole whole -> json.writeNumber(whole.number());
        case Value.Real real -> json.writeNumber(real.number());
        case Value.Truth truth -> json.writeBoolean(truth.truth());
      }
    }
    json.writeEndObject();
  }

  /** A number as {@link JsonTree#number} has it. */
  private static void write(JsonGenerator json, String name, double number) throws IOException {
    if (number == Math.rint(number) && Math.abs(number) < 1e15) {
      json.writeNumberField(name, (long) number);
    } else {
      json.writeNumberField(name, number);
    }
  }

  private static double sinceStart(Instant start, Event event) {
    return Duration.between(start, event.time()).toNanos() / 1e6;
  }

  /** Nothing where the event does not tell. */
  private static double duration(Event event) {
    @Nullable Value duration = event.field("duration_ms");
    return duration == null || !duration.isNumber() ? 0 : duration.asDouble();
  }
}
