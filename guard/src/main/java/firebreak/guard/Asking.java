package firebreak.guard;

import firebreak.flags.Approval;
import firebreak.flags.FlagSwitch.Landing;
import firebreak.guard.ApprovalRequest.Standing;
import firebreak.guard.Journal.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Asks people at the flag provider for what it does not let through without them, and follows what
 * they decide.
 *
 * <p>What they approve carries no fence: they see the flag as it is when they apply it. So the
 * record says what truly happened, and nothing is asked for a second time.
 */
final class Asking {
  static final Duration LOOKS_EVERY = Duration.ofSeconds(30);

  /** People who have not decided within the hour do not decide by the second. */
  static final Duration YOUNG = Duration.ofHours(1);

  static final Duration LOOKS_EVERY_WHEN_OLD = Duration.ofMinutes(5);
  static final Duration FOLLOWED_FOR = Duration.ofDays(7);

  private final World world;
  private final Casebook casebook;
  private final Journal journal;
  private final Protocol protocol;
  private final Settings settings;
  private final BooleanSupplier stop;
  private final Map<String, Instant> lookAt = new HashMap<>();

  Asking(
      World world,
      Casebook casebook,
      Journal journal,
      Protocol protocol,
      Settings settings,
      BooleanSupplier stop) {
    this.world = world;
    this.casebook = casebook;
    this.journal = journal;
    this.protocol = protocol;
    this.settings = settings;
    this.stop = stop;
  }

  /** After the clock was set, a pause would last by as much longer or shorter. */
  void forgetPauses() {
    lookAt.clear();
  }

  /** Asks if it has not been asked yet, else looks how the request stands; at its own pace. */
  Incident follow(Incident incident, Instant now) {
    Mitigation mitigation = incident.mitigation();
    if (mitigation == null
        || !isFollowed(mitigation, now)
        || now.isBefore(lookAt.getOrDefault(mitigation.id(), now))) {
      return incident;
    }
    ApprovalRequest request = mitigation.approval();
    return request == null
        ? ask(incident, mitigation, now)
        : look(incident, mitigation, request, now);
  }

  /** A declined request may be applied all the same, and one that failed be tried again. */
  private static boolean isFollowed(Mitigation mitigation, Instant now) {
    ApprovalRequest request = mitigation.approval();
    return switch (mitigation.state()) {
      case AWAITING_APPROVAL -> true;
      case DECLINED, ESCALATED ->
          request != null
              && mitigation.appliedAt() == null
              && now.isBefore(request.askedAt().plus(FOLLOWED_FOR));
      case RECOMMENDED,
          INTENDED,
          SENT,
          APPLIED,
          UNKNOWN,
          VERIFYING,
          EFFECTIVE,
          INEFFECTIVE,
          SUPERSEDED,
          CANCELLED,
          RETURNING,
          UNDONE ->
          false;
    };
  }

  private Incident ask(Incident incident, Mitigation mitigation, Instant now) {
    if (now.isAfter(mitigation.proposedAt().plus(settings.limits().intentExpiresAfter()))) {
      return protocol.escalate(
          incident, mitigation, "It needs approval, which could not be asked for.", now);
    }
    if (stop.getAsBoolean()) {
      return incident;
    }
    Approval answer = world.flags().approvals().ask(mitigation.withdrawal());
    return switch (answer) {
      case Approval.Waiting(String id, _, _) -> {
        ApprovalRequest request = new ApprovalRequest(id, now, Standing.PENDING, "", "");
        yield told(incident, mitigation.asking(request), request, answer, now);
      }
      case Approval.Refused(String why) ->
          protocol.escalate(incident, mitigation, mitigation.note() + " " + why, now);
      case Approval.Unavailable(String why, Duration retryAfter) ->
          later(incident, mitigation, why, retryAfter, now);
      // Asked for before a crash, and decided since.
      case Approval.Applied _, Approval.Declined _, Approval.Failed _, Approval.Deleted _ -> {
        ApprovalRequest request = new ApprovalRequest("", now, Standing.PENDING, "", "");
        yield told(incident, mitigation.asking(request), request, answer, now);
      }
    };
  }

