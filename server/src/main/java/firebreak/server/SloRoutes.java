package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.records.Records;
import firebreak.records.Reset;
import firebreak.records.SavedSlo;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import firebreak.slo.SloMonitor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;

/**
 * Objectives in Honeycomb's shape. Those of files are shown too, with their id in place of a
 * derived column, and can be changed only where they are written.
 */
final class SloRoutes implements Routes {
  private static final String PATH = "/1/slos/:dataset";
  private static final Set<String> KEYS =
      Set.of(
          "id",
          "name",
          "description",
          "sli",
          "time_period_days",
          "target_per_million",
          "reset_at",
          "created_at",
          "updated_at",
          "dataset_slugs",
          "tags",
          "compliance",
          "budget_remaining");
  private static final int DATASETS = 10;

  private final Records records;
  private final Objectives objectives;
  private final SloMonitor monitor;
  private final Door door;
  private final InstantSource clock;

  SloRoutes(
      Records records, Objectives objectives, SloMonitor monitor, Door door, InstantSource clock) {
    this.records = records;
    this.objectives = objectives;
    this.monitor = monitor;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.post(router, PATH, Scope.SLO_WRITE, this::create);
    door.get(router, PATH, Scope.QUERY, this::list);
    door.get(router, PATH + "/:id", Scope.QUERY, this::show);
    door.put(router, PATH + "/:id", Scope.SLO_WRITE, this::update);
    door.delete(router, PATH + "/:id", Scope.SLO_WRITE, this::delete);
  }

  private Answer create(RoutingContext ctx) throws IOException {
    Instant now = now();
    SavedSlo slo = read(ctx, UUID.randomUUID().toString(), List.of(), now, now);
    save(slo);
    return Answer.json(201, view(slo));
  }

