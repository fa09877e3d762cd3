package firebreak.slo;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventView;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Formula;
import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event with derived columns, which hide stored fields of their names, save from formulas. */
record DerivedEvent(Event event, Map<String, Formula> derived) implements EventView {

  @Override
  public Instant time() {
    return event.time();
  }

  @Override
  public @Nullable Value field(String name) {
    Formula formula = derived.get(name);
    return formula == null ? event.field(name) : formula.evaluate(event);
  }

  @Override
  public boolean traceHas(Filter filter) {
    return event.traceHas(filter);
  }
}
