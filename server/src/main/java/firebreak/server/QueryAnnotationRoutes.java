package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.records.QueryAnnotation;
import firebreak.records.Records;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;

/** Names and descriptions of queries, in Honeycomb's shape. A query that has one stays. */
final class QueryAnnotationRoutes implements Routes {
  private static final String PATH = "/1/query_annotations/:dataset";
  private static final Set<String> KEYS =
      Set.of("id", "name", "description", "query_id", "created_at", "updated_at", "source");

  private final Records records;
  private final QueryRoutes queries;
  private final Door door;
  private final InstantSource clock;

  QueryAnnotationRoutes(Records records, QueryRoutes queries, Door door, InstantSource clock) {
    this.records = records;
    this.queries = queries;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.post(router, PATH, Scope.QUERY, this::create);
    door.get(router, PATH, Scope.QUERY, this::list);
    door.get(router, PATH + "/:id", Scope.QUERY, ctx -> Answer.json(view(found(ctx))));
    door.put(router, PATH + "/:id", Scope.QUERY, this::update);
    door.delete(router, PATH + "/:id", Scope.QUERY, this::delete);
  }

  private Answer create(RoutingContext ctx) throws IOException {
    HoneycombBody body = HoneycombBody.read(ctx, "a query annotation", KEYS);
    String query = body.text("query_id", 1, 255);
    String dataset = Parameters.path(ctx, "dataset");
    if (!queries.pin(query, dataset)) {
      throw new IllegalArgumentException("Query is not in the dataset");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    QueryAnnotation annotation =
        new QueryAnnotation(
            UUID.randomUUID().toString(),
            dataset,
            body.text("name", 1, 320),
            body.text("description", 0, 1_023),
            query,
            now,
            now);
    records.queryAnnotations().save(annotation);
    return Answer.json(201, view(annotation));
  }

  private Answer update(RoutingContext ctx) throws IOException {
    QueryAnnotation before = found(ctx);
    HoneycombBody body = HoneycombBody.read(ctx, "a query annotation", KEYS);
    if (body.has("id") && !body.text("id", 0, 255).equals(before.id())) {
      throw new IllegalArgumentException("Query annotation id included in body does not match URL");
    }
    if (!body.text("query_id", 1, 255).equals(before.query())) {
      throw new IllegalArgumentException("queries in annotations cannot be changed");
    }
    QueryAnnotation annotation =
        new QueryAnnotation(
            before.id(),
            before.dataset(),
            body.text("name", 1, 320),
            body.text("description", 0, 1_023),
            before.query(),
            before.createdAt(),
            clock.instant().truncatedTo(ChronoUnit.SECONDS));
    records.queryAnnotations().save(annotation);
    return Answer.json(view(annotation));
  }

  private Answer list(RoutingContext ctx) {
    String dataset = Parameters.path(ctx, "dataset");
    return Answer.json(
        JsonTree.array(
            records.queryAnnotations().all().stream()
                .filter(annotation -> annotation.dataset().equals(dataset))
                .toList(),
            QueryAnnotationRoutes::view));
  }

  private Answer delete(RoutingContext ctx) {
    records.queryAnnotations().delete(found(ctx).id());
    return Answer.empty(204);
  }

  private QueryAnnotation found(RoutingContext ctx) {
    String id = Parameters.path(ctx, "id");
    return records
        .queryAnnotations()
        .find(id)
        .filter(annotation -> annotation.dataset().equals(Parameters.path(ctx, "dataset")))
        .orElseThrow(() -> new Refusal(404, "there is no query annotation " + id));
  }

  private static ObjectNode view(QueryAnnotation annotation) {
    ObjectNode view = JsonTree.object();
    view.put("id", annotation.id());
    view.put("name", annotation.name());
    view.put("description", annotation.description());
    view.put("query_id", annotation.query());
    view.set("created_at", JsonTree.time(annotation.createdAt()));
    view.set("updated_at", JsonTree.time(annotation.updatedAt()));
    return view;
  }
}
