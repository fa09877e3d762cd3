package firebreak.guard;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.Verdict;
import firebreak.eventstore.TimeRange;
import firebreak.flags.FlagState;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Looks at all that policy decides upon. */
final class Lookout {
  /** How far back the timeline is searched for the fence in force at the onset. */
  static final Duration FENCES_SINCE = Duration.ofDays(90);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final World world;
  private final Casebook casebook;
  private final Settings settings;
  private final BooleanSupplier stop;

  Lookout(World world, Casebook casebook, Settings settings, BooleanSupplier stop) {
    this.world = world;
    this.casebook = casebook;
    this.settings = settings;
    this.stop = stop;
  }

  Situation look(Incident incident, Instant now) {
    Objective objective = incident.alert().objective();
    Verdict verdict = incident.finding().verdict();
    Verdict.Lever lever = verdict.lever();
    List<Change> changes = changes(incident, verdict);
    @Nullable Change blamed =
        changes.stream()
            .filter(change -> change.id().equals(verdict.changeId()))
            .findFirst()
            .orElse(null);
    return new Situation(
        incident,
        lever == null ? null : flag(incident, lever.flag()),
        lever == null ? "" : fenceAtOnset(incident, lever.flag(), changes, blamed),
        blamed,
        counts(objective, settings.limits().dataLagAtMost(), now),
        counts(objective, MINUTE, now),
        casebook.toggles(incident, lever == null ? "" : lever.flag(), now),
        stop.getAsBoolean(),
        now);
  }

  private Counts counts(Objective objective, Duration length, Instant now) {
    return world.burns().countsSince(objective, now.minus(length), now);
  }

  /** The provider is asked only as long as there is something to decide. */
  private @Nullable FlagState flag(Incident incident, String flag) {
    Mitigation last = incident.mitigation();
    return last != null && Policy.isSettled(last) ? null : world.flags().read(flag).orElse(null);
  }

  private List<Change> changes(Incident incident, Verdict verdict) {
    if (verdict.changeId().isEmpty() && verdict.lever() == null) {
      return List.of();
    }
    Instant end = incident.alert().beganAt().plus(Eligibility.ONSET_TOLERANCE).plusMillis(1);
    return world.timeline().changes(TimeRange.before(end, FENCES_SINCE));
  }

  /**
   * The fence that the blamed change itself produced where it is a change of this flag; else that
   * of the flag's last change before the burn began, its first sight among them.
   */
  private String fenceAtOnset(
      Incident incident, String flag, List<Change> changes, @Nullable Change blamed) {
    if (blamed instanceof Change.FlagChange change && change.flag().equals(flag)) {
      return change.fence();
    }
    String fence = "";
    for (Change change : changes) {
      if (change instanceof Change.FlagChange of
          && of.flag().equals(flag)
          && (of.environment().isEmpty() || of.environment().equals(settings.environment()))
          && !of.time().isAfter(incident.alert().beganAt())) {
        fence = of.fence();
      }
    }
    return fence;
  }
}
