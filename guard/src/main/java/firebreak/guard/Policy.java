package firebreak.guard;

import firebreak.deploytracker.Verdict;
import firebreak.flags.Audience;
import firebreak.flags.FlagState;
import firebreak.flags.Withdrawal;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what to do about a burn: a pure function of the situation.
 *
 * <p>It only ever takes exposure away, from the smallest audience that explains the burn, and only
 * where every rule of {@link Eligibility} allows it; otherwise a person is asked.
 */
final class Policy {
  private Policy() {}

  static Decision decide(Situation situation, Settings settings, Mode mode) {
    Mitigation last = situation.incident().mitigation();
    if (last != null && isSettled(last)) {
      return new Decision.StandDown(
          "A mitigation of this incident is %s; what comes next is for a person to say."
              .formatted(Journal.word(last.state())));
    }
    Verdict.Lever lever = situation.verdict().lever();
    if (lever == null) {
      return new Decision.StandDown(withoutLever(situation.verdict()));
    }
    if (!situation.trouble().isEmpty()) {
      return new Decision.Wait(situation.trouble());
    }
    FlagState flag = situation.flag();
    if (flag == null) {
      return new Decision.StandDown("The provider has no flag " + lever.flag() + ".");
    }
    String off = flag.offVariation();
    if (off == null) {
      return new Decision.StandDown("The flag " + lever.flag() + " has no off variation.");
    }
    if (off.equals(lever.variation()) || !flag.on()) {
      return new Decision.StandDown(
          "The flag %s serves what it serves when off; there is nothing to take away."
              .formatted(lever.flag()));
    }
    Withdrawal withdrawal = withdrawal(situation, settings, lever, flag, off);
    List<String> refusals =
        new ArrayList<>(Eligibility.refusals(situation, settings, lever, flag, withdrawal));
    switch (mode) {
      case WATCH -> refusals.add("The mode is watch: the guard says what it would do.");
      case ASK -> refusals.add("The mode is ask: a person approves first.");
      case ACT -> {}
    }
    return refusals.isEmpty()
        ? new Decision.Withdraw(withdrawal)
        : new Decision.AskHuman(withdrawal, refusals);
  }

  /** Whether the mitigation is beyond recommending and intending, so that evidence comes late. */
  static boolean isSettled(Mitigation mitigation) {
    return switch (mitigation.state()) {
      case RECOMMENDED, INTENDED, SENT, UNKNOWN -> false;
      case CANCELLED -> !mitigation.isByGuard();
      case AWAITING_APPROVAL,
          APPLIED,
          VERIFYING,
          EFFECTIVE,
          INEFFECTIVE,
          SUPERSEDED,
          DECLINED,
          ESCALATED,
          RETURNING,
          UNDONE ->
          true;
    };
  }

  private static String withoutLever(Verdict verdict) {
    return switch (verdict.kind()) {
      case FLAG, DEPLOY ->
          "No flag is known to stand before the failing path; rolling back "
              + (verdict.buildId().isEmpty() ? verdict.changeId() : "build " + verdict.buildId())
              + " is for a person to do.";
      case CUSTOMER ->
          "No change of ours did it and no flag is known to stand before the failing path.";
      case NONE -> "No change of ours explains the burn.";
      case UNSURE -> "There is not enough evidence to tell what did it.";
    };
  }

  private static Withdrawal withdrawal(
      Situation situation, Settings settings, Verdict.Lever lever, FlagState flag, String off) {
    Audience audience = smallest(lever);
    Incident incident = situation.incident();
    return new Withdrawal(
        Intent.id(settings.environment(), flag.key(), flag.fence(), audience, off),
        flag.key(),
        audience,
        lever.variation(),
        off,
        flag.fence(),
        "Firebreak: %s burns at %.1f times the allowed rate. %s%s"
            .formatted(
                incident.alert().objective().id(),
                incident.alert().burnRate(),
                settings.evidenceUrl(),
                incident.id()));
  }

  /** A few contexts where they explain the burn, else everyone. */
  private static Audience smallest(Verdict.Lever lever) {
    List<String> keys = lever.keys().stream().sorted().distinct().toList();
    return keys.isEmpty() || keys.size() > Eligibility.FEW_CONTEXTS
        ? new Audience.Everyone()
        : new Audience.Contexts(lever.contextKind(), keys);
  }
}
