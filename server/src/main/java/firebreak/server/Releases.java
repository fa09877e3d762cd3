package firebreak.server;

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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** The lives of builds with what they did: joined anew from the record each time. */
final class Releases {
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

  Releases(
      EventStore store,
      FieldRoles fields,
      ChangeLog changes,
      SloMonitor monitor,
      Supplier<List<Incident>> incidents) {
    this.store = store;
    this.fields = fields;
    this.sightings = new Sightings(store, fields);
    this.changes = changes;
    this.monitor = monitor;
    this.incidents = incidents;
  }

  /** Those that came into an environment in the range, the latest first. */
  List<Rollout> in(TimeRange range) {
    List<String> datasets =
        store.datasets().keySet().stream()
            .filter(dataset -> !dataset.startsWith(Datasets.RESERVED_PREFIX))
            .toList();
    List<Change> known =
        changes.changes(new TimeRange(range.start().minus(Sightings.LOOK_BACK), range.end()));
    Duration bucket = Duration.ofMinutes(1 + range.length().toMinutes() / BUCKETS);
    return Rollouts.of(known, sightings.in(datasets, range, bucket)).stream()
        .filter(rollout -> !rollout.time().isBefore(range.start()))
        .toList();
  }

  /** The burns that a release is blamed for. */
  List<Dora.Outage> outages() {
    return incidents.get().stream().filter(Releases::isOfRelease).map(Releases::outage).toList();
  }

  /** The incidents that blame it. */
  List<Incident> blaming(Rollout rollout) {
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

  /** How the events of an objective fared on a build and on the rest, where it landed. */
  record Impact(Rollout.Landing landing, Objective objective, TimeRange range, SideBySide sides) {}

  /** Of each objective of the service and each place where the build was seen. */
  List<Impact> impacts(Rollout rollout, Instant now) {
    return rollout.landings().stream()
        .filter(Rollout.Landing::isConfirmed)
        .flatMap(
            landing ->
                monitor.objectives().stream()
                    .filter(objective -> objective.service().equals(rollout.service()))
                    .map(objective -> impact(rollout, landing, objective, now)))
        .toList();
  }

  private Impact impact(
      Rollout rollout, Rollout.Landing landing, Objective objective, Instant now) {
    Instant first = Objects.requireNonNull(landing.firstSeen());
    Instant end = first.plus(IMPACT).isBefore(now) ? first.plus(IMPACT) : now;
    Filter place =
        landing.environment().isEmpty() || landing.isDeclared()
            ? Filter.ALL
            : FieldRoles.is(fields.environment(), landing.environment());
    TimeRange range = new TimeRange(first, end.isAfter(first) ? end : first.plusSeconds(1));
    SideBySide sides =
        SideBySide.of(
            store, objective, place, FieldRoles.is(fields.build(), rollout.buildId()), range);
    return new Impact(landing, objective, range, sides);
  }

  /** Bad events that the objective allows over its window. */
  double budget(Objective objective, Instant now) {
    return objective.budgetShare()
        * monitor.counts(objective, TimeRange.before(now, objective.window())).eligible();
  }
}
