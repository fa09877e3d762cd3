package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.EventStore.FieldType;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The datasets and their columns in Honeycomb's shape. Both come to be with their first event; a
 * dataset's slug is its name.
 */
final class DatasetRoutes implements Routes {
  private static final Set<String> KEYS =
      Set.of("name", "description", "expand_json_depth", "settings");

  private final EventStore store;
  private final Door door;

  DatasetRoutes(EventStore store, Door door) {
    this.store = store;
    this.door = door;
  }

  @Override
  public void register(Router router) {
    door.get(router, "/1/datasets", Scope.QUERY, _ -> datasets());
    door.post(router, "/1/datasets", Scope.INGEST, this::create);
    door.get(router, "/1/datasets/:dataset", Scope.QUERY, ctx -> Answer.json(view(known(ctx))));
    door.get(router, "/1/columns/:dataset", Scope.QUERY, this::columns);
    door.get(router, "/1/columns/:dataset/:id", Scope.QUERY, this::column);
  }

  private Answer datasets() {
    return Answer.json(JsonTree.array(store.datasets().keySet(), this::view));
  }

  /** There is nothing to make: the dataset's first event makes it. */
  private Answer create(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("a dataset", body, KEYS);
    String name = Datasets.checked(body.path("name").asText(""));
    return Answer.json(store.datasets().containsKey(name) ? 200 : 201, view(name));
  }

  private String known(RoutingContext ctx) {
    String dataset = Parameters.path(ctx, "dataset");
    if (!store.datasets().containsKey(dataset)) {
      throw new Refusal(404, "there is no dataset %s; its first event makes it".formatted(dataset));
    }
    return dataset;
  }

  private ObjectNode view(String dataset) {
    int columns = store.fields(dataset).size();
    ObjectNode view = JsonTree.object();
    view.put("name", dataset);
    view.put("slug", dataset);
    view.put("description", "");
    view.put("expand_json_depth", Limits.FLATTEN_DEPTH);
    view.put("regular_columns_count", columns == 0 ? null : columns);
    return view;
  }

  /** All columns, or the one that {@code key_name} names. */
  private Answer columns(RoutingContext ctx) {
    SortedMap<String, FieldType> fields = store.fields(known(ctx));
    @Nullable String name = ctx.queryParams().get("key_name");
    if (name == null) {
      return Answer.json(
          JsonTree.array(fields.entrySet(), field -> view(field.getKey(), field.getValue())));
    }
    FieldType type = fields.get(name);
    if (type == null) {
      throw new Refusal(404, "there is no column " + name);
    }
    return Answer.json(view(name, type));
  }

  private Answer column(RoutingContext ctx) {
    String id = Parameters.path(ctx, "id");
    return store.fields(known(ctx)).entrySet().stream()
        .filter(field -> id(field.getKey()).equals(id))
        .findFirst()
        .map(field -> Answer.json(view(field.getKey(), field.getValue())))
        .orElseThrow(() -> new Refusal(404, "there is no column with the id " + id));
  }

  private static ObjectNode view(String name, FieldType type) {
    ObjectNode view = JsonTree.object();
    view.put("id", id(name));
    view.put("key_name", name);
    view.put("type", type(type));
    view.put("description", "");
    view.put("hidden", false);
    return view;
  }

  /** The name in hexadecimal, which any path can carry. */
  private static String id(String name) {
    return HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8));
  }

  private static String type(FieldType type) {
    return switch (type) {
      case TEXT -> "string";
      case WHOLE -> "integer";
      case REAL -> "float";
      case TRUTH -> "boolean";
    };
  }
}
