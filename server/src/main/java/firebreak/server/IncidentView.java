package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.Counterfactual;
import firebreak.deploytracker.Finding;
import firebreak.deploytracker.Suspect;
import firebreak.deploytracker.Verdict;
import firebreak.flags.Audience;
import firebreak.flags.Withdrawal;
import firebreak.guard.ApprovalRequest;
import firebreak.guard.Incident;
import firebreak.guard.Lease;
import firebreak.guard.Mitigation;
import firebreak.slo.BurnAlert;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An {@link Incident} as the API shows it. */
final class IncidentView {
  private IncidentView() {}

  static ObjectNode view(Incident incident) {
    BurnAlert alert = incident.alert();
    ObjectNode view = JsonTree.object();
    view.put("id", incident.id());
    view.put("slo", alert.objective().id());
    view.put("slo_name", alert.objective().name());
    view.put("service", alert.objective().service());
    view.put("dataset", alert.objective().datasets().getFirst());
    view.put("target", alert.objective().target());
    view.put("state", word(incident.state()));
    view.set("opened_at", JsonTree.time(incident.openedAt()));
    view.set("burn_began_at", JsonTree.time(alert.beganAt()));
    view.set("detected_at", JsonTree.time(alert.detectedAt()));
    view.set("burn_ended_at", JsonTree.time(alert.endedAt()));
    view.set("closed_at", JsonTree.time(incident.closedAt()));
    view.put("detected_by", word(alert.detector()));
    view.put("urgent", alert.urgent());
    view.set("burn_rate", JsonTree.number(alert.burnRate()));
    view.set("budget_spent_at_detection", JsonTree.number(alert.budgetSpent()));
    view.set("budget_remaining", JsonTree.number(incident.budgetRemaining()));
    view.set("verdict", verdict(incident.finding().verdict()));
    view.set("suspects", JsonTree.array(incident.finding().suspects(), IncidentView::suspect));
    view.set(
        "counterfactuals",
        JsonTree.array(incident.finding().counterfactuals(), IncidentView::counterfactual));
    view.put("selected", incident.explanation().selected());
    view.put("baseline", incident.explanation().baseline());
    view.put("fields_tested", incident.explanation().fieldsTested());
    ExplanationView.add(view, incident.explanation());
    Mitigation mitigation = incident.mitigation();
    view.set(
        "mitigation",
        mitigation == null
            ? JsonTree.value((firebreak.eventstore.Value) null)
            : mitigation(mitigation));
    view.set("mitigations", JsonTree.array(incident.mitigations(), IncidentView::mitigation));
    return view;
  }

  static ObjectNode mitigation(Mitigation mitigation) {
    ObjectNode view = JsonTree.object();
    view.put("id", mitigation.id());
    view.put("state", word(mitigation.state()));
    view.put("actor", mitigation.actor());
    view.set("action", action(mitigation.withdrawal()));
    view.set("refusals", JsonTree.texts(mitigation.refusals()));
    view.set("predicted", prediction(mitigation.predicted()));
    ObjectNode observed = JsonTree.object();
    observed.set("burn_rate_after", JsonTree.number(mitigation.observedBurnRate()));
    view.set("observed", observed);
    view.set("proposed_at", JsonTree.time(mitigation.proposedAt()));
    view.set("sent_at", JsonTree.time(mitigation.sentAt()));
    view.set("applied_at", JsonTree.time(mitigation.appliedAt()));
    view.set("before", JsonTree.parsed(mitigation.before()));
    view.set("after", JsonTree.parsed(mitigation.after()));
    view.put("fence", mitigation.withdrawal().fence());
    view.put("note", mitigation.note());
    view.set("approval", approval(mitigation.approval()));
    Lease lease = mitigation.lease();
    view.set("until", JsonTree.time(lease == null ? null : lease.end()));
    view.set("way_back", JsonTree.array(mitigation.wayBack(), WayBackView::view));
    return view;
  }

  private static JsonNode approval(@Nullable ApprovalRequest request) {
    if (request == null) {
      return JsonTree.value((firebreak.eventstore.Value) null);
    }
    ObjectNode view = JsonTree.object();
    view.put("id", request.id());
    view.set("asked_at", JsonTree.time(request.askedAt()));
    view.put("standing", word(request.standing()));
    view.put("by", request.by());
    view.put("note", request.note());
    return view;
  }

