package firebreak.guard;

import com.google.errorprone.annotations.FormatMethod;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.Suspect;
import firebreak.deploytracker.Verdict;
import firebreak.flags.Audience;
import firebreak.flags.FlagState;
import firebreak.flags.Withdrawal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rules that must all hold before the guard turns a flag by itself; each that does not gives a
 * sentence. Default deny: what is not known counts against acting.
 */
final class Eligibility {
  static final int FEW_CONTEXTS = 3;
  static final double POSTERIOR_AT_LEAST = 0.95;
  static final double NEXT_BEST_LESS_LIKELY = 10;
  static final double P_VALUE_AT_MOST = 0.001;

  /** Of the traffic: whoever is left must be enough to show that all is well without the flag. */
  static final double TOUCHED_AT_MOST = 0.9;

  /** Onsets are known to ten seconds, so a change may seem to come this much after its effect. */
  static final Duration ONSET_TOLERANCE = Duration.ofSeconds(10);

  /** After the clock was set, so long nothing is done by itself. */
  static final Duration STEADY_FOR = Duration.ofMinutes(5);

  static final Set<String> PROTECTED_TAGS =
      Set.of("security", "permission", "compliance", "kill-switch");

  /** What holds of a flag whatever burns. */
  private static final List<Standing> STANDING =
      List.of(
          Eligibility::listed,
          Eligibility::optedIn,
          Eligibility::trusted,
          Eligibility::notArchived,
          Eligibility::notProtected,
          Eligibility::notAskedByOthers);

  private static final List<Rule> RULES =
      List.of(
          Eligibility::urgent,
          Eligibility::fenced,
          Eligibility::untouchedSinceOnset,
          Eligibility::sure,
          Eligibility::aheadOfTheNextBest,
          Eligibility::provenAtTheUnit,
          Eligibility::predictedToStopTheBurn,
          Eligibility::leavesSomeToCompareWith,
          Eligibility::changedLately,
          Eligibility::fresh,
          Eligibility::steady,
          Eligibility::stillBurning,
          Eligibility::firstOfTheEpisode,
          Eligibility::withinLimits,
          Eligibility::notStopped);

  private Eligibility() {}

  /** One rule: empty when it holds, else the sentence that says why not. */
  @FunctionalInterface
  private interface Rule {
    Optional<String> refusal(Case one);
  }

  /** The same of a rule that asks about the flag alone. */
  @FunctionalInterface
  private interface Standing {
    Optional<String> refusal(Settings settings, FlagState flag);
  }

  private record Case(
      Situation situation,
      Settings settings,
      Verdict.Lever lever,
      FlagState flag,
      Withdrawal withdrawal) {
    Verdict verdict() {
      return situation.verdict();
    }

    List<Suspect> suspects() {
      return situation.incident().finding().suspects();
    }

    /** The level of significance, shared among the flags that were candidates. */
    double significance() {
      long flags = suspects().stream().filter(suspect -> suspect.kind().equals("flag")).count();
      return P_VALUE_AT_MOST / Math.max(1, flags);
    }
  }

  static List<String> refusals(
      Situation situation,
      Settings settings,
      Verdict.Lever lever,
      FlagState flag,
      Withdrawal withdrawal) {
    Case one = new Case(situation, settings, lever, flag, withdrawal);
    List<String> refusals = standing(settings, flag);
    for (Rule rule : RULES) {
      rule.refusal(one).ifPresent(refusals::add);
    }
    return refusals;
  }

  /** Why the flag would not be turned by itself, whatever burns. */
  static List<String> standing(Settings settings, FlagState flag) {
    List<String> refusals = new ArrayList<>();
    for (Standing rule : STANDING) {
      rule.refusal(settings, flag).ifPresent(refusals::add);
    }
    return refusals;
  }

  @FormatMethod
  private static Optional<String> unless(boolean holds, String format, Object... arguments) {
    return holds ? Optional.empty() : Optional.of(format.formatted(arguments));
  }

  private static Optional<String> listed(Settings settings, FlagState flag) {
    return unless(
        settings.lists(flag.key()), "The flag %s is not listed under guard.eligible.", flag.key());
  }

