package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.records.Recipient;
import firebreak.records.Records;
import firebreak.records.SavedBurnAlert;
import firebreak.slo.Objective;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Burn alerts in Honeycomb's shape, of objectives that were made over the API or in files. */
final class BurnAlertRoutes implements Routes {
  private static final String PATH = "/1/burn_alerts/:dataset";
  private static final String EXHAUSTION = "exhaustion_time";
  private static final String RATE = "budget_rate";
  private static final Set<String> KEYS =
      Set.of(
          "id",
          "slo",
          "description",
          "alert_type",
          "triggered",
          "exhaustion_minutes",
          "budget_rate_window_minutes",
          "budget_rate_decrease_threshold_per_million",
          "recipients",
          "created_at",
          "updated_at");
  private static final Set<String> RECIPIENT = Set.of("id", "type", "target", "details");
  private static final int RECIPIENTS = 100;
  private static final int MILLION = 1_000_000;

  private final Records records;
  private final Objectives objectives;
  private final Door door;
  private final InstantSource clock;

  BurnAlertRoutes(Records records, Objectives objectives, Door door, InstantSource clock) {
    this.records = records;
    this.objectives = objectives;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.post(router, PATH, Scope.SLO_WRITE, this::create);
    door.get(router, PATH, Scope.QUERY, this::list);
    door.get(router, PATH + "/:id", Scope.QUERY, ctx -> Answer.json(detail(found(ctx))));
    door.put(router, PATH + "/:id", Scope.SLO_WRITE, this::update);
    door.delete(router, PATH + "/:id", Scope.SLO_WRITE, this::delete);
  }

  private Answer create(RoutingContext ctx) throws IOException {
    HoneycombBody body = HoneycombBody.read(ctx, "a burn alert", KEYS);
    String slo = body.object("slo", Set.of("id")).text("id", 1, 255);
    objective(ctx, slo);
    SavedBurnAlert alert = read(body, UUID.randomUUID().toString(), slo, null);
    save(alert);
    return Answer.json(201, detail(alert));
  }

  private Answer update(RoutingContext ctx) throws IOException {
    SavedBurnAlert before = found(ctx);
    HoneycombBody body = HoneycombBody.read(ctx, "a burn alert", KEYS);
    SavedBurnAlert alert = read(body, before.id(), before.slo(), before);
    if (!alert.type().equals(before.type())) {
      throw Refusal.invalid("alert_type", "invalid", "cannot be changed; make another burn alert");
    }
    save(alert);
    return Answer.json(detail(alert));
  }

  private void save(SavedBurnAlert alert) {
    records.burnAlerts().save(alert);
    objectives.reload();
  }

