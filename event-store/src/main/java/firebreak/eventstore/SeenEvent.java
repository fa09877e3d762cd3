package firebreak.eventstore;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An event as a question sees it, with its trace and the question's derived columns: the definition
 * of what the names of fields mean, without a thought for speed.
 */
final class SeenEvent implements EventView {
  /** An event and the dataset in which it lies. */
  record Stored(String dataset, Event event) {}

  private static final Comparator<Stored> OLDEST_FIRST =
      Comparator.comparing((Stored stored) -> stored.event().time()).thenComparing(Stored::dataset);

  private final Event event;
  private final Map<String, Formula> derived;
  private final List<SeenEvent> trace;

  private SeenEvent(Event event, Map<String, Formula> derived, List<SeenEvent> trace) {
    this.event = event;
    this.derived = derived;
    this.trace = trace;
  }

  /**
   * All events of a question, oldest first.
   *
   * @param stored the events in the order of their appending
   */
  static List<SeenEvent> of(List<Stored> stored, Map<String, Formula> derived) {
    Map<Value, List<SeenEvent>> traces = new HashMap<>();
    List<SeenEvent> events = new ArrayList<>();
    for (Stored entry : stored.stream().sorted(OLDEST_FIRST).toList()) {
      Value id = entry.event().field(Traces.TRACE_ID);
      List<SeenEvent> trace =
          id == null ? List.of() : traces.computeIfAbsent(id, _ -> new ArrayList<>());
      SeenEvent event = new SeenEvent(entry.event(), derived, trace);
      events.add(event);
      if (id != null) {
        trace.add(event);
      }
    }
    return events;
  }

  Event event() {
    return event;
  }

  int sampleRate() {
    return event.sampleRate();
  }

  @Override
  public Instant time() {
    return event.time();
  }

  @Override
  public @Nullable Value field(String name) {
    if (name.startsWith(Traces.ROOT)) {
      return fieldOfFirst(SeenEvent::isRoot, Traces.own(name));
    }
    return name.startsWith(Traces.PARENT)
        ? fieldOfFirst(this::isChildOf, Traces.own(name))
        : own(name);
  }

  private @Nullable Value own(String name) {
    Formula formula = derived.get(name);
    return formula == null ? event.field(name) : formula.evaluate(event);
  }

  private @Nullable Value fieldOfFirst(Predicate<SeenEvent> span, String name) {
    return trace.stream().filter(span).findFirst().map(each -> each.own(name)).orElse(null);
  }

  private boolean isRoot() {
    return event.field(Traces.SPAN_ID) != null && event.field(Traces.PARENT_ID) == null;
  }

  private boolean isChildOf(SeenEvent other) {
    Value parent = event.field(Traces.PARENT_ID);
    return parent != null && parent.equals(other.event.field(Traces.SPAN_ID));
  }

  @Override
  public boolean traceHas(Filter filter) {
    return trace.stream().anyMatch(filter::matches);
  }
}
