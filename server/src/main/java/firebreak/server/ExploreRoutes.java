package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.bubbleup.BubbleUp;
import firebreak.bubbleup.Explanation;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.Calculation;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import firebreak.slo.SloMonitor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** What a person asks of events and changes: BubbleUp, heatmaps, objectives, the timeline. */
final class ExploreRoutes implements Routes {
  private static final Set<String> BUBBLEUP =
      Set.of(
          "dataset",
          "start_time",
          "end_time",
          "time_range",
          "filters",
          "filter_combination",
          "selection",
          "max_terms");

  private static final Set<String> HEATMAP =
      Set.of(
          "dataset",
          "column",
          "start_time",
          "end_time",
          "time_range",
          "filters",
          "filter_combination",
          "granularity_seconds");

  private static final Duration DEFAULT_HISTORY = Duration.ofHours(1);
  private static final Duration DEFAULT_STEP = Duration.ofMinutes(1);

  private final EventStore store;
  private final DerivedFields derived;
  private final SloMonitor monitor;
  private final ChangeLog changes;
  private final QueryRoutes.History history;
  private final Door door;
  private final InstantSource clock;

  ExploreRoutes(
      EventStore store,
      DerivedFields derived,
      SloMonitor monitor,
      ChangeLog changes,
      QueryRoutes.History history,
      Door door,
      InstantSource clock) {
    this.store = store;
    this.derived = derived;
    this.monitor = monitor;
    this.changes = changes;
    this.history = history;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.post(router, "/api/v1/bubbleup", Scope.QUERY, this::explain);
    door.post(router, "/api/v1/heatmap", Scope.QUERY, this::heatmap);
    door.get(router, "/api/v1/changes", Scope.QUERY, this::changes);
    door.get(router, "/api/v1/slos", Scope.QUERY, _ -> Answer.json(slos()));
    door.get(router, "/api/v1/slos/:id", Scope.QUERY, this::slo);
    door.get(router, "/api/v1/slos/:id/history", Scope.QUERY, this::history);
  }

  private Answer explain(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("a BubbleUp request", body, BUBBLEUP);
    TimeRange range = QueryTime.range(body, clock.instant());
    int maxTerms = body.path("max_terms").asInt(BubbleUp.MAX_TERMS);
    if (maxTerms < 1 || maxTerms > BubbleUp.MAX_TERMS) {
      throw new IllegalArgumentException(
          "max_terms lies between 1 and %d, was %d".formatted(BubbleUp.MAX_TERMS, maxTerms));
    }
    long start = System.nanoTime();
    Explanation explanation =
        new BubbleUp(store.askedBy(Client.of(ctx))).explain(selection(body, range), maxTerms);
    ObjectNode view = ExplanationView.view(explanation.withBudget(budget(body)));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    view.put("elapsed_ms", took.toNanos() / 1e6);
    if (QueryRoutes.isAskedByAPerson(ctx)) {
      history.asked(
          Access.principal(ctx).name(),
          body.path("dataset").asText(""),
          JsonTree.object().set("bubbleup", body),
          clock.instant(),
          took,
          explanation.differences().size() + explanation.conjunctions().size());
    }
    return Answer.json(view);
  }

  /** The bad events that the objective allows by which events were selected; 0 for none. */
  private double budget(JsonNode body) {
    JsonNode slo = body.path("selection").path("slo");
    if (!slo.isTextual()) {
      return 0;
    }
    Objective objective = objective(slo.asText());
    TimeRange window = objective.windowAt(clock.instant());
    return objective.budgetShare() * monitor.counts(objective, window).eligible();
  }

  private Selection selection(JsonNode body, TimeRange range) {
    Filter within = FilterJson.filters(body);
    JsonNode selection = body.path("selection");
    if (selection.hasNonNull("slo")) {
      Objective objective = objective(selection.path("slo").asText());
      return new Selection(
          objective.datasets(),
          range,
          Filter.and(within, objective.eligible()),
          Filter.not(objective.good()),
          objective.formulas());
    }
    String dataset = body.path("dataset").asText("");
    if (dataset.isEmpty()) {
      throw new IllegalArgumentException("dataset is missing: name the dataset to look in");
    }
    Filter selected = selected(selection, range);
    List<String> datasets = List.of(dataset);
    Set<String> fields = Filter.fields(Filter.and(within, selected));
    return new Selection(datasets, range, within, selected, derived.of(datasets, fields));
  }