  private Incident look(
      Incident incident, Mitigation mitigation, ApprovalRequest request, Instant now) {
    boolean old = now.isAfter(request.askedAt().plus(YOUNG));
    lookAt.put(mitigation.id(), now.plus(old ? LOOKS_EVERY_WHEN_OLD : LOOKS_EVERY));
    if (!now.isBefore(request.askedAt().plus(FOLLOWED_FOR))) {
      return protocol.escalate(
          incident,
          mitigation,
          "Nobody has decided the approval request within %d days; it is no longer followed."
              .formatted(FOLLOWED_FOR.toDays()),
          now);
    }
    Approval answer = world.flags().approvals().look(mitigation.withdrawal(), request.id());
    if (answer instanceof Approval.Applied) {
      return told(incident, mitigation, request, answer, now);
    }
    // A request of our own that was lost before the provider asked for approval may land late.
    return world.flags().landed(mitigation.withdrawal())
            instanceof Landing.Landed(String fence, String before, String after)
        ? protocol.applied(incident, mitigation, fence, before, after, now)
        : told(incident, mitigation, request, answer, now);
  }

  private Incident told(
      Incident incident,
      Mitigation mitigation,
      ApprovalRequest request,
      Approval answer,
      Instant now) {
    return switch (answer) {
      case Approval.Waiting(_, Approval.Review review, String why) ->
          waits(incident, mitigation, request.in(standing(review), "", why), now);
      case Approval.Declined(String by, String why) -> {
        String text =
            "%s declined it at the flag provider%s"
                .formatted(who(by), why.isEmpty() ? "." : ": " + why);
        yield rests(
            incident,
            mitigation.asking(request.in(Standing.DECLINED, by, text)),
            Mitigation.State.DECLINED,
            Kind.DECLINED,
            text,
            now);
      }
      case Approval.Failed(String why) -> {
        String text = "It was approved, and could not be applied: " + why + ".";
        yield rests(
            incident,
            mitigation.asking(request.in(Standing.FAILED, "", text)),
            Mitigation.State.ESCALATED,
            Kind.ESCALATED,
            text,
            now);
      }
      case Approval.Deleted _ -> {
        String text = "Somebody deleted the approval request at the flag provider.";
        yield rests(
            incident,
            mitigation
                .dismissedBy(who(""), mitigation.state(), text)
                .asking(request.in(Standing.DELETED, "", text)),
            Mitigation.State.CANCELLED,
            Kind.CANCELLED,
            text,
            now);
      }
      case Approval.Applied done -> applied(incident, mitigation, request, done, now);
      case Approval.Unavailable(String why, Duration retryAfter) ->
          later(incident, mitigation, why, retryAfter, now);
      case Approval.Refused(String why) ->
          later(incident, mitigation, why, LOOKS_EVERY_WHEN_OLD, now);
    };
  }

  private static Standing standing(Approval.Review review) {
    return switch (review) {
      case PENDING -> Standing.PENDING;
      case APPROVED -> Standing.APPROVED;
      case SCHEDULED -> Standing.SCHEDULED;
    };
  }

  private static String who(String by) {
    return by.isEmpty() ? "somebody at the flag provider" : by;
  }

  private Incident waits(
      Incident incident, Mitigation mitigation, ApprovalRequest request, Instant now) {
    Mitigation moved =
        mitigation.asking(request).to(Mitigation.State.AWAITING_APPROVAL, request.note());
    if (!moved.equals(incident.mitigation())) {
      String text = "Asked for approval at the flag provider. " + request.note();
      journal.tell(Kind.AWAITING_APPROVAL, incident, moved, moved.actor(), text, now);
    }
    return casebook.save(incident.moving(moved));
  }

