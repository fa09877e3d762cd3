package firebreak.server;

import com.google.errorprone.annotations.FormatMethod;
import firebreak.deploytracker.Suspect;
import firebreak.deploytracker.Verdict;
import firebreak.flags.Audience;
import firebreak.flags.Withdrawal;
import firebreak.guard.Incident;
import firebreak.guard.Mitigation;
import firebreak.slo.BurnAlert;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An incident in sentences that a person can act on: what burns, what did it, what was done. */
final class IncidentText {
  private IncidentText() {}

  static List<String> lines(Incident incident) {
    List<String> lines = new ArrayList<>();
    lines.add(burn(incident));
    lines.add(verdict(incident));
    Mitigation mitigation = incident.mitigation();
    lines.add(mitigation == null ? "Nothing was done." : mitigation(mitigation));
    return lines;
  }

  private static String burn(Incident incident) {
    BurnAlert alert = incident.alert();
    String remaining =
        incident.remaining().isEmpty()
            ? ""
            : say(" %.1f %% of the budget is left.", 100 * incident.remaining().getAsDouble());
    return say(
            "What burns: %s of %s, at %.1f times the allowed rate since %s%s; %.2f %% of the budget was"
                + " spent when it was noticed.",
            alert.objective().name(),
            alert.objective().service(),
            alert.burnRate(),
            alert.beganAt(),
            alert.endedAt() == null ? "" : " until " + alert.endedAt(),
            100 * alert.budgetSpent())
        + remaining;
  }

  private static String verdict(Incident incident) {
    Verdict verdict = incident.finding().verdict();
    List<Suspect> suspects = incident.finding().suspects();
    String name = suspects.isEmpty() ? verdict.changeId() : suspects.getFirst().name();
    String who =
        String.join(" and ", verdict.terms().stream().map(term -> term.display()).toList());
    String hits = who.isEmpty() ? "" : "; it hits " + who;
    Verdict.Lever lever = verdict.lever();
    String behind = lever == null ? "" : "; it stands behind the flag " + lever.flag();
    String sure = say(" (%.0f %% sure)", 100 * verdict.posterior());
    return switch (verdict.kind()) {
      case FLAG -> "What did it: the flag change %s%s%s%s.".formatted(name, sure, hits, behind);
      case DEPLOY -> "What did it: the deploy %s%s%s%s.".formatted(name, sure, hits, behind);
      case CUSTOMER -> "What did it: no change of ours, but few explain it%s.".formatted(hits);
      case NONE -> "What did it: no change of ours explains it.";
      case UNSURE -> "What did it: there is not enough evidence to tell yet%s.".formatted(hits);
    };
  }

  private static String mitigation(Mitigation mitigation) {
    String step = step(mitigation.withdrawal());
    String note = mitigation.note().isEmpty() ? "" : " " + mitigation.note();
    String refused =
        mitigation.refusals().isEmpty()
            ? ""
            : " Not done by itself: " + String.join(" ", mitigation.refusals());
    return switch (mitigation.state()) {
      case RECOMMENDED -> "To do: %s.%s".formatted(step, refused);
      case INTENDED, SENT -> "Under way: %s.".formatted(step);
      case UNKNOWN -> "Not known whether it was done: %s.%s".formatted(step, note);
      case APPLIED, VERIFYING -> "Done by %s: %s.".formatted(mitigation.actor(), step);
      case EFFECTIVE -> "Done by %s, and it helped: %s.".formatted(mitigation.actor(), step);
      case INEFFECTIVE ->
          "Done by %s, and it did NOT help: %s.%s".formatted(mitigation.actor(), step, note);
      case AWAITING_APPROVAL ->
          "Waits for approval at the flag provider: %s.%s".formatted(step, note);
      case DECLINED -> "Not done, it was declined: %s.%s".formatted(step, note);
      case SUPERSEDED -> "Not done, someone else was first: %s.%s".formatted(step, note);
      case CANCELLED -> "Not done: %s.%s".formatted(step, note);
      case ESCALATED -> "A person is needed: %s.%s".formatted(step, note);
      case RETURNING -> "Being taken back, step by step: %s.%s".formatted(step, note);
      case UNDONE -> "Taken back: %s.%s".formatted(step, note);
    };
  }

  private static String step(Withdrawal withdrawal) {
    return "serve %s instead of %s of the flag %s to %s"
        .formatted(
            withdrawal.toVariation(),
            withdrawal.fromVariation(),
            withdrawal.flag(),
            audience(withdrawal.audience()));
  }

  private static String audience(Audience audience) {
    return switch (audience) {
      case Audience.Contexts contexts ->
          contexts.kind() + " " + String.join(", ", contexts.keys().stream().sorted().toList());
      case Audience.Segment segment -> "segment " + segment.key();
      case Audience.Everyone _ -> "everyone";
    };
  }

  @FormatMethod
  static String say(String format, Object... parts) {
    return String.format(Locale.ROOT, format, parts);
  }
}