  private static Optional<String> optedIn(Settings settings, FlagState flag) {
    return unless(
        !settings.optInTag() || (flag.temporary() && flag.tags().contains(Settings.OPT_IN_TAG)),
        "The flag %s is not both temporary and tagged %s.",
        flag.key(),
        Settings.OPT_IN_TAG);
  }

  /**
   * Events do not say yet whose key they came with, so one sender that is not trusted is enough to
   * have a person look.
   */
  private static Optional<String> trusted(Settings settings, FlagState flag) {
    return unless(
        settings.trustedSignals(),
        "A key that may send events is not trusted; set trusted on every key with the scope ingest.");
  }

  private static Optional<String> notArchived(Settings settings, FlagState flag) {
    return unless(!flag.archived(), "The flag %s is archived.", flag.key());
  }

  private static Optional<String> notProtected(Settings settings, FlagState flag) {
    Set<String> tags = new TreeSet<>(flag.tags());
    tags.retainAll(PROTECTED_TAGS);
    return unless(
        tags.isEmpty(),
        "The flag %s is tagged %s: turning it off may remove a protection.",
        flag.key(),
        String.join(", ", tags));
  }

  private static Optional<String> notAskedByOthers(Settings settings, FlagState flag) {
    return unless(
        flag.dependents().isEmpty(),
        "Other flags ask the flag %s first and would change with it: %s.",
        flag.key(),
        String.join(", ", new TreeSet<>(flag.dependents())));
  }

  private static Optional<String> urgent(Case one) {
    return unless(
        one.situation.incident().alert().urgent(), "The burn is slow enough to wait for a person.");
  }

  private static Optional<String> fenced(Case one) {
    return unless(
        one.situation.fenced(),
        "The provider of the flag %s is not known to refuse a write whose version is out of date.",
        one.flag.key());
  }

  private static Optional<String> untouchedSinceOnset(Case one) {
    String atOnset = one.situation.fenceAtOnset();
    if (atOnset.isEmpty()) {
      return Optional.of(
          "Nobody saw the flag %s before the burn began, so a person may have changed it since."
              .formatted(one.flag.key()));
    }
    return unless(
        atOnset.equals(one.flag.fence()),
        "The flag %s has been changed since the burn began.",
        one.flag.key());
  }

  private static Optional<String> sure(Case one) {
    return unless(
        one.verdict().posterior() >= POSTERIOR_AT_LEAST,
        "The verdict is %.2f sure; acting needs %.2f.",
        one.verdict().posterior(),
        POSTERIOR_AT_LEAST);
  }

  private static Optional<String> aheadOfTheNextBest(Case one) {
    double next =
        one.suspects().stream()
            .filter(suspect -> !suspect.changeId().equals(one.verdict().changeId()))
            .mapToDouble(Suspect::posterior)
            .max()
            .orElse(0);
    return unless(
        next * NEXT_BEST_LESS_LIKELY <= one.verdict().posterior(),
        "The next best suspect is %.2f likely, more than a tenth of the first.",
        next);
  }

  private static Optional<String> provenAtTheUnit(Case one) {
    return switch (one.withdrawal.audience()) {
      case Audience.Contexts contexts -> {
        double pValue = one.situation.incident().finding().pValue();
        yield unless(
            pValue <= one.significance(),
            "That %s fail more since the change is not significant (p %.2g, needs %.2g).",
            String.join(", ", contexts.keys()),
            pValue,
            one.significance());
      }
      case Audience.Segment _, Audience.Everyone _ -> provenAcrossUnits(one);
    };
  }

  private static Optional<String> provenAcrossUnits(Case one) {
    Suspect.Evidence evidence =
        one.suspects().stream()
            .filter(suspect -> suspect.changeId().equals(one.verdict().changeId()))
            .findFirst()
            .map(Suspect::evidence)
            .orElse(Suspect.Evidence.NONE);
    Incident incident = one.situation.incident();
    List<String> lacks =
        ProofAcrossUnits.lacks(
            evidence,
            incident.finding().pValue(),
            one.significance(),
            incident.alert().objective().budgetShare());
    return unless(
        lacks.isEmpty(),
        "It would be turned off for everyone, and the comparison does not prove it: %s.",
        String.join("; ", lacks));
  }

