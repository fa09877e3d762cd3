package firebreak.guard;

import firebreak.deploytracker.Change;
import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch.Landing;
import firebreak.flags.Outcome;
import firebreak.flags.Withdrawal;
import firebreak.guard.Journal.Kind;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a mitigation from the intent to a change in force, at most once.
 *
 * <p>Each step is on disk before the world sees it: the intent before anything is sent, and that it
 * is about to be sent before it is. So whatever is found after a crash says what to ask of the
 * provider, and the fence, which is never read anew, makes sending twice harmless.
 */
final class Protocol {
  static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** A request that was lost on the way may still arrive; after this long it will not. */
  static final Duration LATE_LANDING = Duration.ofHours(24);

  /** A provider's own record may lag behind its flags; before this "not there" means little. */
  static final Duration RECORD_LAG = Duration.ofSeconds(30);

  private static final String STOPPED = "The stop switch is on.";

  private final World world;
  private final Casebook casebook;
  private final Journal journal;
  private final Settings settings;
  private final BooleanSupplier stop;
  private final Map<String, Instant> retryAt = new HashMap<>();

  Protocol(
      World world, Casebook casebook, Journal journal, Settings settings, BooleanSupplier stop) {
    this.world = world;
    this.casebook = casebook;
    this.journal = journal;
    this.settings = settings;
    this.stop = stop;
  }

  /** Writes down what is to be done, before it is done. */
  Incident intend(Incident incident, Decision.Withdraw decision, Instant now) {
    if (!isUndecided(incident)) {
      return casebook.save(incident);
    }
    return intend(
        incident,
        Mitigation.proposed(
            Mitigation.State.INTENDED,
            decision.withdrawal(),
            Mitigation.GUARD,
            List.of(),
            incident.finding().prediction(),
            now),
        now);
  }

  Incident intend(Incident incident, Mitigation intended, Instant now) {
    tell(Kind.INTENDED, incident, intended, "Is to " + what(intended) + ".", now);
    return casebook.save(incident.proposing(intended));
  }

  /** Writes down what the guard would do and why it does not. */
  Incident recommend(Incident incident, Decision.AskHuman decision, Instant now) {
    if (!isUndecided(incident)) {
      return casebook.save(incident);
    }
    Mitigation last = incident.mitigation();
    boolean standing =
        last != null
            && last.state() == Mitigation.State.RECOMMENDED
            && last.id().equals(decision.recommended().intent());
    Mitigation recommended =
        Mitigation.proposed(
            Mitigation.State.RECOMMENDED,
            decision.recommended(),
            Mitigation.GUARD,
            decision.refusals(),
            incident.finding().prediction(),
            last != null && standing ? last.proposedAt() : now);
    if (!standing) {
      tell(
          Kind.RECOMMENDED, incident, recommended, "Recommends to " + what(recommended) + ".", now);
    }
    return casebook.save(incident.proposing(recommended));
  }

  /** Nothing is to be done: a standing recommendation falls. */
  Incident standDown(Incident incident, Instant now) {
    Mitigation last = incident.mitigation();
    if (last != null && last.state() == Mitigation.State.RECOMMENDED) {
      tell(Kind.REFUSED, incident, last, "No longer recommends to " + what(last) + ".", now);
    }
    return casebook.save(incident.recommendingNothing());
  }

  private static boolean isUndecided(Incident incident) {
    Mitigation last = incident.mitigation();
    return last == null
        || last.state() == Mitigation.State.RECOMMENDED
        || (last.state() == Mitigation.State.CANCELLED && last.isByGuard());
  }

  /** Whether the provider still has something to say about the mitigation. */
  static boolean isOpen(Mitigation mitigation, Instant now) {
    Instant sentAt = mitigation.sentAt();
    return mitigation.isInFlight()
        || (mitigation.state() == Mitigation.State.ESCALATED
            && mitigation.appliedAt() == null
            && sentAt != null
            && now.isBefore(sentAt.plus(LATE_LANDING)));
  }

