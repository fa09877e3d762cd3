package firebreak.guard;

import firebreak.bubbleup.BubbleUp;
import firebreak.bubbleup.Explanation;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.Finding;
import firebreak.deploytracker.Suspect;
import firebreak.deploytracker.Verdict;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.slo.BurnAlert;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Finds out what the failing events of a burn share, and which change did it. */
final class Inquiry {
  /** What began a burn shows at its beginning; later minutes add load, and other causes. */
  static final Duration LOOKED_AT = Duration.ofHours(1);

  private static final Duration SHORTEST = Duration.ofSeconds(10);

  private final World world;
  private final Limits limits;
  private final Journal journal;

  Inquiry(World world, Limits limits, Journal journal) {
    this.world = world;
    this.limits = limits;
    this.journal = journal;
  }

  /** Weighs the evidence anew, until a mitigation has been sent: from then on it would blur. */
  Incident weigh(Incident incident, Instant now) {
    if (incident.mitigations().stream().anyMatch(one -> one.sentAt() != null)) {
      return incident;
    }
    double budget = budget(incident.alert().objective(), now);
    Explanation explanation = explain(incident.alert(), now).withBudget(budget);
    Finding finding =
        world
            .blame()
            .weigh(incident.alert(), changes(incident.alert(), now), explanation, now)
            .withBudget(incident.budgetRemaining(), budget);
    Incident weighed = incident.explained(explanation, finding);
    if (!isSame(incident.finding().verdict(), finding.verdict())) {
      journal.tell(
          Journal.Kind.VERDICT,
          weighed,
          Journal.describe(finding.verdict()),
          Journal.figures(finding.verdict()),
          now);
    }
    return weighed;
  }

  /** The suspect's change was taken back for those it hit, and they burn on: it was another. */
  Incident veto(Incident incident, String why, Instant now) {
    Finding blamed = incident.finding();
    String vetoed = blamed.verdict().changeId();
    if (vetoed.isEmpty()) {
      return incident;
    }
    List<Change> others =
        changes(incident.alert(), now).stream()
            .filter(change -> !change.id().equals(vetoed))
            .toList();
    Finding anew =
        world
            .blame()
            .weigh(incident.alert(), others, incident.explanation(), now)
            .withBudget(incident.budgetRemaining(), budget(incident.alert().objective(), now));
    List<Suspect> suspects = new ArrayList<>(anew.suspects());
    blamed.suspects().stream()
        .filter(suspect -> suspect.changeId().equals(vetoed))
        .map(suspect -> vetoed(suspect, why))
        .forEach(suspects::add);
    return incident.explained(
        incident.explanation(),
        new Finding(
            anew.verdict(), suspects, anew.prediction(), anew.pValue(), anew.counterfactuals()));
  }

  private static Suspect vetoed(Suspect suspect, String why) {
    List<String> against = new ArrayList<>(suspect.reasonsAgainst());
    against.add(why);
    return new Suspect(
        suspect.changeId(),
        suspect.kind(),
        suspect.name(),
        0,
        suspect.reasonsFor(),
        against,
        suspect.evidence());
  }

  private Explanation explain(BurnAlert alert, Instant now) {
    Objective objective = alert.objective();
    return world
        .explainer()
        .explain(
            new Selection(
                objective.datasets(),
                new TimeRange(alert.beganAt(), end(alert, now)),
                objective.eligible(),
                objective.bad(),
                objective.formulas()),
            BubbleUp.MAX_TERMS);
  }

  /** The bad events that the objective allows among those of its window. */
  private double budget(Objective objective, Instant now) {
    TimeRange window = objective.windowAt(now);
    return objective.budgetShare() * world.burns().counts(objective, window).eligible();
  }

  private List<Change> changes(BurnAlert alert, Instant now) {
    return world
        .timeline()
        .changes(new TimeRange(alert.beganAt().minus(limits.changeAgeAtMost()), end(alert, now)));
  }

  private static Instant end(BurnAlert alert, Instant now) {
    Instant ended = Objects.requireNonNullElse(alert.endedAt(), now);
    Instant latest = alert.beganAt().plus(LOOKED_AT);
    Instant earliest = alert.beganAt().plus(SHORTEST);
    Instant end = ended.isAfter(latest) ? latest : ended;
    return end.isBefore(earliest) ? earliest : end;
  }

  /** Whether two verdicts say the same to a person, whatever their last digits. */
  private static boolean isSame(Verdict a, Verdict b) {
    return a.kind() == b.kind()
        && a.changeId().equals(b.changeId())
        && a.buildId().equals(b.buildId())
        && a.terms().equals(b.terms())
        && Objects.equals(a.lever(), b.lever());
  }
}
