package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.Filter;
import firebreak.eventstore.IncompleteErasureException;
import firebreak.eventstore.PersistentEventStore;
import firebreak.eventstore.StoreStatus;
import firebreak.eventstore.Value;
import firebreak.records.Records;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * How the event store is doing, and what its operator may do with it: make a backup, erase one
 * customer's events. What is done is recorded in the audit record.
 */
final class StoreRoutes implements Routes {
  private static final String ALL = "__all__";

  private final PersistentEventStore store;
  private final Records records;
  private final Config config;
  private final Housekeeping housekeeping;
  private final Runnable forgetResults;
  private final Door door;
  private final InstantSource clock;

  /**
   * Makes the routes.
   *
   * @param forgetResults forgets all answers that are kept, which may show what was erased
   */
  StoreRoutes(
      PersistentEventStore store,
      Records records,
      Config config,
      Housekeeping housekeeping,
      Runnable forgetResults,
      Door door,
      InstantSource clock) {
    this.store = store;
    this.records = records;
    this.config = config;
    this.housekeeping = housekeeping;
    this.forgetResults = forgetResults;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.get(router, "/api/v1/store", Scope.QUERY, _ -> Answer.json(status()));
    door.post(router, "/api/v1/admin/snapshot", Scope.ADMIN, this::snapshot);
    door.post(router, "/api/v1/admin/erase", Scope.ADMIN, this::erase);
  }

  private ObjectNode status() {
    StoreStatus status = store.status();
    ObjectNode view = JsonTree.object();
    view.put("healthy", status.isHealthy() && housekeeping.trouble().isEmpty());
    view.put("trouble", housekeeping.trouble());
    view.put("events", status.events());
    view.put("parts", status.parts());
    view.put("part_bytes", status.partBytes());
    view.put("fresh_events", status.freshRows());
    view.put("fresh_bytes", status.freshBytes());
    view.put("journal_bytes", status.journalBytes());
    view.put("disk_free_bytes", status.freeBytes());
    view.put("duplicates_dropped", status.duplicates());
    view.put("overflowed_fields", status.overflowedFields());
    view.put("refused_events", status.refusedEvents());
    view.set("damaged", JsonTree.texts(status.damaged()));
    ObjectNode datasets = view.putObject("datasets");
    store
        .datasets()
        .forEach(
            (dataset, events) -> {
              Config.Keeping keeping = config.store().of(dataset);
              ObjectNode line = datasets.putObject(dataset);
              line.put("events", events);
              line.put("durability", IncidentView.word(keeping.durability()));
              if (!dataset.startsWith(Datasets.RESERVED_PREFIX)) {
                line.put("retention_seconds", keeping.retention().toSeconds());
              }
            });
    return view;
  }

  private Answer snapshot(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("a snapshot", body, Set.of("to"));
    Path to = Path.of(text(body, "to"));
    if (!to.isAbsolute()) {
      throw new IllegalArgumentException("to is an absolute path on the server, was " + to);
    }
    ObjectNode contents = Backup.make(store, records, config.data(), to, clock.instant());
    ObjectNode told = JsonTree.object().put("to", to.toString());
    record(ctx, "backup_made", told);
    return Answer.json(contents.put("to", to.toString()));
  }

  private Answer erase(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("an erasure", body, Set.of("dataset", "field", "value"));
    List<String> datasets = datasets(text(body, "dataset"));
    String field = text(body, "field");
    if (!body.has("value")) {
      throw new IllegalArgumentException("value is missing: name the value whose events go");
    }
    Value value = JsonTree.value(body.path("value"));
    ObjectNode told = JsonTree.object().put("field", field).put("value_sha256", hash(value));
    told.set("datasets", JsonTree.texts(datasets));
    record(ctx, "erasure_asked", told);
    long erased = 0;
    List<String> left = new ArrayList<>();
    try {
      for (String dataset : datasets) {
        try {
          erased += store.erase(dataset, Filter.equal(field, value));
        } catch (IncompleteErasureException e) {
          erased += e.erased();
          left.add("%s: %s".formatted(dataset, e.getMessage()));
        }
      }
    } finally {
      forgetResults.run();
    }
    String kind = left.isEmpty() ? "erased" : "erasure_incomplete";
    record(ctx, kind, told.deepCopy().put("events", erased));
    if (!left.isEmpty()) {
      throw new Refusal(500, String.join(" ", left));
    }
    ObjectNode view = JsonTree.object().put("erased", erased);
    view.set("datasets", JsonTree.texts(datasets));
    view.put("note", "backups made before still hold these events");
    return Answer.json(view);
  }

  /** What is Firebreak's own stays: it holds no events of customers. */
  private List<String> datasets(String asked) {
    List<String> known =
        store.datasets().keySet().stream()
            .filter(dataset -> !dataset.startsWith(Datasets.RESERVED_PREFIX))
            .toList();
    if (asked.equals(ALL)) {
      return known;
    }
    if (!known.contains(Datasets.checked(asked))) {
      throw new Refusal(404, "there is no dataset %s; %s means all".formatted(asked, ALL));
    }
    return List.of(asked);
  }

  private static String text(JsonNode body, String name) {
    String text = body.path(name).asText("");
    if (text.isEmpty()) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return text;
  }

  private void record(RoutingContext ctx, String kind, ObjectNode body) {
    records
        .audit()
        .append(clock.instant(), Access.principal(ctx).name(), kind, "", "", body.toString());
  }

  /** Of the value as text, so that the record itself does not name whom it is about. */
  private static String hash(Value value) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(value.display().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
