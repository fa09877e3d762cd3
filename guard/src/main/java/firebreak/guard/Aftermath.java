package firebreak.guard;

import firebreak.deploytracker.Verdict;
import firebreak.guard.Journal.Kind;
import firebreak.slo.BurnAlert;
import firebreak.slo.BurnRule;
import firebreak.slo.Counts;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Watches whether a mitigation helps, closes incidents that are over, and opens them again. */
final class Aftermath {
  /** What is looked at to tell whether a closed incident's burn has come back. */
  static final Duration RELAPSE = Duration.ofMinutes(5);

  private final World world;
  private final Casebook casebook;
  private final Journal journal;
  private final Inquiry inquiry;
  private final Limits limits;

  Aftermath(World world, Casebook casebook, Journal journal, Inquiry inquiry, Limits limits) {
    this.world = world;
    this.casebook = casebook;
    this.journal = journal;
    this.inquiry = inquiry;
    this.limits = limits;
  }

  /** Compares the burn since the mitigation with the one before, once there are events enough. */
  Incident verify(Incident incident, Instant now) {
    Mitigation mitigation = incident.mitigation();
    if (mitigation == null || mitigation.state() != Mitigation.State.VERIFYING) {
      return incident;
    }
    Instant appliedAt = mitigation.appliedAt();
    if (appliedAt == null) {
      throw new IllegalStateException(
          "verifies mitigation %s, which is not applied".formatted(mitigation));
    }
    Instant since = appliedAt.plus(limits.propagation());
    if (!since.isBefore(now)) {
      return incident;
    }
    Verification verification =
        new Verification(
            counts(incident, incident.alert().beganAt(), appliedAt),
            counts(incident, since, now),
            incident.alert().objective().budgetShare(),
            mitigation.predicted(),
            Duration.between(since, now),
            limits);
    return switch (verification.effect()) {
      case UNDECIDED -> incident;
      case EFFECTIVE -> effective(incident, mitigation, verification, now);
      case INEFFECTIVE -> ineffective(incident, mitigation, verification, now);
      case UNPROVEN -> unproven(incident, mitigation, verification, now);
    };
  }

  private Incident effective(
      Incident incident, Mitigation mitigation, Verification verification, Instant now) {
    String text =
        "The burn fell from %.1f to %.1f."
            .formatted(verification.burnBefore(), verification.burnAfter());
    Mitigation moved =
        mitigation.observed(Mitigation.State.EFFECTIVE, verification.burnAfter(), text);
    journal.tell(Kind.EFFECTIVE, incident, moved, Mitigation.GUARD, text, now);
    return casebook.save(incident.moving(moved));
  }

  private Incident ineffective(
      Incident incident, Mitigation mitigation, Verification verification, Instant now) {
    String text =
        "To %s did not stop it: the burn went from %.1f to %.1f. It can be undone."
            .formatted(
                Journal.describe(mitigation.withdrawal()),
                verification.burnBefore(),
                verification.burnAfter());
    Mitigation moved =
        mitigation.observed(Mitigation.State.INEFFECTIVE, verification.burnAfter(), text);
    journal.tell(Kind.INEFFECTIVE, incident, moved, Mitigation.GUARD, text, now);
    boolean refuted = isOfTheLever(incident, mitigation) && !verification.hasFallen();
    Incident vetoed = refuted ? inquiry.veto(incident, text, now) : incident;
    return casebook.save(vetoed.moving(moved));
  }

  /** A flag that a person turned on a thought of their own says nothing about our suspect. */
  private static boolean isOfTheLever(Incident incident, Mitigation mitigation) {
    Verdict.Lever lever = incident.finding().verdict().lever();
    return lever != null && lever.flag().equals(mitigation.withdrawal().flag());
  }

  private Incident unproven(
      Incident incident, Mitigation mitigation, Verification verification, Instant now) {
    String text =
        "Only %d eligible events came since: too few to tell whether it helped."
            .formatted(verification.after().eligible());
    Mitigation moved = mitigation.to(Mitigation.State.ESCALATED, text);
    journal.tell(Kind.ESCALATED, incident, moved, Mitigation.GUARD, text, now);
    return casebook.save(incident.moving(moved));
  }

  /** Closes the incident when its burn is over, or has stayed out since it was put out. */
  Incident close(Incident incident, Instant now) {
    Mitigation mitigation = incident.mitigation();
    boolean over =
        switch (incident.state()) {
          case CLOSED, MITIGATING -> false;
          case OPEN -> incident.alert().endedAt() != null;
          case MITIGATED -> isCalm(incident, mitigation, now);
        };
    if (!over) {
      return incident;
    }
    journal.tell(Kind.CLOSED, incident, "The burn is over.", figures(incident), now);
    return casebook.save(incident.in(Incident.State.CLOSED, now));
  }

  private boolean isCalm(Incident incident, @Nullable Mitigation mitigation, Instant now) {
    if (incident.alert().endedAt() != null) {
      return true;
    }
    Instant appliedAt = mitigation == null ? null : mitigation.appliedAt();
    if (appliedAt == null) {
      return false;
    }
    Instant since = appliedAt.plus(limits.propagation());
    return !now.isBefore(since.plus(limits.settle()))
        && burn(incident, since, now) < 1
        && burn(incident, now.minus(limits.settle()), now) < 1;
  }

  /** Closes the incident of an objective that nobody follows any more. */
  Incident abandon(Incident incident, Instant now) {
    if (incident.state() == Incident.State.CLOSED) {
      return incident;
    }
    String text = "The objective is no longer followed.";
    journal.tell(Kind.CLOSED, incident, text, figures(incident), now);
    return casebook.save(incident.in(Incident.State.CLOSED, now));
  }

  /** Opens a closed incident again when its alert burns on, or anew after its mitigation. */
  Incident reopen(Incident incident, Instant now) {
    Instant closedAt = incident.closedAt();
    if (incident.state() != Incident.State.CLOSED
        || closedAt == null
        || incident.alert().endedAt() != null) {
      return incident;
    }
    boolean mitigated = incident.mitigations().stream().anyMatch(one -> one.appliedAt() != null);
    if (mitigated && !isBack(incident, closedAt, now)) {
      return incident;
    }
    journal.tell(Kind.REOPENED, incident, "It burns again.", figures(incident), now);
    return casebook.save(incident.in(Incident.State.OPEN, null));
  }

  private boolean isBack(Incident incident, Instant closedAt, Instant now) {
    Instant since = closedAt.isAfter(now.minus(RELAPSE)) ? closedAt : now.minus(RELAPSE);
    if (!since.isBefore(now)) {
      return false;
    }
    Counts counts = counts(incident, since, now);
    return counts.bad() >= BurnRule.FLOOR_BAD
        && counts.eligible() >= BurnRule.FLOOR_ELIGIBLE
        && counts.burnRate(incident.alert().objective().budgetShare()) >= 2;
  }

  static Map<String, Object> figures(Incident incident) {
    BurnAlert alert = incident.alert();
    return Map.of(
        "slo", alert.objective().id(),
        "burn_began_at", alert.beganAt().toString(),
        "burn_rate", alert.burnRate(),
        "budget_spent", alert.budgetSpent());
  }

  private double burn(Incident incident, Instant since, Instant until) {
    return counts(incident, since, until).burnRate(incident.alert().objective().budgetShare());
  }

  private Counts counts(Incident incident, Instant since, Instant until) {
    return world.burns().countsSince(incident.alert().objective(), since, until);
  }
}
