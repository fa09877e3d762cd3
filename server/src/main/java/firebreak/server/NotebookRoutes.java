package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.records.Kept;
import firebreak.records.Notebook;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;

/** Notebooks: ordered, titled chains of questions, each pinned to the answer that it saw. */
final class NotebookRoutes implements Routes {
  private static final String PATH = "/api/v1/notebooks";
  private static final int STEPS = 100;
  private static final int NOTE_CHARS = 8_000;
  private static final int QUESTION_CHARS = 16_000;

  /** Characters of the answer that one step is pinned to. */
  private static final int SEEN_CHARS = 64_000;

  private final Kept<Notebook> notebooks;
  private final Door door;
  private final InstantSource clock;

  NotebookRoutes(Kept<Notebook> notebooks, Door door, InstantSource clock) {
    this.notebooks = notebooks;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.get(router, PATH, Scope.QUERY, _ -> Answer.json(list()));
    door.post(router, PATH, Scope.QUERY, this::create);
    door.get(router, PATH + "/:id", Scope.QUERY, ctx -> Answer.json(view(found(ctx))));
    door.put(router, PATH + "/:id", Scope.QUERY, this::update);
    door.delete(router, PATH + "/:id", Scope.QUERY, this::delete);
  }

  private ObjectNode list() {
    ObjectNode view = JsonTree.object();
    view.set(
        "notebooks",
        JsonTree.array(
            notebooks.all().reversed(),
            notebook -> {
              ObjectNode line = view(notebook);
              line.put("steps", line.path("steps").size());
              return line;
            }));
    return view;
  }

  private Answer create(RoutingContext ctx) throws IOException {
    Instant now = now();
    Notebook notebook = new Notebook(UUID.randomUUID().toString(), read(body(ctx)), now, now);
    notebooks.save(notebook);
    return Answer.json(201, view(notebook));
  }

  /** Two who write at a time: the second is told, and nothing of the first is lost. */
  private synchronized Answer update(RoutingContext ctx) throws IOException {
    JsonNode body = body(ctx);
    Notebook before = found(ctx);
    String seen = JsonKeys.text(body, "updated_at");
    if (!seen.isEmpty() && !seen.equals(before.updatedAt().toString())) {
      throw new Refusal(
          409, "somebody changed it at %s, after you read it".formatted(before.updatedAt()));
    }
    Notebook notebook = new Notebook(before.id(), read(body), before.createdAt(), now());
    notebooks.save(notebook);
    return Answer.json(view(notebook));
  }

  private synchronized Answer delete(RoutingContext ctx) {
    notebooks.delete(found(ctx).id());
    return Answer.empty(204);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private Notebook found(RoutingContext ctx) {
    String id = Parameters.path(ctx, "id");
    return notebooks.find(id).orElseThrow(() -> new Refusal(404, "there is no notebook " + id));
  }

  private static JsonNode body(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("a notebook", body, Set.of("title", "description", "steps", "updated_at"));
    return body;
  }

  private static String read(JsonNode body) {
    ObjectNode notebook = JsonTree.object();
    notebook.put("title", JsonKeys.text(body, "title", 1, 255));
    notebook.put("description", JsonKeys.text(body, "description", 0, NOTE_CHARS));
    ArrayNode steps = notebook.putArray("steps");
    for (JsonNode step : JsonKeys.list(body, "steps", STEPS)) {
      steps.add(step(step));
    }
    return notebook.toString();
  }

  private static ObjectNode step(JsonNode body) {
    KnownKeys.check("a step", body, Set.of("title", "note", "question", "seen"));
    ObjectNode step = JsonTree.object();
    step.put("title", JsonKeys.text(body, "title", 0, 255));
    step.put("note", JsonKeys.text(body, "note", 0, NOTE_CHARS));
    step.set("question", object(body, "question", QUESTION_CHARS));
    step.set("seen", object(body, "seen", SEEN_CHARS));
    return step;
  }

  private static JsonNode object(JsonNode holder, String key, int chars) {
    JsonNode node = holder.path(key);
    if (!node.isObject() && !node.isNull()) {
      throw new IllegalArgumentException(
          "%s is a JSON object or null, was %s".formatted(key, node));
    }
    int length = node.toString().length();
    if (length > chars) {
      throw new IllegalArgumentException(
          "%s has at most %d characters, had %d".formatted(key, chars, length));
    }
    return node;
  }

  private static ObjectNode view(Notebook notebook) {
    ObjectNode view = JsonTree.object();
    view.put("id", notebook.id());
    view.setAll((ObjectNode) JsonTree.parsed(notebook.body()));
    view.set("created_at", JsonTree.time(notebook.createdAt()));
    view.set("updated_at", JsonTree.time(notebook.updatedAt()));
    return view;
  }
}