  static ObjectNode action(Withdrawal withdrawal) {
    ObjectNode view = JsonTree.object();
    view.put("flag", withdrawal.flag());
    view.set("audience", audience(withdrawal.audience()));
    view.put("from_variation", withdrawal.fromVariation());
    view.put("to_variation", withdrawal.toVariation());
    return view;
  }

  static ObjectNode audience(Audience audience) {
    ObjectNode view = JsonTree.object();
    switch (audience) {
      case Audience.Contexts contexts -> {
        view.put("kind", "context");
        view.put("context_kind", contexts.kind());
        view.set("keys", JsonTree.texts(contexts.keys()));
      }
      case Audience.Segment segment -> {
        view.put("kind", "segment");
        view.put("key", segment.key());
      }
      case Audience.Everyone() -> view.put("kind", "everyone");
    }
    return view;
  }

  private static JsonNode verdict(Verdict verdict) {
    ObjectNode view = JsonTree.object();
    view.put("kind", word(verdict.kind()));
    view.put("change_id", verdict.changeId());
    Verdict.Lever lever = verdict.lever();
    view.put("flag", lever == null ? null : lever.flag());
    view.put("variation", lever == null ? null : lever.variation());
    view.put("build_id", verdict.buildId().isEmpty() ? null : verdict.buildId());
    view.set("terms", JsonTree.array(verdict.terms(), ExplanationView::term));
    view.set("posterior", JsonTree.number(verdict.posterior()));
    return view;
  }

  private static ObjectNode suspect(Suspect suspect) {
    ObjectNode view = JsonTree.object();
    view.put("change_id", suspect.changeId());
    view.put("kind", suspect.kind());
    view.put("name", suspect.name());
    view.set("posterior", JsonTree.number(suspect.posterior()));
    view.set("for", JsonTree.texts(suspect.reasonsFor()));
    view.set("against", JsonTree.texts(suspect.reasonsAgainst()));
    Suspect.Evidence evidence = suspect.evidence();
    ObjectNode counts = JsonTree.object();
    counts.set("exposed", counts(evidence.exposedEvents(), evidence.exposedBad()));
    counts.set("unexposed", counts(evidence.unexposedEvents(), evidence.unexposedBad()));
    counts.put("units_exposed", evidence.unitsExposed());
    counts.put("units_unexposed", evidence.unitsUnexposed());
    counts.put("units_affected", evidence.unitsAffected());
    counts.set("difference_at_least", JsonTree.number(evidence.differenceAtLeast()));
    counts.put("onset_lag_s", evidence.onsetLagSeconds());
    view.set("evidence", counts);
    return view;
  }

  private static ObjectNode counts(long events, long bad) {
    return JsonTree.object().put("events", events).put("bad", bad);
  }

  private static ObjectNode counterfactual(Counterfactual one) {
    ObjectNode view = JsonTree.object();
    view.put("step", word(one.step()));
    view.put("possible", one.isPossible());
    view.put("name", one.name());
    view.put("flag", one.flag().isEmpty() ? null : one.flag());
    view.put("variation", one.variation().isEmpty() ? null : one.variation());
    view.put("build_id", one.build().isEmpty() ? null : one.build());
    view.set("terms", JsonTree.array(one.terms(), ExplanationView::term));
    view.set("burn_rate", estimate(one.burnRate()));
    view.set("bad_events_avoided", estimate(one.badAvoided()));
    view.set("budget_remaining", estimate(one.budgetRemaining()));
    view.set("traffic_affected", JsonTree.number(one.trafficAffected()));
    view.put("good_events_affected", one.goodAffected());
    view.put("note", one.note());
    return view;
  }

  private static ObjectNode estimate(Counterfactual.Estimate estimate) {
    ObjectNode view = JsonTree.object();
    view.set("value", JsonTree.number(estimate.value()));
    view.set("low", JsonTree.number(estimate.low()));
    view.set("high", JsonTree.number(estimate.high()));
    return view;
  }

  private static ObjectNode prediction(Finding.Prediction prediction) {
    ObjectNode view = JsonTree.object();
    view.set("burn_rate_after", JsonTree.number(prediction.burnRateAfter()));
    view.set("low", JsonTree.number(prediction.low()));
    view.set("high", JsonTree.number(prediction.high()));
    view.set("traffic_affected", JsonTree.number(prediction.trafficAffected()));
    return view;
  }

  /** The word of the API for a constant: {@code burn_rate} for BURN_RATE. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