  private SavedBurnAlert read(
      HoneycombBody body, String id, String slo, @Nullable SavedBurnAlert before) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String type =
        body.choice(
            "alert_type", before == null ? EXHAUSTION : before.type(), Set.of(EXHAUSTION, RATE));
    boolean isRate = type.equals(RATE);
    if (isRate) {
      body.refuse("exhaustion_minutes", "must not be there with alert_type budget_rate");
    } else {
      String why = "must not be there with alert_type exhaustion_time";
      body.refuse("budget_rate_window_minutes", why);
      body.refuse("budget_rate_decrease_threshold_per_million", why);
    }
    Duration window = objectives.find(slo).window();
    String minutes = isRate ? "budget_rate_window_minutes" : "exhaustion_minutes";
    SavedBurnAlert alert =
        new SavedBurnAlert(
            id,
            slo,
            body.text("description", 0, 1_023),
            type,
            body.whole(minutes, isRate ? 60 : 0, isRate ? window.toMinutes() : Integer.MAX_VALUE),
            isRate ? body.whole("budget_rate_decrease_threshold_per_million", 1, MILLION) : 0,
            recipients(body),
            before == null ? null : before.triggeredAt(),
            before == null ? now : before.createdAt(),
            now);
    check(alert, minutes);
    return alert;
  }

  /** Whether the objective takes it beside those that it has. */
  private void check(SavedBurnAlert alert, String field) {
    Objective objective = objectives.find(alert.slo());
    var rules =
        new ArrayList<>(
            objective.budgetRules().stream()
                .filter(rule -> !rule.id().equals(alert.id()))
                .toList());
    HoneycombBody.checked(
        field,
        () -> {
          rules.add(Objectives.rule(alert));
          return objective.alertedBy(rules);
        });
  }

  private List<SavedBurnAlert.Told> recipients(HoneycombBody body) {
    List<SavedBurnAlert.Told> told = new ArrayList<>();
    for (JsonNode each :
        HoneycombBody.checked(
            "recipients", () -> JsonKeys.list(body.json(), "recipients", RECIPIENTS))) {
      HoneycombBody.checked(
          "recipients",
          () -> {
            KnownKeys.check("a recipient", each, RECIPIENT);
            return each;
          });
      JsonNode details = each.path("details");
      told.add(
          new SavedBurnAlert.Told(
              recipient(each).id(), details.isObject() ? details.toString() : ""));
    }
    if (told.isEmpty()) {
      throw Refusal.invalid("recipients", "missing", "names at least one to tell");
    }
    return told;
  }

  /** The recipient that an id names, or in the old way a type and a target. */
  private Recipient recipient(JsonNode named) {
    String id = named.path("id").asText("");
    String type = named.path("type").asText("");
    String target = named.path("target").asText("");
    return records.recipients().all().stream()
        .filter(
            recipient ->
                id.isEmpty()
                    ? recipient.type().equals(type)
                        && RecipientRoutes.target(recipient).equals(target)
                    : recipient.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.invalid(
                    "recipients",
                    "invalid",
                    "there is no recipient "
                        + (id.isEmpty() ? "of type %s for %s".formatted(type, target) : id)));
  }

  private Answer list(RoutingContext ctx) {
    String slo = ctx.queryParams().get("slo_id");
    if (slo == null || slo.isEmpty()) {
      throw Refusal.invalid("slo_id", "missing", "names the SLO whose burn alerts are asked for");
    }
    objective(ctx, slo);
    return Answer.json(
        JsonTree.array(
            records.burnAlerts().all().stream().filter(alert -> alert.slo().equals(slo)).toList(),
            BurnAlertRoutes::view));
  }

  private Answer delete(RoutingContext ctx) {
    records.burnAlerts().delete(found(ctx).id());
    objectives.reload();
    return Answer.empty(204);
  }

  private SavedBurnAlert found(RoutingContext ctx) {
    String id = Parameters.path(ctx, "id");
    SavedBurnAlert alert =
        records
            .burnAlerts()
            .find(id)
            .orElseThrow(() -> new Refusal(404, "there is no burn alert " + id));
    objective(ctx, alert.slo());
    return alert;
  }

  private Objective objective(RoutingContext ctx, String slo) {
    String dataset = Parameters.path(ctx, "dataset");
    Objective objective = objectives.find(slo);
    if (!dataset.equals(DerivedFields.ALL) && !objective.datasets().contains(dataset)) {
      throw new Refusal(404, "the SLO %s is not of %s".formatted(slo, dataset));
    }
    return objective;
  }

  private static ObjectNode view(SavedBurnAlert alert) {
    ObjectNode view = JsonTree.object();
    view.put("id", alert.id());
    view.put("alert_type", alert.type());
    view.put("description", alert.description());
    view.put("triggered", alert.triggeredAt() != null);
    if (alert.type().equals(RATE)) {
      view.put("budget_rate_window_minutes", alert.minutes());
      view.put("budget_rate_decrease_threshold_per_million", alert.decreasePerMillion());
    } else {
      view.put("exhaustion_minutes", alert.minutes());
    }
    view.putObject("slo").put("id", alert.slo());
    view.set("created_at", JsonTree.time(alert.createdAt()));
    view.set("updated_at", JsonTree.time(alert.updatedAt()));
    return view;
  }

  private ObjectNode detail(SavedBurnAlert alert) {
    ObjectNode view = view(alert);
    var recipients = view.putArray("recipients");
    for (SavedBurnAlert.Told told : alert.recipients()) {
      ObjectNode line = recipients.addObject().put("id", told.recipient());
      records
          .recipients()
          .find(told.recipient())
          .ifPresent(
              recipient -> {
                line.put("type", recipient.type());
                line.put("target", RecipientRoutes.target(recipient));
              });
      if (!told.details().isEmpty()) {
        line.set("details", JsonTree.parsed(told.details()));
      }
    }
    return view;
  }
}
