package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.Dora;
import firebreak.deploytracker.Rollout;
import firebreak.eventstore.TimeRange;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The lives of builds, from pull request to traffic, and the figures read from them. */
final class RolloutRoutes implements Routes {
  private static final Duration SINCE = Duration.ofDays(7);
  private static final Duration LONGEST = Duration.ofDays(90);

  private final Releases releases;
  private final Door door;
  private final InstantSource clock;

  RolloutRoutes(Releases releases, Door door, InstantSource clock) {
    this.releases = releases;
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
            rollouts(ctx, range), rollout -> RolloutView.view(rollout, releases.blaming(rollout))));
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
    ObjectNode view = RolloutView.view(rollout, releases.blaming(rollout));
    RolloutView.addShares(view, rollout);
    Instant now = clock.instant();
    view.set(
        "slo_impact",
        JsonTree.array(
            releases.impacts(rollout, now),
            impact -> RolloutView.view(impact, releases.budget(impact.objective(), now), now)));
    return Answer.json(view);
  }

  private Answer dora(RoutingContext ctx) {
    TimeRange range = range(ctx);
    String environment =
        Objects.requireNonNullElse(ctx.queryParams().get("environment"), "production");
    ObjectNode view =
        RolloutView.view(Dora.of(rollouts(ctx, range), releases.outages(), environment, range));
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

  private List<Rollout> rollouts(RoutingContext ctx, TimeRange range) {
    @Nullable String service = ctx.queryParams().get("service");
    return releases.in(range).stream()
        .filter(rollout -> service == null || rollout.service().equals(service))
        .toList();
  }
}