  /**
   * Takes the mitigation as far as it goes now, up to the change being in force.
   *
   * @param decision what policy says at this moment, asked again before sending
   */
  Incident advance(Incident incident, Decision decision, Instant now) {
    Mitigation mitigation = incident.mitigation();
    if (mitigation == null) {
      return incident;
    }
    return switch (mitigation.state()) {
      case INTENDED -> begin(incident, mitigation, decision, now);
      case SENT, UNKNOWN -> reconcile(incident, mitigation, decision, now);
      case APPLIED -> announce(incident, mitigation, now);
      case ESCALATED -> isOpen(mitigation, now) ? recall(incident, mitigation, now) : incident;
      case RECOMMENDED,
          AWAITING_APPROVAL,
          VERIFYING,
          EFFECTIVE,
          INEFFECTIVE,
          SUPERSEDED,
          CANCELLED,
          DECLINED,
          RETURNING,
          UNDONE ->
          incident;
    };
  }

  private Incident begin(Incident incident, Mitigation mitigation, Decision decision, Instant now) {
    String refusal = stop.getAsBoolean() ? STOPPED : refusal(mitigation, decision);
    if (refusal != null) {
      return drop(incident, mitigation, refusal, now);
    }
    if (isExpired(mitigation, now)) {
      return mitigation.sentAt() == null
          ? cancel(incident, mitigation, "The intent expired before it was sent.", now)
          : escalate(incident, mitigation, "It could not be sent. " + mitigation.note(), now);
    }
    if (!isDue(mitigation, now)) {
      return incident;
    }
    return decision instanceof Decision.Wait(String why) && mitigation.isByGuard()
        ? postpone(incident, mitigation, why, RETRY_AFTER, now)
        : send(incident, mitigation, now);
  }

  /**
   * Does not send it; what moved the flag meanwhile may be the same intent, carried out by another
   * replica, and is ours to answer for then.
   */
  private Incident drop(Incident incident, Mitigation mitigation, String why, Instant now) {
    return switch (world.flags().landed(mitigation.withdrawal())) {
      case Landing.Landed(String fence, String before, String after) ->
          applied(incident, mitigation, fence, before, after, now);
      case Landing.Absent _, Landing.Unreachable _ -> cancel(incident, mitigation, why, now);
    };
  }

  /** What stands against sending now; a person's own word needs no policy. */
  private static @Nullable String refusal(Mitigation mitigation, Decision decision) {
    if (!mitigation.isByGuard()) {
      return null;
    }
    return switch (decision) {
      case Decision.Withdraw same ->
          same.withdrawal().intent().equals(mitigation.id())
              ? null
              : "The evidence has come to speak for another change.";
      case Decision.AskHuman ask -> String.join(" ", ask.refusals());
      case Decision.StandDown down -> down.why();
      case Decision.Wait _ -> null;
    };
  }

  private Incident send(Incident incident, Mitigation mitigation, Instant now) {
    boolean again = mitigation.state() != Mitigation.State.INTENDED;
    Mitigation sent = mitigation.sent(now);
    tell(Kind.SENT, incident, sent, "Is about to " + what(sent) + ".", now);
    Incident saved = casebook.save(incident.moving(sent));
    if (stop.getAsBoolean()) {
      return again
          ? unknown(saved, sent, STOPPED, RETRY_AFTER, now)
          : cancel(saved, sent, STOPPED, now);
    }
    Outcome outcome = world.flags().apply(sent.withdrawal());
    return switch (outcome) {
      case Outcome.Applied(String fence, String before, String after) ->
          applied(saved, sent, fence, before, after, now);
      case Outcome.Unknown(String why) -> unknown(saved, sent, why, RETRY_AFTER, now);
      // By a person, or by another replica under the same intent: the provider's record tells.
      case Outcome.Superseded _ ->
          unknown(saved, sent, "The flag has changed meanwhile.", Duration.ZERO, now);
      case Outcome.Unavailable(String why, Duration retryAfter) ->
          again
              ? unknown(saved, sent, why, retryAfter, now)
              : postpone(saved, sent, why, retryAfter, now);
      case Outcome.NeedsApproval(String why) -> awaitApproval(saved, sent, why, now);
      case Outcome.Refused(String why) ->
          again ? unknown(saved, sent, why, RETRY_AFTER, now) : cancel(saved, sent, why, now);
      case Outcome.WouldApply _ ->
          throw new IllegalStateException("asked to apply, the provider answered a dry run");
    };
  }

