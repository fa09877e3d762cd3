package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The events themselves, as they came in: the oldest ones that meet the conditions. */
final class EventRoutes implements Routes {
  private static final int DEFAULT_LIMIT = 100;

  private static final Set<String> KEYS =
      Set.of(
          "dataset",
          "start_time",
          "end_time",
          "time_range",
          "filters",
          "filter_combination",
          "limit");

  private final EventStore store;
  private final Door door;
  private final InstantSource clock;

  EventRoutes(EventStore store, Door door, InstantSource clock) {
    this.store = store;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.post(router, "/api/v1/events", Scope.QUERY, this::events);
  }

  private Answer events(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("a question for events", body, KEYS);
    TimeRange range = QueryTime.range(body, clock.instant());
    Filter filter = FilterJson.filters(body);
    int limit = (int) JsonKeys.whole(body, "limit", DEFAULT_LIMIT, 1, Limits.EVENTS_SHOWN);
    Gathering gathering = new Gathering(limit);
    EventStore asked = store.askedBy(Client.of(ctx));
    for (String dataset : datasets(JsonKeys.text(body, "dataset", 1, Limits.DATASET_NAME_BYTES))) {
      gathering.begin(dataset);
      asked.scan(List.of(dataset), range, filter, List.of(), gathering::take);
    }
    List<Found> oldest = gathering.oldest();
    ObjectNode view = JsonTree.object();
    view.set("events", JsonTree.array(oldest, EventRoutes::view));
    view.put("truncated", gathering.isCut || gathering.found.size() > oldest.size());
    return Answer.json(view);
  }

  private List<String> datasets(String asked) {
    if (!asked.equals(DerivedFields.ALL)) {
      return List.of(asked);
    }
    return store.datasets().keySet().stream()
        .filter(dataset -> !dataset.startsWith(Datasets.RESERVED_PREFIX))
        .toList();
  }

  private record Found(String dataset, Event event) {}

  /** The oldest events of each dataset, up to the limits. */
  private static final class Gathering {
    private final int limit;
    private final List<Found> found = new ArrayList<>();
    private String dataset = "";
    private int taken;
    private long chars;
    private boolean isCut;

    Gathering(int limit) {
      this.limit = limit;
    }

    void begin(String next) {
      dataset = next;
      taken = 0;
    }

    boolean take(Event event) {
      for (Map.Entry<String, Value> field : event.fields().entrySet()) {
        chars += field.getKey().length() + (long) field.getValue().display().length();
      }
      boolean isFull = taken == limit || chars > Limits.TRACE_CHARS;
      isCut |= isFull;
      if (!isFull) {
        found.add(new Found(dataset, event));
        taken++;
      }
      return !isFull;
    }

    List<Found> oldest() {
      return found.stream()
          .sorted(Comparator.comparing(item -> item.event().time()))
          .limit(limit)
          .toList();
    }
  }

  private static ObjectNode view(Found found) {
    ObjectNode view = JsonTree.object();
    view.set("time", JsonTree.time(found.event().time()));
    view.put("dataset", found.dataset());
    view.put("sample_rate", found.event().sampleRate());
    ObjectNode fields = view.putObject("fields");
    new TreeMap<>(found.event().fields())
        .forEach((name, value) -> fields.set(name, JsonTree.value(value)));
    return view;
  }
}
