package firebreak.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Traces;
import firebreak.eventstore.Value;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A trace by its id, whatever datasets its spans lie in. */
final class TraceRoutes implements Routes {
  private final EventStore store;
  private final Door door;

  TraceRoutes(EventStore store, Door door) {
    this.store = store;
    this.door = door;
  }

  @Override
  public void register(Router router) {
    door.get(router, "/api/v1/traces/:id", Scope.QUERY, this::trace);
  }

  private Answer trace(RoutingContext ctx) {
    String id = Parameters.path(ctx, "id");
    TimeRange range =
        QueryTime.reachable(
            () ->
                new TimeRange(
                    Parameters.time(ctx, "since", EventTime.EARLIEST),
                    Parameters.time(ctx, "until", EventTime.LATEST)));
    Gathering gathering = new Gathering();
    List<String> datasets =
        store.datasets().keySet().stream()
            .filter(dataset -> !dataset.startsWith(Datasets.RESERVED_PREFIX))
            .toList();
    for (String dataset : datasets) {
      store.scan(
          List.of(dataset),
          range,
          new Filter.In(Traces.TRACE_ID, forms(id)),
          List.of(),
          event -> gathering.take(dataset, event));
    }
    if (gathering.found.isEmpty()) {
      throw new Refusal(
          404,
          "no event between %s and %s has the trace id %s, in any of %d datasets"
              .formatted(range.start(), range.end(), id, datasets.size()));
    }
    return Answer.json(view(id, gathering));
  }

  /** The id as text and, where it reads as one, as the whole number that a sender may have made. */
  private static Set<Value> forms(String id) {
    Set<Value> forms = new HashSet<>(Set.of(Value.of(id)));
    if (id.matches("[1-9]\\d{0,17}")) {
      forms.add(Value.of(Long.parseLong(id)));
    }
    return forms;
  }

  /** What was found, up to the limits. */
  private static final class Gathering {
    private final List<TraceTree.Found> found = new ArrayList<>();
    private long chars;
    private boolean isCut;

    boolean take(String dataset, Event event) {
      for (Map.Entry<String, Value> field : event.fields().entrySet()) {
        chars += field.getKey().length() + (long) field.getValue().display().length();
      }
      isCut |= found.size() == Limits.TRACE_EVENTS || chars > Limits.TRACE_CHARS;
      if (!isCut) {
        found.add(new TraceTree.Found(dataset, event));
      }
      return !isCut;
    }

    List<TraceTree.Found> oldestFirst() {
      return found.stream()
          .sorted(Comparator.comparing((TraceTree.Found item) -> item.event().time()))
          .toList();
    }
  }

  private static ObjectNode view(String id, Gathering gathering) {
    TraceTree tree = new TraceTree(gathering.oldestFirst());
    List<TraceTree.Span> spans = tree.spans();
    Instant start = tree.start();
    double end = 0;
    int missing = 0;
    ArrayNode views = JsonTree.array(List.of(), _ -> JsonTree.object());
    for (TraceTree.Span span : spans) {
      end = Math.max(end, sinceStart(start, span.event()) + duration(span.event()));
      missing += span.parentage() == TraceTree.Parentage.MISSING ? 1 : 0;
      views.add(view(span, start));
    }
    ObjectNode view = JsonTree.object();
    view.put("trace_id", id);
    view.set("start", JsonTree.time(start));
    view.set("duration_ms", JsonTree.number(end));
    view.put("span_count", spans.size());
    view.put("missing_parents", missing);
    view.put("truncated", gathering.isCut);
    view.set("spans", views);
    view.set("unattached", JsonTree.array(tree.unattached(), item -> view(item, start)));
    return view;
  }

  private static ObjectNode view(TraceTree.Span span, Instant start) {
    Event event = span.event();
    ObjectNode view = JsonTree.object();
    view.put("span_id", TraceTree.text(event, Traces.SPAN_ID));
    String parent = TraceTree.text(event, Traces.PARENT_ID);
    view.put("parent_id", parent.isEmpty() ? null : parent);
    view.put("parent", IncidentView.word(span.parentage()));
    view.put("depth", span.depth());
    view.put("dataset", span.dataset());
    view.put("name", TraceTree.text(event, "name"));
    view.set("start", JsonTree.time(event.time()));
    view.set("offset_ms", JsonTree.number(sinceStart(start, event)));
    view.set("duration_ms", JsonTree.number(duration(event)));
    view.put("error", Value.of(true).equals(event.field("error")));
    view.put("sample_rate", event.sampleRate());
    view.set("fields", fields(event));
    ArrayNode events = view.putArray("events");
    ArrayNode links = view.putArray("links");
    for (TraceTree.Annotation annotation : span.annotations()) {
      (annotation.type().equals("link") ? links : events).add(view(annotation, start));
    }
    return view;
  }

  private static ObjectNode view(TraceTree.Annotation annotation, Instant start) {
    Event event = annotation.event();
    ObjectNode view = JsonTree.object();
    view.put("type", annotation.type());
    view.put("name", TraceTree.text(event, "name"));
    view.set("time", JsonTree.time(event.time()));
    view.set("offset_ms", JsonTree.number(sinceStart(start, event)));
    view.put("dataset", annotation.dataset());
    view.set("fields", fields(event));
    return view;
  }

  private static ObjectNode fields(Event event) {
    ObjectNode view = JsonTree.object();
    new TreeMap<>(event.fields()).forEach((name, value) -> view.set(name, JsonTree.value(value)));
    return view;
  }

  private static double sinceStart(Instant start, Event event) {
    return Duration.between(start, event.time()).toNanos() / 1e6;
  }

  /** Nothing where the event does not tell. */
  private static double duration(Event event) {
    Value duration = event.field("duration_ms");
    return duration == null || !duration.isNumber() ? 0 : duration.asDouble();
  }
}
