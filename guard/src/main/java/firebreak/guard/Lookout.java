package firebreak.guard;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.Verdict;
import firebreak.eventstore.TimeRange;
import firebreak.flags.FlagState;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Looks at all that policy decides upon. */
final class Lookout {
  /** How far back the timeline is searched for the fence in force at the onset. */
  static final Duration FENCES_SINCE = Duration.ofDays(90);

  /** So long it is taken to go on testing fences, or not to. */
  static final Duration FENCED_FOR = Duration.ofHours(1);

  static final Duration UNFENCED_FOR = Duration.ofMinutes(1);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** In place of a fence, where the flag was changed since, though it may be back as it was. */
  private static final String TOUCHED_SINCE = "touched since";

  private final World world;
  private final Casebook casebook;
  private final Settings settings;
  private final BooleanSupplier stop;
  private Instant fencedAsOf = Instant.MIN;
  private boolean fenced;
  private Instant steadySince = Instant.MIN;

  /** A flag as the provider has it, or why it cannot be had. */
  private record Seen(@Nullable FlagState flag, String trouble) {
    static final Seen NOTHING = new Seen(null, "");
  }

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
    Seen seen = lever == null ? Seen.NOTHING : flag(incident, lever.flag());
    List<Change> changes = changes(incident, verdict);
    @Nullable Change blamed =
        changes.stream()
            .filter(change -> change.id().equals(verdict.changeId()))
            .findFirst()
            .orElse(null);
    return new Situation(
        incident,
        seen.flag,
        seen.trouble,
        seen.flag != null && isFenced(now),
        lever == null ? "" : fenceAtOnset(incident, lever.flag(), changes, blamed, now),
        blamed,
        counts(objective, settings.limits().dataLagAtMost(), now),
        counts(objective, MINUTE, now),
        casebook.toggles(incident, lever == null ? "" : lever.flag(), now),
        stop.getAsBoolean(),
        steadySince,
        now);
  }

  /** From now on the clock is right, as far as is known. */
  void steadySince(Instant now) {
    steadySince = now;
  }

  private Counts counts(Objective objective, Duration length, Instant now) {
    return world.burns().countsSince(objective, now.minus(length), now);
  }

  /** The provider is asked only as long as there is something to decide. */
  private Seen flag(Incident incident, String flag) {
    Mitigation last = incident.mitigation();
    if (last != null && Policy.isSettled(last)) {
      return Seen.NOTHING;
    }
    try {
      return new Seen(world.flags().read(flag).orElse(null), "");
    } catch (UncheckedIOException e) {
      return new Seen(null, "The provider does not answer: " + e.getMessage());
    }
  }

  /** Asked by dry runs, so not at every look; and soon again while it is not known. */
  private boolean isFenced(Instant now) {
    Duration most = fenced ? FENCED_FOR : UNFENCED_FOR;
    if (fencedAsOf.equals(Instant.MIN) || !now.isBefore(fencedAsOf.plus(most))) {
      fenced = world.flags().preconditionsEnforced();
      fencedAsOf = now;
    }
    return fenced;
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
      Incident incident, String flag, List<Change> changes, @Nullable Change blamed, Instant now) {
    Instant beganAt = incident.alert().beganAt();
    boolean isBlamed = blamed instanceof Change.FlagChange change && change.flag().equals(flag);
    Instant since = isBlamed && blamed != null ? blamed.time() : beganAt;
    if (isTouched(flag, since, now)) {
      return TOUCHED_SINCE;
    }
    if (blamed instanceof Change.FlagChange change && isBlamed) {
      return change.fence();
    }
    String fence = "";
    for (Change change : changes) {
      if (change instanceof Change.FlagChange of && isOf(flag, of) && !of.time().isAfter(beganAt)) {
        fence = of.fence();
      }
    }
    return fence;
  }

  /**
   * Whether the flag was changed after that moment. To compare fences is not enough: one that is a
   * hash comes back when a person puts a flag back as it was.
   */
  private boolean isTouched(String flag, Instant since, Instant now) {
    TimeRange range = TimeRange.before(now.plus(MINUTE), FENCES_SINCE);
    return world.timeline().changes(range).stream()
        .anyMatch(
            change ->
                change instanceof Change.FlagChange of
                    && isOf(flag, of)
                    && !of.fence().isEmpty()
                    && !of.isFirstSight()
                    && of.time().isAfter(since));
  }

  private boolean isOf(String flag, Change.FlagChange change) {
    return change.flag().equals(flag)
        && (change.environment().isEmpty() || change.environment().equals(settings.environment()));
  }
}
