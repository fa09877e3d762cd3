package firebreak.eventstore;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One wide event: when it happened, how many like it it stands for, and its fields.
 *
 * @param sampleRate how many events this one represents, at least 1; every count is weighed by it
 */
public record Event(Instant time, int sampleRate, Map<String, Value> fields) implements EventView {
  public Event {
    if (sampleRate < 1) {
      throw new IllegalArgumentException("sample rate must be at least 1, was " + sampleRate);
    }
    if (fields.size() > Limits.FIELDS_PER_EVENT) {
      throw new IllegalArgumentException(
          "an event may have %d fields, had %d".formatted(Limits.FIELDS_PER_EVENT, fields.size()));
    }
    fields = FieldMap.copyOf(fields);
  }

  @Override
  public @Nullable Value field(String name) {
    return fields.get(name);
  }

  /** An event by itself cannot tell; only the store knows the rest of its trace. */
  @Override
  public boolean traceHas(Filter filter) {
    throw new IllegalStateException("a filter over a trace needs the trace");
  }

  /** The fields in the form in which every event keeps them. */
  public FieldMap fieldMap() {
    return FieldMap.copyOf(fields);
  }
}