  private static Optional<String> predictedToStopTheBurn(Case one) {
    double after = one.situation.incident().finding().prediction().burnRateAfter();
    return unless(
        after < 1, "The burn predicted to be left is %.2f; acting needs less than 1.", after);
  }

  private static Optional<String> leavesSomeToCompareWith(Case one) {
    double touched = one.situation.incident().finding().prediction().trafficAffected();
    return unless(
        touched <= TOUCHED_AT_MOST,
        "It would touch %.1f %% of the traffic, and those left are too few to compare with.",
        100 * touched);
  }

  private static Optional<String> changedLately(Case one) {
    Change blamed = one.situation.blamed();
    if (blamed == null) {
      return Optional.of("No change of ours is blamed, so there is nothing to take back.");
    }
    if (blamed.time().isAfter(one.situation.incident().alert().beganAt().plus(ONSET_TOLERANCE))) {
      return Optional.of("The blamed change came after the burn began.");
    }
    Duration age = Duration.between(blamed.time(), one.situation.now());
    return unless(
        age.compareTo(one.settings.limits().changeAgeAtMost()) <= 0,
        "The blamed change is %d hours old; acting needs at most %d.",
        age.toHours(),
        one.settings.limits().changeAgeAtMost().toHours());
  }

  private static Optional<String> fresh(Case one) {
    return unless(
        one.situation.latest().eligible() > 0,
        "No eligible event of the last %d seconds has come in: the data is not fresh.",
        one.settings.limits().dataLagAtMost().toSeconds());
  }

  /** What was put on the timeline by a wrong clock may seem older than the burn. */
  private static Optional<String> steady(Case one) {
    Instant since = one.situation.steadySince();
    boolean holds =
        !one.situation.now().isBefore(since.plus(STEADY_FOR))
            && !one.situation.incident().alert().beganAt().isBefore(since);
    return unless(
        holds,
        "The clock was set after the burn began, or less than %d minutes ago.",
        STEADY_FOR.toMinutes());
  }

  /** A contrast tells of a burn of those whom a flag reaches, while the objective may hold. */
  private static Optional<String> stillBurning(Case one) {
    if (one.situation.incident().alert().endedAt() != null) {
      return Optional.of("The burn is over.");
    }
    double burn = one.situation.burnNow();
    return unless(
        burn >= 1,
        "In the last minute the objective burned at %.2f of the allowed rate; acting needs 1.",
        burn);
  }

  private static Optional<String> firstOfTheEpisode(Case one) {
    boolean first =
        one.situation.incident().mitigations().stream()
            .filter(mitigation -> !mitigation.isUnderWayAs(one.withdrawal.intent()))
            .allMatch(mitigation -> mitigation.state() == Mitigation.State.RECOMMENDED);
    return unless(first, "The guard has had its one try at this burn.");
  }

  private static Optional<String> withinLimits(Case one) {
    Limits limits = one.settings.limits();
    Situation.Toggles toggles = one.situation.toggles();
    if (toggles.inFlight() > 0) {
      return Optional.of("Another mitigation is under way; the guard does one at a time.");
    }
    if (toggles.ofFlagLastDay() >= limits.togglesPerFlagPerDay()) {
      return Optional.of(
          "The guard turned %s %d times in the last day; its limit is %d."
              .formatted(one.flag.key(), toggles.ofFlagLastDay(), limits.togglesPerFlagPerDay()));
    }
    if (toggles.lastHour() >= limits.togglesPerHour()) {
      return Optional.of(
          "The guard turned %d flags in the last hour; its limit is %d."
              .formatted(toggles.lastHour(), limits.togglesPerHour()));
    }
    return unless(
        toggles.lastDay() < limits.togglesPerDay(),
        "The guard turned %d flags in the last day; its limit is %d.",
        toggles.lastDay(),
        limits.togglesPerDay());
  }

  private static Optional<String> notStopped(Case one) {
    return unless(!one.situation.stopped(), "The stop switch is on.");
  }
}
