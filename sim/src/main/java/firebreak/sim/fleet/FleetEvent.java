package firebreak.sim.fleet;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One request as production reports it: when, how many like it it stands for, and its fields. */
public final class FleetEvent {
  private final Instant time;
  private final int sampleRate;
  private final List<String> names;
  private final @Nullable Object[] values;

  FleetEvent(Instant time, int sampleRate, List<String> names, @Nullable Object[] values) {
    this.time = time;
    this.sampleRate = sampleRate;
    this.names = names;
    this.values = values;
  }

  public Instant time() {
    return time;
  }

  public int sampleRate() {
    return sampleRate;
  }

  /** Shows each field that the event has; a value is a String, Long, Double or Boolean. */
  public void forEach(BiConsumer<String, Object> visitor) {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value != null) {
        visitor.accept(names.get(i), value);
      }
    }
  }

  /** The fields as a map. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    forEach(fields::put);
    return fields;
  }
}
