package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.Formula;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Traces;
import firebreak.records.DerivedColumn;
import firebreak.records.DerivedColumns;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;

/** Derived columns that queries of a dataset, or of all of them, name by their alias. */
final class DerivedColumnRoutes implements Routes {
  private static final String PATH = "/1/derived_columns/:dataset";
  private static final Set<String> KEYS =
      Set.of("id", "alias", "expression", "description", "created_at", "updated_at");
  private static final int TEXT = 255;

  private final DerivedColumns columns;
  private final Door door;
  private final InstantSource clock;

  DerivedColumnRoutes(DerivedColumns columns, Door door, InstantSource clock) {
    this.columns = columns;
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
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String id = UUID.randomUUID().toString();
    return Answer.json(201, saved(read(ctx, id, now, now)));
  }

  private Answer update(RoutingContext ctx) throws IOException {
    DerivedColumn before = found(ctx);
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return Answer.json(saved(read(ctx, before.id(), before.createdAt(), now)));
  }

  private ObjectNode saved(DerivedColumn column) {
    if (!columns.save(column)) {
      throw new Refusal(409, "alias: there is a derived column %s".formatted(column.alias()));
    }
    return view(column);
  }

  private static DerivedColumn read(RoutingContext ctx, String id, Instant created, Instant updated)
      throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("a derived column", body, KEYS);
    String alias = JsonKeys.text(body, "alias", 1, TEXT);
    if (Traces.isRelational(alias) || !FilterJson.someSpan(alias).isEmpty()) {
      throw new IllegalArgumentException(
          "alias: %s reads as a field of another span".formatted(alias));
    }
    String expression = JsonKeys.text(body, "expression", 1, Limits.FORMULA_LENGTH);
    check(expression);
    return new DerivedColumn(
        id,
        Parameters.path(ctx, "dataset"),
        alias,
        expression,
        JsonKeys.text(body, "description", 0, TEXT),
        created,
        updated);
  }

  private static void check(String expression) {
    Formula formula;
    try {
      formula = Formula.parse(expression);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("expression: " + e.getMessage(), e);
    }
    for (String field : formula.fields()) {
      if (Traces.isRelational(field) || !FilterJson.someSpan(field).isEmpty()) {
        throw new IllegalArgumentException(
            "expression: $%s is of another span; a formula reads its own event".formatted(field));
      }
    }
  }

  private Answer list(RoutingContext ctx) {
    String dataset = Parameters.path(ctx, "dataset");
    String alias = ctx.queryParams().get("alias");
    if (alias == null) {
      return Answer.json(JsonTree.array(columns.of(dataset), DerivedColumnRoutes::view));
    }
    return Answer.json(
        columns.of(dataset).stream()
            .filter(column -> column.alias().equals(alias))
            .findFirst()
            .map(DerivedColumnRoutes::view)
            .orElseThrow(() -> new Refusal(404, "there is no derived column " + alias)));
  }

  private Answer delete(RoutingContext ctx) {
    columns.delete(found(ctx).id());
    return Answer.empty(204);
  }

  private DerivedColumn found(RoutingContext ctx) {
    String id = Parameters.path(ctx, "id");
    return columns.of(Parameters.path(ctx, "dataset")).stream()
        .filter(column -> column.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new Refusal(404, "there is no derived column with the id " + id));
  }

  private static ObjectNode view(DerivedColumn column) {
    ObjectNode view = JsonTree.object();
    view.put("id", column.id());
    view.put("alias", column.alias());
    view.put("expression", column.expression());
    view.put("description", column.description());
    view.set("created_at", JsonTree.time(column.createdAt()));
    view.set("updated_at", JsonTree.time(column.updatedAt()));
    return view;
  }
}