  private Answer update(RoutingContext ctx) throws IOException {
    SavedSlo before = saved(ctx);
    SavedSlo slo = read(ctx, before.id(), before.datasets(), before.createdAt(), now());
    save(slo);
    return Answer.json(view(slo));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  private void save(SavedSlo slo) {
    HoneycombBody.checked("time_period_days", () -> objectives.objective(slo));
    records.slos().save(slo);
    objectives.reload();
  }

  private SavedSlo read(
      RoutingContext ctx, String id, List<String> before, Instant created, Instant updated)
      throws IOException {
    HoneycombBody body = HoneycombBody.read(ctx, "an SLO", KEYS);
    List<String> datasets = datasets(Parameters.path(ctx, "dataset"), body, before);
    String alias = body.object("sli", Set.of("alias")).text("alias", 1, 255);
    if (objectives.column(datasets, alias).isEmpty()) {
      throw Refusal.invalid(
          "sli.alias",
          "invalid",
          "there is no derived column %s of %s"
              .formatted(alias, datasets.size() == 1 ? datasets.getFirst() : "all datasets"));
    }
    return new SavedSlo(
        id,
        body.text("name", 1, 120),
        body.text("description", 0, 1_023),
        datasets,
        alias,
        body.whole("target_per_million", 1, 999_999),
        body.whole("time_period_days", 1, SloMonitor.WINDOW_AT_MOST.toDays()),
        created,
        updated);
  }

  private static List<String> datasets(String path, HoneycombBody body, List<String> before) {
    if (!body.has("dataset_slugs")) {
      if (!before.isEmpty()) {
        return before;
      }
      if (path.equals(DerivedFields.ALL)) {
        throw Refusal.invalid("dataset_slugs", "missing", "is needed with __all__ in the path");
      }
      return List.of(HoneycombBody.checked("dataset", () -> Datasets.checked(path)));
    }
    List<String> datasets = new ArrayList<>();
    for (JsonNode each : body.json().path("dataset_slugs")) {
      datasets.add(HoneycombBody.checked("dataset_slugs", () -> Datasets.checked(each.asText(""))));
    }
    if (datasets.isEmpty() || datasets.size() > DATASETS) {
      throw Refusal.invalid(
          "dataset_slugs", "invalid", "is a list of 1 to %d datasets".formatted(DATASETS));
    }
    return datasets;
  }

  private Answer list(RoutingContext ctx) {
    String dataset = Parameters.path(ctx, "dataset");
    List<Objective> asked =
        monitor.objectives().stream()
            .filter(one -> dataset.equals(DerivedFields.ALL) || one.datasets().contains(dataset))
            .toList();
    return Answer.json(JsonTree.array(asked, this::view));
  }

  private Answer show(RoutingContext ctx) {
    Objective objective = found(ctx);
    ObjectNode view = view(objective);
    String detailed = ctx.queryParams().get("detailed");
    if (detailed != null && !detailed.equals("false")) {
      Instant now = clock.instant();
      Counts counts = monitor.budgetCounts(objective, objective.windowAt(now));
      OptionalDouble remaining = monitor.budgetRemaining(objective, now);
      view.set("compliance", JsonTree.number(100 - 100.0 * counts.bad() / counts.eligible()));
      view.set("budget_remaining", JsonTree.number(100 * remaining.orElse(Double.NaN)));
    }
    return Answer.json(view);
  }

  private Answer delete(RoutingContext ctx) {
    SavedSlo slo = saved(ctx);
    records.together(
        () -> {
          records.burnAlerts().all().stream()
              .filter(alert -> alert.slo().equals(slo.id()))
              .forEach(alert -> records.burnAlerts().delete(alert.id()));
          records.corrections().all().stream()
              .filter(correction -> correction.slo().equals(slo.id()))
              .forEach(correction -> records.corrections().delete(correction.id()));
          records.resets().delete(slo.id());
          records.slos().delete(slo.id());
        });
    objectives.reload();
    return Answer.empty(204);
  }

  /** The one that the path names, in a dataset of its own or under all of them. */
  private Objective found(RoutingContext ctx) {
    String dataset = Parameters.path(ctx, "dataset");
    Objective objective = objectives.find(Parameters.path(ctx, "id"));
    if (!dataset.equals(DerivedFields.ALL) && !objective.datasets().contains(dataset)) {
      throw new Refusal(404, "the SLO %s is not of %s".formatted(objective.id(), dataset));
    }
    return objective;
  }

  private SavedSlo saved(RoutingContext ctx) {
    String id = found(ctx).id();
    return records
        .slos()
        .find(id)
        .orElseThrow(
            () -> new Refusal(409, "the SLO " + id + " is that of a file: change it there"));
  }

  private ObjectNode view(Objective objective) {
    Optional<SavedSlo> saved = records.slos().find(objective.id());
    if (saved.isPresent()) {
      return view(saved.get());
    }
    ObjectNode view = JsonTree.object();
    view.put("id", objective.id());
    view.put("name", objective.name());
    view.put("description", "from a file");
    view.putObject("sli").put("alias", objective.id());
    view.put("time_period_days", Math.max(1, objective.window().toDays()));
    view.put("target_per_million", Math.round(objective.target() * 1e6));
    view.set("reset_at", resetAt(objective.id()));
    view.putNull("created_at");
    view.putNull("updated_at");
    view.set("dataset_slugs", JsonTree.texts(objective.datasets()));
    return view;
  }

  private ObjectNode view(SavedSlo slo) {
    ObjectNode view = JsonTree.object();
    view.put("id", slo.id());
    view.put("name", slo.name());
    view.put("description", slo.description());
    view.putObject("sli").put("alias", slo.alias());
    view.put("time_period_days", slo.periodDays());
    view.put("target_per_million", slo.targetPerMillion());
    view.set("reset_at", resetAt(slo.id()));
    view.set("created_at", JsonTree.time(slo.createdAt()));
    view.set("updated_at", JsonTree.time(slo.updatedAt()));
    view.set("dataset_slugs", JsonTree.texts(slo.datasets()));
    return view;
  }

  private JsonNode resetAt(String slo) {
    return JsonTree.time(records.resets().find(slo).map(Reset::at).orElse(null));
  }
}
