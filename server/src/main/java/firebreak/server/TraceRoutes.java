package firebreak.server;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Traces;
import firebreak.eventstore.Value;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  private Answer trace(RoutingContext ctx) throws IOException {
    String id = Parameters.path(ctx, "id");
    TimeRange range =
        QueryTime.reachable(
            () ->
                new TimeRange(
                    Parameters.time(ctx, "since", EventTime.EARLIEST),
                    Parameters.time(ctx, "until", EventTime.LATEST)));
    boolean outline = Parameters.flag(ctx, "outline");
    Gathering gathering = new Gathering();
    List<String> datasets =
        store.datasets().keySet().stream()
            .filter(dataset -> !dataset.startsWith(Datasets.RESERVED_PREFIX))
            .toList();
    EventStore asked = store.askedBy(Client.of(ctx));
    for (String dataset : datasets) {
      asked.scan(
          List.of(dataset),
          range,
          new Filter.In(Traces.TRACE_ID, forms(id)),
          outline ? TraceJson.OUTLINED : List.of(),
          event -> gathering.take(dataset, event));
    }
    if (gathering.found.isEmpty()) {
      throw new Refusal(
          404,
          "no event between %s and %s has the trace id %s, in any of %d datasets"
              .formatted(range.start(), range.end(), id, datasets.size()));
    }
    return Answer.bytes(
        Answer.JSON,
        new TraceJson(id, new TraceTree(gathering.oldestFirst()), gathering.isCut, outline)
            .bytes());
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
}
