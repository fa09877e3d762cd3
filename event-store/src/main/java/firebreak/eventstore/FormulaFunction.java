package firebreak.eventstore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function of the formulas of derived columns. */
public enum FormulaFunction {
  EVENT_TIMESTAMP;

  void check(List<Formula> arguments) {
    if (!arguments.isEmpty()) {
      throw new IllegalArgumentException(this + " takes no arguments");
    }
  }

  @Nullable Value evaluate(List<Formula> arguments, EventView event) {
    return Value.number(firebreak.eventstore.columns.Times.nanos(event.time()) / 1e9);
  }
}
