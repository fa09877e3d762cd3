package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Query;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Honeycomb's Query Data API over the event store: a query is made, run, and its result fetched by
 * id. The newest of both are kept in memory.
 */
final class QueryRoutes implements Routes {
  /** How many queries, and how many results, can be fetched again by id. */
  private static final int KEPT = 1_000;

  private static final Set<String> RUN =
      Set.of(
          "query_id",
          "disable_series",
          "disable_total_by_aggregate",
          "disable_other_by_aggregate",
          "limit");

  private final EventStore store;
  private final DerivedFields derived;
  private final Door door;
  private final InstantSource clock;
  private final Map<String, JsonNode> queries = newest();
  private final Map<String, ObjectNode> results = newest();

  QueryRoutes(EventStore store, DerivedFields derived, Door door, InstantSource clock) {
    this.store = store;
    this.derived = derived;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.post(router, "/1/queries/:dataset", Scope.QUERY, this::create);
    door.get(router, "/1/queries/:dataset/:id", Scope.QUERY, this::show);
    door.post(router, "/1/query_results/:dataset", Scope.QUERY, this::run);
    door.get(router, "/1/query_results/:dataset/:id", Scope.QUERY, this::fetch);
  }

  private Answer create(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    query(ctx, body);
    String id = keep(Parameters.path(ctx, "dataset"), body);
    ObjectNode view = body.deepCopy();
    view.put("id", id);
    return Answer.json(201, view);
  }

  /** Keeps a query so that it can be run by its id, which is the same for the same query. */
  String keep(String dataset, JsonNode spec) {
    String id =
        UUID.nameUUIDFromBytes((dataset + spec).getBytes(StandardCharsets.UTF_8)).toString();
    queries.put(id, spec);
    return id;
  }

  private Answer show(RoutingContext ctx) {
    String id = Parameters.path(ctx, "id");
    JsonNode spec = queries.get(id);
    if (spec == null) {
      throw new Refusal(404, "there is no query %s; make it again".formatted(id));
    }
    ObjectNode view = spec.deepCopy();
    return Answer.json(view.put("id", id));
  }

  private Answer run(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("a query result", body, RUN);
    String queryId = JsonKeys.text(body, "query_id", 1, 255);
    JsonNode spec = queries.get(queryId);
    if (spec == null) {
      throw new Refusal(404, "there is no query %s; make it again".formatted(queryId));
    }
    NamedQuery named = query(ctx, spec);
    boolean withSeries = !JsonKeys.flag(body, "disable_series", false);
    Query run =
        (withSeries ? named.query() : QueryJson.withoutSeries(named.query(), body))
            .withTotals(
                !JsonKeys.flag(body, "disable_total_by_aggregate", false),
                !JsonKeys.flag(body, "disable_other_by_aggregate", false));
    NamedQuery asked = named.with(run);
    ObjectNode view = JsonTree.object();
    String id = UUID.randomUUID().toString();
    view.set("query", spec);
    view.put("query_id", queryId);
    view.put("id", id);
    view.put("complete", true);
    view.set("data", new ResultJson(asked, withSeries).view(RowFormulas.answer(store, asked)));
    results.put(id, view);
    return Answer.json(201, view)
        .with("Location", "/1/query_results/%s/%s".formatted(Parameters.path(ctx, "dataset"), id));
  }

  private Answer fetch(RoutingContext ctx) {
    ObjectNode view = results.get(Parameters.path(ctx, "id"));
    if (view == null) {
      throw new Refusal(404, "there is no query result " + Parameters.path(ctx, "id"));
    }
    return Answer.json(view);
  }

  /** Forgets every result, which may show what is no longer kept. */
  void forgetResults() {
    results.clear();
  }

  private NamedQuery query(RoutingContext ctx, JsonNode body) {
    String dataset = Parameters.path(ctx, "dataset");
    List<String> datasets =
        dataset.equals(DerivedFields.ALL)
            ? List.copyOf(store.datasets().keySet())
            : List.of(dataset);
    return QueryJson.query(datasets, body, derived, clock.instant());
  }

  private static <V> Map<String, V> newest() {
    return Collections.synchronizedMap(
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > KEPT;
          }
        });
  }
}
