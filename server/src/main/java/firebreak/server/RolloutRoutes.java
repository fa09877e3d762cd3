package firebreak.server;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.Dora;
import firebreak.deploytracker.FieldRoles;
import firebreak.deploytracker.Rollout;
import firebreak.deploytracker.Rollouts;
import firebreak.deploytracker.SideBySide;
import firebreak.deploytracker.Sightings;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.guard.Incident;
import firebreak.slo.Objective;
import firebreak.slo.SloMonitor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The lives of builds, from pull request to traffic, and the figures read from them. */
final class RolloutRoutes implements Routes {
  private static final Duration SINCE = Duration.ofDays(7);
  private static final Duration LONGEST = Duration.ofDays(90);

  /** Of so many buckets the shares over time are made. */
  private static final long BUCKETS = 500;

  /** The impact of a build is that of its first day; later ones have other causes. */
  private static final Duration IMPACT = Duration.ofDays(1);

  private final EventStore store;
  private final FieldRoles fields;
  private final Sightings sightings;
  private final ChangeLog changes;
  private final SloMonitor monitor;
  private final Supplier<List<Incident>> incidents;
  private final Door door;
  private final InstantSource clock;

  RolloutRoutes(
      EventStore store,
      FieldRoles fields,
      ChangeLog changes,
      SloMonitor monitor,
      Supplier<List<Incident>> incidents,
      Door door,
      InstantSource clock) {
    this.store = store;
    this.fields = fields;
    this.sightings = new Sightings(store, fields);
    this.changes = changes;
    this.monitor = monitor;
    this.incidents = incidents;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.get(router, "/api/v1/rollouts", Scope.QUERY, this::list);
    door.get(router, "/api/v1/rollouts/:id", Scope.QUERY, this::one);
    door.get(router, "/api/v1/dora", Scope.QUERY, this::dora);
  }

  private Answer list(RoutingContext ctx) {
    TimeRange range = range(ctx);
    ObjectNode view = JsonTree.object();
    view.set("since", JsonTree.time(range.start()));
    view.set("until", JsonTree.time(range.end()));
    view.set(
        "rollouts",
        JsonTree.array(
            rollouts(ctx, range), rollout -> RolloutView.view(rollout, blaming(rollout))));
    return Answer.json(view);
  }

  private Answer one(RoutingContext ctx) {
    String id = Parameters.path(ctx, "id");
    TimeRange range = range(ctx);
    Rollout rollout =
        rollouts(ctx, range).stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    new Refusal(
                        404,
                        "there is no rollout %s between %s and %s"
                            .formatted(id, range.start(), range.end())));
    ObjectNode view = RolloutView.view(rollout, blaming(rollout));
    RolloutView.addShares(view, rollout);
    view.set("slo_impact", JsonTree.array(impacts(rollout), node -> node));
    return Answer.json(view);
  }

  private Answer dora(RoutingContext ctx) {
    TimeRange range = range(ctx);
    String environment =
        Objects.requireNonNullElse(ctx.queryParams().get("environment"), "production");
    List<Dora.Outage> outages =
        incidents.get().stream()
            .filter(incident -> isOfRelease(incident))
            .map(RolloutRoutes::outage)
            .toList();
    ObjectNode view = RolloutView.view(Dora.of(rollouts(ctx, range), outages, environment, range));
    view.put("environment", environment);
    view.set("since", JsonTree.time(range.start()));
    view.set("until", JsonTree.time(range.end()));
    return Answer.json(view);
  }

  private TimeRange range(RoutingContext ctx) {
    Instant until = Parameters.time(ctx, "until", clock.instant());
    TimeRange range = Parameters.since(ctx, until, SINCE);
    if (range.length().compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "rollouts are told over %s at most, was %s".formatted(LONGEST, range.length()));
    }
    return range;
  }

  /** Those that came into an environment in the range. */
  private List<Rollout> rollouts(RoutingContext ctx, TimeRange range) {
    @Nullable String service = ctx.queryParams().get("service");
    List<String> datasets =
        store.datasets().keySet().stream()
            .filter(dataset -> !dataset.startsWith(Datasets.RESERVED_PREFIX))
            .toList();
    List<Change> known =
        changes.changes(new TimeRange(range.start().minus(Sightings.LOOK_BACK), range.end()));
    Duration bucket = Duration.ofMinutes(1 + range.length().toMinutes() / BUCKETS);
    return Rollouts.of(known, sightings.in(datasets, range, bucket)).stream()
        .filter(rollout -> service == null || rollout.service().equals(service))
        .filter(rollout -> !rollout.time().isBefore(range.start()))
        .toList();
  }

  private List<Incident> blaming(Rollout rollout) {
    return incidents.get().stream()
        .filter(incident -> isOfRelease(incident) && outage(incident).isBlamedOn(rollout))
        .toList();
  }

  private static boolean isOfRelease(Incident incident) {
    return switch (incident.finding().verdict().kind()) {
      case FLAG, DEPLOY -> true;
      case CUSTOMER, NONE, UNSURE -> false;
    };
  }

  private static Dora.Outage outage(Incident incident) {
    return new Dora.Outage(
        incident.finding().verdict().buildId(),
        Set.of(incident.finding().verdict().changeId()),
        incident.alert().beganAt(),
        incident.alert().endedAt());
  }

  /** Of each objective of the service: how its events fared on the build and on the rest. */
  private List<ObjectNode> impacts(Rollout rollout) {
    return rollout.landings().stream()
        .filter(Rollout.Landing::isConfirmed)
        .flatMap(
            landing ->
                monitor.objectives().stream()
                    .filter(objective -> objective.service().equals(rollout.service()))
                    .map(objective -> impact(rollout, landing, objective)))
        .toList();
  }

  private ObjectNode impact(Rollout rollout, Rollout.Landing landing, Objective objective) {
    Instant first = Objects.requireNonNull(landing.firstSeen());
    Instant now = clock.instant();
    Instant end = first.plus(IMPACT).isBefore(now) ? first.plus(IMPACT) : now;
    Filter place =
        landing.environment().isEmpty() || landing.isDeclared()
            ? Filter.ALL
            : FieldRoles.is(fields.environment(), landing.environment());
    SideBySide sides =
        SideBySide.of(
            store,
            objective,
            place,
            FieldRoles.is(fields.build(), rollout.buildId()),
            new TimeRange(first, end.isAfter(first) ? end : first.plusSeconds(1)));
    double budget =
        objective.budgetShare()
            * monitor.counts(objective, TimeRange.before(now, objective.window())).eligible();
    ObjectNode view = RolloutView.view(objective, sides, budget);
    view.put("environment", landing.environment());
    view.set("since", JsonTree.time(first));
    view.set("until", end.isAfter(first) ? JsonTree.time(end) : NullNode.getInstance());
    return view;
  }
}
