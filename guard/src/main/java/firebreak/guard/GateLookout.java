package firebreak.guard;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.FieldRoles;
import firebreak.deploytracker.SideBySide;
import firebreak.deploytracker.Suspect;
import firebreak.deploytracker.Verdict;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.guard.GateSituation.Budget;
import firebreak.guard.GateSituation.Question;
import firebreak.guard.GateSituation.Suspicion;
import firebreak.slo.BurnAlert;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import firebreak.slo.SloMonitor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Looks at what {@link Gate} decides upon: budgets, burns, incidents, and the build's own events.
 */
public final class GateLookout {
  private final SloMonitor monitor;
  private final EventStore store;
  private final FieldRoles fields;
  private final ChangeLog changes;
  private final Supplier<List<Incident>> incidents;

  /**
   * @param incidents those there are, whatever their state
   */
  public GateLookout(
      SloMonitor monitor,
      EventStore store,
      FieldRoles fields,
      ChangeLog changes,
      Supplier<List<Incident>> incidents) {
    this.monitor = monitor;
    this.store = store;
    this.fields = fields;
    this.changes = changes;
    this.incidents = incidents;
  }

  public GateSituation look(Question question, Instant now) {
    List<Budget> budgets = new ArrayList<>();
    Set<String> services = new TreeSet<>();
    for (Objective objective : monitor.objectives()) {
      services.add(objective.service());
      if (isAbout(objective, question)) {
        budgets.add(budget(objective, question, now));
      }
    }
    return new GateSituation(question, budgets, suspicions(question), services);
  }

  private static boolean isAbout(Objective objective, Question question) {
    return objective.service().equals(question.service())
        || objective.datasets().contains(question.service());
  }

  private Budget budget(Objective objective, Question question, Instant now) {
    TimeRange hour = TimeRange.before(now, Duration.ofHours(1));
    SideBySide sides = sides(objective, question, hour);
    return new Budget(
        objective,
        monitor.budgetRemaining(objective, now).orElse(Double.NaN),
        monitor.counts(objective, TimeRange.before(now, objective.window())),
        monitor.counts(objective, hour),
        sides,
        burning(objective, now));
  }

  private String burning(Objective objective, Instant now) {
    for (BurnAlert alert : monitor.alerts(objective, now)) {
      if (alert.endedAt() == null && alert.urgent()) {
        return "%s burns at %.1f times the allowed rate since %s."
            .formatted(objective.id(), alert.burnRate(), alert.beganAt());
      }
    }
    return "";
  }

  private SideBySide sides(Objective objective, Question question, TimeRange hour) {
    Filter exposed = exposed(question);
    return exposed.equals(Filter.ALL)
        ? new SideBySide(Counts.NONE, Counts.NONE)
        : SideBySide.of(store, objective, place(question), exposed, hour);
  }

  private Filter exposed(Question question) {
    List<Filter> all = new ArrayList<>();
    if (!question.buildId().isEmpty()) {
      all.add(FieldRoles.is(fields.build(), question.buildId()));
    }
    if (!question.flag().isEmpty() && !question.variation().isEmpty()) {
      all.add(
          FieldRoles.is(List.of(FieldRoles.FLAG_PREFIX + question.flag()), question.variation()));
    }
    return all.isEmpty() ? Filter.ALL : new Filter.And(all);
  }

  /** Events of the environment, and those that name none. */
  private Filter place(Question question) {
    if (question.environment().isEmpty()) {
      return Filter.ALL;
    }
    List<Filter> named =
        fields.environment().stream().<Filter>map(field -> new Filter.Exists(field)).toList();
    return Filter.or(
        FieldRoles.is(fields.environment(), question.environment()),
        Filter.not(new Filter.Or(named)));
  }

  private List<Suspicion> suspicions(Question question) {
    if (question.buildId().isEmpty() && question.flag().isEmpty()) {
      return List.of();
    }
    List<Suspicion> found = new ArrayList<>();
    for (Incident incident : incidents.get()) {
      if (incident.state() != Incident.State.CLOSED) {
        suspicion(incident, question, found);
      }
    }
    return found;
  }

  private void suspicion(Incident incident, Question question, List<Suspicion> found) {
    Verdict verdict = incident.finding().verdict();
    boolean isBlamed =
        isMeant(verdict.changeId(), question)
            || (!question.buildId().isEmpty() && verdict.buildId().equals(question.buildId()))
            || (verdict.lever() != null
                && !question.flag().isEmpty()
                && verdict.lever().flag().equals(question.flag()));
    if (isBlamed) {
      found.add(new Suspicion(incident.id(), named(question), verdict.posterior(), true));
      return;
    }
    incident.finding().suspects().stream()
        .filter(suspect -> isMeant(suspect.changeId(), question))
        .mapToDouble(Suspect::posterior)
        .max()
        .ifPresent(
            posterior ->
                found.add(new Suspicion(incident.id(), named(question), posterior, false)));
  }

  private static String named(Question question) {
    return question.buildId().isEmpty()
        ? "the flag " + question.flag()
        : "build " + question.buildId();
  }

  private boolean isMeant(String changeId, Question question) {
    return changes
        .find(changeId)
        .map(
            change ->
                switch (change) {
                  case Change.Build build -> isBuild(build.buildId(), question);
                  case Change.Deploy deploy -> isBuild(deploy.buildId(), question);
                  case Change.FlagChange flag ->
                      !question.flag().isEmpty() && flag.flag().equals(question.flag());
                  case Change.Marker _ -> false;
                })
        .orElse(false);
  }

  private static boolean isBuild(String buildId, Question question) {
    return !question.buildId().isEmpty() && buildId.equals(question.buildId());
  }
}
