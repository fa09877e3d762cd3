package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.EventStore;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Honeycomb's Query Data API over the event store: a query is made, run, and its result fetched by
 * id. The newest of both are kept in memory.
 */
final class QueryRoutes implements Routes {
  /** How many queries, and how many results, can be fetched again by id. */
  private static final int KEPT = 1_000;

  private final EventStore store;
  private final Door door;
  private final InstantSource clock;
  private final Map<String, JsonNode> queries = newest();
  private final Map<String, ObjectNode> results = newest();

  QueryRoutes(EventStore store, Door door, InstantSource clock) {
    this.store = store;
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
    String queryId = body.path("query_id").asText();
    JsonNode spec = queries.get(queryId);
    if (spec == null) {
      throw new Refusal(404, "there is no query %s; make it again".formatted(queryId));
    }
    QueryJson.Named named = query(ctx, spec);
    boolean withSeries = !body.path("disable_series").asBoolean(false);
    ObjectNode view = JsonTree.object();
    String id = UUID.randomUUID().toString();
    view.set("query", spec);
    view.put("query_id", queryId);
    view.put("id", id);
    view.put("complete", true);
    view.set("data", QueryJson.result(named, store.query(named.query()), withSeries));
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

  private QueryJson.Named query(RoutingContext ctx, JsonNode body) {
    String dataset = Parameters.path(ctx, "dataset");
    List<String> datasets =
        dataset.equals("__all__") ? List.copyOf(store.datasets().keySet()) : List.of(dataset);
    return QueryJson.named(datasets, body, clock.instant());
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