  private static Filter selected(JsonNode selection, TimeRange range) {
    if (selection.has("box")) {
      JsonNode box = selection.path("box");
      String column = box.path("column").asText();
      Filter atLeast = compare(column, Relation.GREATER_OR_EQUAL, box.path("min"));
      Filter below = compare(column, Relation.LESS, box.path("max"));
      Instant from = box.has("start_time") ? QueryTime.time(box.path("start_time")) : range.start();
      Instant to = box.has("end_time") ? QueryTime.time(box.path("end_time")) : range.end();
      return Filter.and(atLeast, below, new Filter.During(new TimeRange(from, to)));
    }
    if (!selection.has("filters")) {
      throw new IllegalArgumentException(
          "selection is {filters: […]}, {box: {column, min, max, start_time, end_time}} or {slo}");
    }
    return FilterJson.filters(selection);
  }

  private static Filter compare(String column, Relation relation, JsonNode bound) {
    return bound.isNumber()
        ? new Filter.Compare(column, relation, Value.number(bound.asDouble()))
        : Filter.ALL;
  }

  private Answer heatmap(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("a heatmap request", body, HEATMAP);
    TimeRange range = QueryTime.range(body, clock.instant());
    long usual = Math.max(1, range.length().toSeconds() / 96);
    Duration width = QueryTime.seconds(body, "granularity_seconds", usual, 1);
    Query query =
        Query.of(
                JsonKeys.text(body, "dataset"),
                range,
                FilterJson.filters(body),
                Calculation.of(Calculation.Operation.HEATMAP, JsonKeys.text(body, "column")))
            .withGranularity(width);
    query = query.withDerived(derived.of(query.datasets(), query.fields()));
    ObjectNode view = JsonTree.object();
    ArrayNode columns = view.putArray("columns");
    for (QueryResult.Row row : store.askedBy(Client.of(ctx)).query(query).rows()) {
      for (QueryResult.Point point : row.series()) {
        if (point.cells().getFirst() instanceof QueryResult.Cell.Heatmap heatmap) {
          ObjectNode column = columns.addObject();
          column.set("time", JsonTree.time(point.time()));
          column.set("bins", JsonTree.array(heatmap.bins(), ResultJson::bin));
        }
      }
    }
    return Answer.json(view);
  }

  private Answer changes(RoutingContext ctx) {
    Instant until = Parameters.time(ctx, "until", clock.instant().plusSeconds(60));
    TimeRange range = Parameters.since(ctx, until, Duration.ofDays(1));
    String service = ctx.queryParams().get("service");
    String kind = ctx.queryParams().get("kind");
    List<Change> found =
        changes.changes(range).stream()
            .filter(change -> service == null || change.service().equals(service))
            .filter(change -> kind == null || ChangeView.kind(change).equals(kind))
            .toList();
    ObjectNode view = JsonTree.object();
    view.set("changes", JsonTree.array(found, ChangeView::view));
    return Answer.json(view);
  }

  /** All objectives with their budgets. */
  ObjectNode slos() {
    Instant now = clock.instant();
    ObjectNode view = JsonTree.object();
    view.set(
        "slos",
        JsonTree.array(monitor.objectives(), objective -> SloView.view(monitor, objective, now)));
    return view;
  }

  private Answer slo(RoutingContext ctx) {
    return Answer.json(
        SloView.view(monitor, objective(Parameters.path(ctx, "id")), clock.instant()));
  }

  private Answer history(RoutingContext ctx) {
    Objective objective = objective(Parameters.path(ctx, "id"));
    Instant until = Parameters.time(ctx, "until", clock.instant());
    TimeRange range = Parameters.since(ctx, until, DEFAULT_HISTORY);
    String step = ctx.queryParams().get("step");
    Duration width = step == null ? DEFAULT_STEP : Parameters.duration("step", step);
    double each = objective.budgeting().unitsEach();
    ObjectNode view = JsonTree.object();
    view.set(
        "points",
        JsonTree.array(
            QueryTime.reachable(() -> monitor.history(objective, range, width)),
            point -> {
              ObjectNode line = JsonTree.object();
              line.set("time", JsonTree.time(point.time()));
              Counts counts = point.counts();
              line.set("good", JsonTree.number((counts.eligible() - counts.bad()) / each));
              line.set("eligible", JsonTree.number(counts.eligible() / each));
              return line;
            }));
    return Answer.json(view);
  }

  private Objective objective(String id) {
    return monitor.objectives().stream()
        .filter(objective -> objective.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new Refusal(404, "there is no SLO " + id));
  }
}