  /** Was it sent, and did it land? Only the provider knows. */
  private Incident reconcile(
      Incident incident, Mitigation mitigation, Decision decision, Instant now) {
    if (!isDue(mitigation, now)) {
      return incident;
    }
    // Before asking whether it landed: a fence that moves after this moved through a later change.
    String fenceNow;
    try {
      fenceNow =
          world.flags().read(mitigation.withdrawal().flag()).map(FlagState::fence).orElse("");
    } catch (UncheckedIOException e) {
      return unanswered(incident, mitigation, String.valueOf(e.getMessage()), now);
    }
    boolean untouched = fenceNow.equals(mitigation.withdrawal().fence());
    return switch (world.flags().landed(mitigation.withdrawal())) {
      case Landing.Landed(String fence, String before, String after) ->
          applied(incident, mitigation, fence, before, after, now);
      case Landing.Unreachable(String why) -> unanswered(incident, mitigation, why, now);
      case Landing.Absent _ when !untouched ->
          isRecordComplete(mitigation, now)
              ? supersede(incident, mitigation, now)
              : unknown(incident, mitigation, "The flag has changed.", RETRY_AFTER, now);
      case Landing.Absent _ when isExpired(mitigation, now) ->
          escalate(incident, mitigation, "No answer came; it may land yet.", now);
      case Landing.Absent _ when mustNot(mitigation, decision) ->
          unknown(incident, mitigation, "It is not sent again.", RETRY_AFTER, now);
      case Landing.Absent _ -> send(incident, mitigation, now);
    };
  }

  private boolean mustNot(Mitigation mitigation, Decision decision) {
    return stop.getAsBoolean()
        || refusal(mitigation, decision) != null
        || (decision instanceof Decision.Wait && mitigation.isByGuard());
  }

  private Incident unanswered(Incident incident, Mitigation mitigation, String why, Instant now) {
    return isExpired(mitigation, now)
        ? escalate(incident, mitigation, why, now)
        : unknown(incident, mitigation, why, RETRY_AFTER, now);
  }

  private static boolean isRecordComplete(Mitigation mitigation, Instant now) {
    Instant sentAt = mitigation.sentAt();
    return sentAt == null || !now.isBefore(sentAt.plus(RECORD_LAG));
  }

  /** Given up, but a late request may still have landed: then it is ours to answer for. */
  private Incident recall(Incident incident, Mitigation mitigation, Instant now) {
    if (!isDue(mitigation, now)) {
      return incident;
    }
    retryAt.put(mitigation.id(), now.plus(RETRY_AFTER.multipliedBy(12)));
    return switch (world.flags().landed(mitigation.withdrawal())) {
      case Landing.Landed(String fence, String before, String after) ->
          applied(incident, mitigation, fence, before, after, now);
      case Landing.Absent _, Landing.Unreachable _ -> incident;
    };
  }

  Incident applied(
      Incident incident,
      Mitigation mitigation,
      String fence,
      String before,
      String after,
      Instant now) {
    Mitigation applied = mitigation.applied(now, fence, before, after);
    tell(Kind.APPLIED, incident, applied, "Did " + what(applied) + ".", now);
    return announce(casebook.save(incident.moving(applied)), applied, now);
  }

  /** Puts our own change on the timeline, and starts watching its effect. */
  private Incident announce(Incident incident, Mitigation applied, Instant now) {
    Instant at = applied.appliedAt();
    record(
        incident,
        applied.withdrawal(),
        applied.fenceAfter(),
        applied.before(),
        applied.after(),
        applied.actor(),
        at == null ? now : at);
    Mitigation verifying = applied.to(Mitigation.State.VERIFYING, "");
    tell(Kind.VERIFYING, incident, verifying, "Watches whether the burn falls.", now);
    return casebook.save(incident.moving(verifying));
  }

