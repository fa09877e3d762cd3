package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.records.Board;
import firebreak.records.QueryAnnotation;
import firebreak.records.Records;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;

/**
 * Boards in Honeycomb's shape: queries, which stay while a board shows them, and objectives. Texts
 * are our own: each stands before one of the queries, or behind the last.
 */
final class BoardRoutes implements Routes {
  private static final String PATH = "/1/boards";
  private static final Set<String> KEYS =
      Set.of(
          "id",
          "name",
          "description",
          "style",
          "column_layout",
          "queries",
          "slos",
          "texts",
          "links");
  private static final Set<String> QUERY =
      Set.of(
          "caption",
          "graph_settings",
          "query_style",
          "dataset",
          "query_id",
          "query",
          "query_annotation_id",
          "visualization_settings");
  private static final int QUERIES = 100;
  private static final int SLOS = 24;
  private static final int TEXTS = 50;
  private static final int TEXT_CHARS = 8_000;

  private final Records records;
  private final QueryRoutes queries;
  private final Objectives objectives;
  private final Door door;
  private final InstantSource clock;

  BoardRoutes(
      Records records, QueryRoutes queries, Objectives objectives, Door door, InstantSource clock) {
    this.records = records;
    this.queries = queries;
    this.objectives = objectives;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.post(router, PATH, Scope.QUERY, this::create);
    door.get(
        router,
        PATH,
        Scope.QUERY,
        _ -> Answer.json(JsonTree.array(records.boards().all(), BoardRoutes::view)));
    door.get(router, PATH + "/:id", Scope.QUERY, ctx -> Answer.json(view(found(ctx))));
    door.put(router, PATH + "/:id", Scope.QUERY, this::update);
    door.delete(router, PATH + "/:id", Scope.QUERY, this::delete);
  }

  private Answer create(RoutingContext ctx) throws IOException {
    Instant now = clock.instant();
    Board board = new Board(UUID.randomUUID().toString(), read(ctx), now, now);
    records.boards().save(board);
    return Answer.json(201, view(board));
  }

  private Answer update(RoutingContext ctx) throws IOException {
    Board before = found(ctx);
    Board board = new Board(before.id(), read(ctx), before.createdAt(), clock.instant());
    records.boards().save(board);
    return Answer.json(view(board));
  }

  private Answer delete(RoutingContext ctx) {
    records.boards().delete(found(ctx).id());
    return Answer.empty(204);
  }

  private Board found(RoutingContext ctx) {
    String id = Parameters.path(ctx, "id");
    return records.boards().find(id).orElseThrow(() -> new Refusal(404, "there is no board " + id));
  }

  private String read(RoutingContext ctx) throws IOException {
    HoneycombBody body = HoneycombBody.read(ctx, "a board", KEYS);
    ObjectNode board = JsonTree.object();
    board.put("name", body.text("name", 1, 255));
    board.put("description", body.text("description", 0, 1_024));
    board.put("style", "visual");
    board.put("column_layout", body.choice("column_layout", "multi", Set.of("multi", "single")));
    ArrayNode shown = board.putArray("queries");
    for (JsonNode each : list(body, "queries", QUERIES)) {
      shown.add(query(each));
    }
    ArrayNode slos = board.putArray("slos");
    for (JsonNode each : list(body, "slos", SLOS)) {
      String id = each.asText("");
      if (!objectives.ids().contains(id)) {
        throw Refusal.invalid("slos", "invalid", "there is no SLO " + id);
      }
      slos.add(id);
    }
    ArrayNode texts = board.putArray("texts");
    for (JsonNode each : list(body, "texts", TEXTS)) {
      texts.add(text(each, shown.size()));
    }
    return board.toString();
  }

  private static Iterable<JsonNode> list(HoneycombBody body, String key, int most) {
    return HoneycombBody.checked(key, () -> JsonKeys.list(body.json(), key, most));
  }

  private static ObjectNode text(JsonNode node, int queries) {
    return HoneycombBody.checked(
        "texts",
        () -> {
          KnownKeys.check("a text of a board", node, Set.of("content", "before"));
          ObjectNode text = JsonTree.object();
          text.put("content", JsonKeys.text(node, "content", 1, TEXT_CHARS));
          text.put("before", JsonKeys.whole(node, "before", queries, 0, queries));
          return text;
        });
  }

  private ObjectNode query(JsonNode node) {
    HoneycombBody body =
        HoneycombBody.checked(
            "queries",
            () -> {
              KnownKeys.check("a query of a board", node, QUERY);
              return new HoneycombBody(node);
            });
    String dataset = body.text("dataset", 0, 255);
    String id = queryId(body, dataset);
    ObjectNode query = JsonTree.object();
    query.put("caption", body.text("caption", 0, 1_023));
    query.put(
        "query_style", body.choice("query_style", "graph", Set.of("graph", "table", "combo")));
    query.put("dataset", dataset.isEmpty() ? queries.dataset(id) : dataset);
    query.put("query_id", id);
    String annotation = body.text("query_annotation_id", 0, 255);
    if (!annotation.isEmpty()) {
      query.put("query_annotation_id", annotation(annotation, id).id());
    }
    for (String settings : Set.of("graph_settings", "visualization_settings")) {
      if (body.has(settings)) {
        query.set(settings, node.path(settings));
      }
    }
    return query;
  }

  private String queryId(HoneycombBody body, String dataset) {
    if (body.has("query_id") == body.has("query")) {
      throw Refusal.invalid(
          "queries", "invalid", "a query is named by query_id or written in query, one of them");
    }
    if (body.has("query")) {
      String named = HoneycombBody.checked("queries", () -> Datasets.checked(dataset));
      return HoneycombBody.checked("queries", () -> queries.make(named, body.json().path("query")));
    }
    String id = body.text("query_id", 1, 255);
    if (!queries.pin(id, dataset)) {
      throw Refusal.invalid("queries", "invalid", "there is no query " + id);
    }
    return id;
  }

  private QueryAnnotation annotation(String id, String query) {
    return records
        .queryAnnotations()
        .find(id)
        .filter(annotation -> annotation.query().equals(query))
        .orElseThrow(
            () ->
                Refusal.invalid(
                    "queries", "invalid", "there is no annotation %s of %s".formatted(id, query)));
  }

  private static ObjectNode view(Board board) {
    ObjectNode view = JsonTree.object();
    view.put("id", board.id());
    view.setAll((ObjectNode) JsonTree.parsed(board.body()));
    view.putObject("links").put("board_url", "/boards/" + board.id());
    return view;
  }
}