  private Incident rests(
      Incident incident,
      Mitigation mitigation,
      Mitigation.State next,
      Kind kind,
      String text,
      Instant now) {
    Mitigation moved = mitigation.to(next, text);
    if (!moved.equals(incident.mitigation())) {
      journal.tell(kind, incident, moved, moved.actor(), text, now);
    }
    return casebook.save(incident.moving(moved));
  }

  /** Written down at once as what it has come to, so that a crash leaves no half of it. */
  private Incident applied(
      Incident incident,
      Mitigation mitigation,
      ApprovalRequest request,
      Approval.Applied done,
      Instant now) {
    Instant at = done.at().isAfter(now) ? now : done.at();
    String text = "%s approved and applied it at the flag provider.".formatted(who(done.by()));
    Mitigation applied =
        mitigation
            .applied(at, done.fence(), done.before(), done.after())
            .asking(request.in(Standing.APPLIED, done.by(), text));
    journal.tell(Kind.APPLIED, incident, applied, who(done.by()), text, now);
    protocol.record(
        incident,
        applied.withdrawal(),
        done.fence(),
        done.before(),
        done.after(),
        who(done.by()),
        at);
    Instant ended = incident.alert().endedAt();
    if (!done.inForce()) {
      return rests(
          incident,
          applied,
          Mitigation.State.SUPERSEDED,
          Kind.SUPERSEDED,
          text + " Somebody has changed the flag since, and it is no longer in force.",
          now);
    }
    if (incident.state() == Incident.State.CLOSED || (ended != null && !at.isBefore(ended))) {
      return rests(
          incident,
          applied,
          Mitigation.State.ESCALATED,
          Kind.ESCALATED,
          "%s That was after the burn had ended, so it stopped nothing. It can be undone."
              .formatted(text),
          now);
    }
    return rests(
        incident,
        applied,
        Mitigation.State.VERIFYING,
        Kind.VERIFYING,
        text + " Watches whether the burn falls.",
        now);
  }

  private Incident later(
      Incident incident, Mitigation mitigation, String why, Duration retryAfter, Instant now) {
    Instant next = now.plus(retryAfter);
    lookAt.merge(mitigation.id(), next, (one, other) -> one.isAfter(other) ? one : other);
    Mitigation moved = mitigation.to(mitigation.state(), why);
    if (!why.equals(mitigation.note())) {
      String text = "How the approval stands is not known. " + why;
      journal.tell(Kind.AWAITING_APPROVAL, incident, moved, moved.actor(), text, now);
    }
    return casebook.save(incident.moving(moved));
  }

  /** A person leaves it: the request goes too, so that nobody applies it later. */
  Reply takeBack(Incident incident, Mitigation mitigation, String actor, Instant now) {
    ApprovalRequest request = mitigation.approval();
    String id = request == null ? "" : request.id();
    return switch (world.flags().approvals().takeBack(mitigation.withdrawal(), id)) {
      case Approval.Deleted _ -> {
        String text = "Dismissed by " + actor + ", and the approval request is deleted.";
        Mitigation dismissed = mitigation.dismissedBy(actor, Mitigation.State.CANCELLED, text);
        Mitigation moved =
            request == null
                ? dismissed
                : dismissed.asking(request.in(Standing.DELETED, actor, text));
        journal.tell(Kind.DISMISSED, incident, moved, actor, text, now);
        yield new Reply.Done(casebook.save(incident.moving(moved)));
      }
      case Approval.Applied _ ->
          new Reply.Conflict("It has just been approved and applied; it can be undone.");
      case Approval.Unavailable(String why, _) -> new Reply.Unavailable(why);
      case Approval.Refused(String why) -> new Reply.Refused(why);
      case Approval.Waiting _, Approval.Declined _, Approval.Failed _ ->
          new Reply.Unavailable("The approval request is still there; try again.");
    };
  }
}
