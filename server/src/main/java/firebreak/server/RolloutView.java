package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.bubbleup.Interval;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.Dora;
import firebreak.deploytracker.Rollout;
import firebreak.deploytracker.SideBySide;
import firebreak.eventstore.TimeRange;
import firebreak.guard.Incident;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link Rollout} as the API shows it. */
final class RolloutView {
  private RolloutView() {}

  /** All but what takes long to find out. */
  static ObjectNode view(Rollout rollout, List<Incident> blaming) {
    ObjectNode view = JsonTree.object();
    view.put("id", rollout.id());
    view.put("service", rollout.service());
    view.put("build_id", rollout.buildId());
    view.put("commit", rollout.commit());
    view.put("repository", rollout.repository());
    view.set("time", JsonTree.time(rollout.time()));
    view.set("merge", change(rollout.merge()));
    view.set("build", change(rollout.build()));
    view.set("artifact", change(rollout.artifact()));
    view.set("environments", JsonTree.array(rollout.landings(), RolloutView::landing));
    view.put("verdict", blaming.isEmpty() ? null : "blamed");
    view.set("incidents", JsonTree.array(blaming, RolloutView::incident));
    return view;
  }

  private static ObjectNode incident(Incident incident) {
    ObjectNode view = JsonTree.object();
    view.put("id", incident.id());
    view.put("slo", incident.alert().objective().id());
    view.put("state", IncidentView.word(incident.state()));
    view.set("posterior", JsonTree.number(incident.finding().verdict().posterior()));
    return view;
  }

  private static JsonNode change(@Nullable Change change) {
    return change == null ? NullNode.getInstance() : ChangeView.view(change);
  }

  private static ObjectNode landing(Rollout.Landing landing) {
    ObjectNode view = JsonTree.object();
    view.put("environment", landing.environment());
    view.put("declared", landing.isDeclared());
    view.put("confirmed", landing.isConfirmed());
    view.put("observed", landing.isConfirmed() && !landing.isDeclared());
    view.put("note", note(landing));
    view.set("deploys", JsonTree.array(landing.deploys(), ChangeView::view));
    view.set("first_seen", JsonTree.time(landing.firstSeen()));
    view.set("everywhere_at", JsonTree.time(landing.everywhereAt()));
    view.set("lead_time_seconds", seconds(landing.leadTime()));
    view.put("events", landing.events());
    view.set(
        "share",
        landing.shares().isEmpty()
            ? NullNode.getInstance()
            : JsonTree.number(landing.shares().getLast().share()));
    view.put("rollback", landing.isReturn());
    view.set("rolled_back_at", JsonTree.time(landing.leftAt()));
    return view;
  }

  private static String note(Rollout.Landing landing) {
    if (!landing.isConfirmed()) {
      return "declared, but no event of this build has come in";
    }
    return landing.isDeclared() ? "" : "nobody declared it; its events tell of it";
  }

  /** Adds its share of the traffic over time to each environment. */
  static void addShares(ObjectNode view, Rollout rollout) {
    for (int i = 0; i < rollout.landings().size(); i++) {
      ObjectNode landing = (ObjectNode) view.path("environments").get(i);
      ArrayNode shares =
          JsonTree.array(
              rollout.landings().get(i).shares(),
              share -> {
                ObjectNode point = JsonTree.object();
                point.set("time", JsonTree.time(share.time()));
                point.set("share", JsonTree.number(share.share()));
                point.put("events", share.events());
                return point;
              });
      landing.set("shares", shares);
    }
  }

  /**
   * What it did to an objective.
   *
   * @param budget bad events that the objective allows over its window
   */
  static ObjectNode view(Releases.Impact impact, double budget, Instant now) {
    ObjectNode view = view(impact.objective(), impact.sides(), budget);
    TimeRange range = impact.range();
    view.put("environment", impact.landing().environment());
    view.set("since", JsonTree.time(range.start()));
    // One that was first seen just now has had no time yet.
    view.set(
        "until", range.end().isAfter(now) ? NullNode.getInstance() : JsonTree.time(range.end()));
    return view;
  }

  private static ObjectNode view(Objective objective, SideBySide sides, double budget) {
    boolean isComparable = sides.isComparable();
    Interval excess = sides.excessInterval();
    ObjectNode view = JsonTree.object();
    view.put("slo", objective.id());
    view.set("build", counts(sides.some().eligible(), sides.some().bad()));
    view.set("rest", counts(sides.rest().eligible(), sides.rest().bad()));
    view.set("excess_bad", JsonTree.number(isComparable ? sides.excess() : Double.NaN));
    view.set("excess_low", JsonTree.number(isComparable ? excess.low() : Double.NaN));
    view.set("excess_high", JsonTree.number(isComparable ? excess.high() : Double.NaN));
    view.set(
        "budget_share",
        JsonTree.number(isComparable && budget > 0 ? sides.excess() / budget : Double.NaN));
    view.set("p_value", JsonTree.number(isComparable ? sides.pValue() : Double.NaN));
    return view;
  }

  private static ObjectNode counts(long events, long bad) {
    return JsonTree.object().put("events", events).put("bad", bad);
  }

  static ObjectNode view(Dora dora) {
    ObjectNode view = JsonTree.object();
    view.put("deploys", dora.deploys());
    view.set("deployment_frequency_per_day", JsonTree.number(dora.deploysPerDay()));
    view.set("lead_time_seconds", seconds(dora.leadTime()));
    view.put("lead_times", dora.leadTimes());
    view.put("failed", dora.failed());
    view.set("change_failure_rate", JsonTree.number(dora.failureRate()));
    view.set("time_to_restore_seconds", seconds(dora.restoreTime()));
    view.put("restored", dora.restored());
    return view;
  }

  private static JsonNode seconds(@Nullable Duration duration) {
    return duration == null
        ? NullNode.getInstance()
        : JsonTree.number(duration.toMillis() / 1_000.0);
  }
}
