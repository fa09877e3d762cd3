package firebreak.eventstore;

import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A derived column: a value computed from an event's fields. */
public interface Formula {
  /** The fields that the formula reads. */
  Set<String> fields();

  /** The value for an event, given the value of each field; null where there is none. */
  @Nullable Value evaluate(Function<String, @Nullable Value> field);
}
