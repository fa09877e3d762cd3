package firebreak.eventstore;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An event as filters and formulas see it: its time, its fields, and the trace it is part of. */
public interface EventView {
  Instant time();

  /** The value of a field, a derived or a relational one included; null where there is none. */
  @Nullable Value field(String name);

  /** Whether some event of the same trace passes the filter. */
  boolean traceHas(Filter filter);
}
