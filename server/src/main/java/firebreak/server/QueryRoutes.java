package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.records.Kept;
import firebreak.records.SavedQuery;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Honeycomb's Query Data API over the event store: a query is made, run, and its result fetched by
 * id. The newest of both are kept in memory; queries that something refers to are kept for good.
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

  /** On requests that a page repeats by itself: nobody asked them, so history leaves them out. */
  static final String REPEATED = "X-Firebreak-Repeated";

  private final Pins pinned;
  private final History history;
  private final Door door;
  private final InstantSource clock;
  private final Map<String, JsonNode> queries = newest();
  private final Map<String, String> datasets = newest();
  private final Map<String, ObjectNode> results = newest();

  /** Where queries stay that something refers to. */
  interface Pins {
    Optional<SavedQuery> find(String id);

    void save(SavedQuery query);

    static Pins in(Kept<SavedQuery> kept) {
      return new Pins() {
        @Override
        public Optional<SavedQuery> find(String id) {
          return kept.find(id);
        }

        @Override
        public void save(SavedQuery query) {
          kept.save(query);
        }
      };
    }
  }

  /** Who is told of each query that somebody asked. */
  @FunctionalInterface
  interface History {
    void asked(String who, String dataset, JsonNode spec, Instant now, Duration took, int rows);
  }

  QueryRoutes(
      EventStore store,
      DerivedFields derived,
      Pins pinned,
      History history,
      Door door,
      InstantSource clock) {
    this.store = store;
    this.history = history;
    this.pinned = pinned;
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
    String dataset = Parameters.path(ctx, "dataset");
    query(dataset, body);
    String id = keep(dataset, body);
    ObjectNode view = body.deepCopy();
    view.put("id", id);
    return Answer.json(201, view);
  }

  /** Keeps a query so that it can be run by its id, which is the same for the same query. */
  String keep(String dataset, JsonNode spec) {
    String id =
        UUID.nameUUIDFromBytes((dataset + spec).getBytes(StandardCharsets.UTF_8)).toString();
    queries.put(id, spec);
    datasets.put(id, dataset);
    return id;
  }

  /** Makes a query that stays, since something refers to it. */
  String make(String dataset, JsonNode spec) {
    query(dataset, spec);
    String id = keep(dataset, spec);
    pinned.save(new SavedQuery(id, dataset, spec.toString()));
    return id;
  }

  /**
   * Keeps a query for good; false if there is none of that id and dataset.
   *
   * @param dataset empty for any
   */
  boolean pin(String id, String dataset) {
    Optional<SavedQuery> known = pinned.find(id);
    if (known.isPresent()) {
      return dataset.isEmpty() || known.get().dataset().equals(dataset);
    }
    JsonNode spec = queries.get(id);
    String of = datasets.get(id);
    if (spec == null || of == null || !(dataset.isEmpty() || of.equals(dataset))) {
      return false;
    }
    pinned.save(new SavedQuery(id, of, spec.toString()));
    return true;
  }

  /** The dataset of a query that stays. */
  String dataset(String id) {
    return pinned.find(id).map(SavedQuery::dataset).orElse("");
  }

  private JsonNode spec(String id) {
    JsonNode spec = queries.get(id);
    if (spec != null) {
      return spec;
    }
    return pinned
        .find(id)
        .map(query -> JsonTree.parsed(query.spec()))
        .orElseThrow(() -> new Refusal(404, "there is no query %s; make it again".formatted(id)));
  }

  private Answer show(RoutingContext ctx) {
    String id = Parameters.path(ctx, "id");
    ObjectNode view = spec(id).deepCopy();
    return Answer.json(view.put("id", id));
  }

  private Answer run(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("a query result", body, RUN);
    String queryId = JsonKeys.text(body, "query_id", 1, 255);
    JsonNode spec = spec(queryId);
    NamedQuery named = query(Parameters.path(ctx, "dataset"), spec);
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
    Instant begun = clock.instant();
    QueryResult result = RowFormulas.answer(store.askedBy(Client.of(ctx)), asked);
    if (isAskedByAPerson(ctx)) {
      Instant now = clock.instant();
      history.asked(
          Access.principal(ctx).name(),
          Parameters.path(ctx, "dataset"),
          spec,
          now,
          Duration.between(begun, now),
          result.rows().size());
    }
    view.set("data", new ResultJson(asked, withSeries).view(result));
    results.put(id, view);
    return Answer.json(201, view)
        .with("Location", "/1/query_results/%s/%s".formatted(Parameters.path(ctx, "dataset"), id));
  }

  static boolean isAskedByAPerson(RoutingContext ctx) {
    return ctx.request().getHeader(REPEATED) == null;
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

  private NamedQuery query(String dataset, JsonNode body) {
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
