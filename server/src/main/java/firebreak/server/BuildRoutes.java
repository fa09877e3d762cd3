package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.BuildAnatomy;
import firebreak.deploytracker.BuildAnatomy.Segment;
import firebreak.deploytracker.BuildAnatomy.Span;
import firebreak.deploytracker.BuildTraces;
import firebreak.eventstore.Calculation;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Traces;
import firebreak.eventstore.Value;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds that are over, and where the time of each went. */
final class BuildRoutes implements Routes {
  /** So many are listed, the latest. */
  static final int BUILDS_AT_MOST = 500;

  private static final Duration SINCE = Duration.ofDays(1);
  private static final Duration LONGEST = Duration.ofDays(31);
  private static final Duration BEFORE = Duration.ofDays(7);

  private final EventStore store;
  private final Door door;
  private final InstantSource clock;

  BuildRoutes(EventStore store, Door door, InstantSource clock) {
    this.store = store;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.get(router, "/api/v1/builds", Scope.QUERY, this::list);
    door.get(router, "/api/v1/builds/:id", Scope.QUERY, this::one);
  }

  private Answer list(RoutingContext ctx) {
    TimeRange range = Parameters.since(ctx, Parameters.time(ctx, "until", clock.instant()), SINCE);
    if (range.length().compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "builds are listed over %s at most, was %s".formatted(LONGEST, range.length()));
    }
    Filter builds = Filter.equal("service_name", Value.of("build"));
    @Nullable String repository = ctx.queryParams().get("repository");
    Deque<Event> latest = new ArrayDeque<>();
    scan(
        range,
        repository == null
            ? builds
            : Filter.and(builds, Filter.equal("repo", Value.of(repository))),
        event -> {
          latest.addFirst(event);
          if (latest.size() > BUILDS_AT_MOST) {
            latest.removeLast();
          }
          return true;
        });
    ObjectNode view = JsonTree.object();
    view.set("since", JsonTree.time(range.start()));
    view.set("until", JsonTree.time(range.end()));
    view.set(
        "builds",
        JsonTree.array(
            latest.stream().flatMap(event -> BuildAnatomy.of(List.of(event)).stream()).toList(),
            anatomy -> view(anatomy.build())));
    return Answer.json(view);
  }

  private Answer one(RoutingContext ctx) {
    String id = Parameters.path(ctx, "id");
    List<Event> trace = new ArrayList<>();
    scan(
        new TimeRange(EventTime.EARLIEST, EventTime.LATEST),
        Filter.equal(Traces.TRACE_ID, Value.of(id)),
        event -> trace.add(event) && trace.size() < Limits.TRACE_EVENTS);
    BuildAnatomy anatomy =
        BuildAnatomy.of(trace)
            .orElseThrow(
                () -> new Refusal(404, "there is no build that is over with the trace " + id));
    ObjectNode view = view(anatomy.build());
    view.set("queued_ms", millis(anatomy.queued()));
    view.set("critical_path", JsonTree.array(anatomy.criticalPath(), BuildRoutes::segment));
    Span slowest = anatomy.slowest();
    if (slowest != null) {
      view.set("slowest_step", slowest(slowest, anatomy.build(), trace));
    } else {
      view.putNull("slowest_step");
    }
    return Answer.json(view);
  }

  private void scan(TimeRange range, Filter filter, EventStore.Visitor visitor) {
    if (store.datasets().containsKey(BuildTraces.DATASET)) {
      store.scan(List.of(BuildTraces.DATASET), range, filter, List.of(), visitor);
    }
  }

  private static ObjectNode view(Span build) {
    ObjectNode view = JsonTree.object();
    view.put("id", text(build.event(), Traces.TRACE_ID));
    view.put("name", build.name());
    view.put("repository", text(build.event(), "repo"));
    view.put("branch", text(build.event(), "branch"));
    view.put("commit", text(build.event(), "commit"));
    view.put("build_num", text(build.event(), "build_num"));
    view.put("url", text(build.event(), "build_url"));
    view.set("started_at", JsonTree.time(build.start()));
    view.set("finished_at", JsonTree.time(build.end()));
    view.set("duration_ms", millis(build.length()));
    view.put("failed", build.failed());
    return view;
  }

  private static ObjectNode segment(Segment segment) {
    ObjectNode view = JsonTree.object();
    view.put("spent", IncidentView.word(segment.spent()));
    view.put("kind", segment.kind());
    view.put("name", segment.name());
    view.set("from", JsonTree.time(segment.from()));
    view.set("duration_ms", millis(segment.length()));
    return view;
  }

  /** The step beside those of its name in the builds of the week before. */
  private ObjectNode slowest(Span step, Span build, List<Event> trace) {
    ObjectNode view = JsonTree.object();
    view.put("kind", step.kind());
    view.put("name", step.name());
    view.put("job", job(step, trace));
    view.set("duration_ms", millis(step.length()));
    List<Cell> before = before(step, build.start());
    double runs = before.get(0).number();
    double median = before.get(1).number();
    ObjectNode week = view.putObject("week_before");
    week.put("runs", Math.round(Double.isNaN(runs) ? 0 : runs));
    week.set("median_ms", JsonTree.number(median));
    week.set("slowest_ms", JsonTree.number(before.get(2).number()));
    view.set(
        "times_as_long",
        JsonTree.number(median > 0 ? step.length().toMillis() / median : Double.NaN));
    return view;
  }

  private List<Cell> before(Span step, Instant start) {
    return store
        .query(
            new Query(
                List.of(BuildTraces.DATASET),
                TimeRange.before(start, BEFORE),
                List.of(
                    Calculation.count(),
                    Calculation.of(Calculation.Operation.P50, "duration_ms"),
                    Calculation.of(Calculation.Operation.MAX, "duration_ms")),
                Filter.and(
                    Filter.equal("service_name", Value.of(step.kind())),
                    Filter.equal("name", Value.of(step.name())),
                    Filter.equal("repo", Value.of(text(step.event(), "repo")))),
                List.of(),
                List.of(),
                List.of(),
                1,
                Duration.ZERO,
                Duration.ZERO))
        .total()
        .cells();
  }

  private static String job(Span step, List<Event> trace) {
    return trace.stream()
        .filter(event -> text(event, Traces.SPAN_ID).equals(step.parentId()))
        .map(event -> text(event, "name"))
        .findFirst()
        .orElse("");
  }

  private static String text(Event event, String field) {
    Value value = event.field(field);
    return value == null ? "" : value.display();
  }

  private static JsonNode millis(Duration duration) {
    return JsonTree.number((double) duration.toMillis());
  }
}