  /** A change of our own on the timeline. */
  void record(
      Incident incident,
      Withdrawal withdrawal,
      String fence,
      String before,
      String after,
      String actor,
      Instant at) {
    timeline(incident, withdrawal, fence, before, after, actor, true, at);
  }

  /**
   * A change on the timeline.
   *
   * @param own whether it is beyond suspicion, since it takes exposure away or puts back what was
   */
  void timeline(
      Incident incident,
      Withdrawal withdrawal,
      String fence,
      String before,
      String after,
      String actor,
      boolean own,
      Instant at) {
    world
        .timeline()
        .record(
            new Change.FlagChange(
                Change.flagChangeId(withdrawal.flag(), settings.environment(), fence),
                at,
                withdrawal.flag(),
                incident.alert().objective().service(),
                settings.environment(),
                fence,
                before,
                after,
                own,
                withdrawal.comment(),
                actor,
                ""));
  }

  private Incident supersede(Incident incident, Mitigation mitigation, Instant now) {
    Mitigation moved =
        mitigation.to(Mitigation.State.SUPERSEDED, "Somebody else changed the flag first.");
    tell(Kind.SUPERSEDED, incident, moved, moved.note(), now);
    return casebook.save(incident.moving(moved));
  }

  private Incident unknown(
      Incident incident, Mitigation mitigation, String why, Duration retryAfter, Instant now) {
    retryAt.put(mitigation.id(), now.plus(retryAfter));
    Mitigation moved = mitigation.to(Mitigation.State.UNKNOWN, why);
    if (!why.equals(mitigation.note())) {
      tell(Kind.UNKNOWN, incident, moved, "Whether it is in force is not known. " + why, now);
    }
    return casebook.save(incident.moving(moved));
  }

  private Incident postpone(
      Incident incident, Mitigation mitigation, String why, Duration retryAfter, Instant now) {
    retryAt.put(mitigation.id(), now.plus(retryAfter));
    Mitigation moved = mitigation.to(Mitigation.State.INTENDED, why);
    if (!why.equals(mitigation.note())) {
      tell(Kind.POSTPONED, incident, moved, "It could not be sent yet. " + why, now);
    }
    return casebook.save(incident.moving(moved));
  }

  private Incident cancel(Incident incident, Mitigation mitigation, String why, Instant now) {
    Mitigation moved = mitigation.to(Mitigation.State.CANCELLED, why);
    tell(Kind.CANCELLED, incident, moved, "Did not " + what(moved) + ". " + why, now);
    return casebook.save(incident.moving(moved));
  }

  /** Not written: it is for others to ask for. */
  private Incident awaitApproval(
      Incident incident, Mitigation mitigation, String why, Instant now) {
    Mitigation moved = mitigation.to(Mitigation.State.AWAITING_APPROVAL, why);
    tell(Kind.AWAITING_APPROVAL, incident, moved, "It needs approval. " + why, now);
    return casebook.save(incident.moving(moved));
  }

  Incident escalate(Incident incident, Mitigation mitigation, String why, Instant now) {
    Mitigation moved = mitigation.to(Mitigation.State.ESCALATED, why);
    tell(Kind.ESCALATED, incident, moved, "A person is needed. " + why, now);
    return casebook.save(incident.moving(moved));
  }

  private boolean isExpired(Mitigation mitigation, Instant now) {
    return now.isAfter(mitigation.proposedAt().plus(settings.limits().intentExpiresAfter()));
  }

  /** After the clock was set, a pause would last by as much longer or shorter. */
  void forgetPauses() {
    retryAt.clear();
  }

  private boolean isDue(Mitigation mitigation, Instant now) {
    return !now.isBefore(retryAt.getOrDefault(mitigation.id(), now));
  }

  private static String what(Mitigation mitigation) {
    return Journal.describe(mitigation.withdrawal());
  }

  private void tell(Kind kind, Incident incident, Mitigation mitigation, String text, Instant now) {
    journal.tell(kind, incident, mitigation, mitigation.actor(), text, now);
  }
}
