package firebreak.guard;

import firebreak.deploytracker.Finding;
import firebreak.deploytracker.Verdict;
import firebreak.flags.Audience;
import firebreak.flags.ExpiringTarget;
import firebreak.flags.FlagState;
import firebreak.flags.Outcome;
import firebreak.flags.Withdrawal;
import firebreak.guard.Journal.Kind;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What people ask of the guard. They need no policy, but the same fence, the same protocol and the
 * same record.
 */
final class Requests {
  private static final Decision BY_A_PERSON = new Decision.StandDown("A person decides.");
  static final String STOPPED = "The stop switch is on: nothing is sent.";

  private final World world;
  private final Casebook casebook;
  private final Journal journal;
  private final Protocol protocol;
  private final Asking asking;
  private final Settings settings;
  private final BooleanSupplier stop;

  Requests(
      World world,
      Casebook casebook,
      Journal journal,
      Protocol protocol,
      Asking asking,
      Settings settings,
      BooleanSupplier stop) {
    this.world = world;
    this.casebook = casebook;
    this.journal = journal;
    this.protocol = protocol;
    this.asking = asking;
    this.settings = settings;
    this.stop = stop;
  }

  Reply approve(String incidentId, String mitigationId, String actor, Instant now) {
    return on(
        incidentId,
        mitigationId,
        (incident, mitigation) -> {
          if (mitigation.state() != Mitigation.State.RECOMMENDED) {
            return is(mitigation, "only what is recommended can be approved");
          }
          if (stop.getAsBoolean()) {
            return new Reply.Refused(STOPPED);
          }
          tell(Kind.APPROVED, incident, mitigation, actor, "Approved.", now);
          return begin(incident, mitigation.intendedBy(actor, now), now);
        });
  }

  Reply dismiss(String incidentId, String mitigationId, String actor, Instant now) {
    return on(
        incidentId,
        mitigationId,
        (incident, mitigation) ->
            switch (mitigation.state()) {
              case RECOMMENDED, INTENDED ->
                  dismiss(incident, mitigation, Mitigation.State.CANCELLED, actor, now);
              case SENT, UNKNOWN ->
                  dismiss(incident, mitigation, Mitigation.State.ESCALATED, actor, now);
              case AWAITING_APPROVAL -> asking.takeBack(incident, mitigation, actor, now);
              case APPLIED, VERIFYING, EFFECTIVE, INEFFECTIVE ->
                  is(mitigation, "it is in force, and can be undone");
              case RETURNING -> is(mitigation, "it is being given back, step by step");
              case SUPERSEDED, CANCELLED, DECLINED, ESCALATED, UNDONE ->
                  is(mitigation, "there is nothing left to dismiss");
            });
  }

  private Reply dismiss(
      Incident incident, Mitigation mitigation, Mitigation.State next, String actor, Instant now) {
    String text =
        next == Mitigation.State.CANCELLED
            ? "Dismissed by " + actor + "."
            : "Dismissed by " + actor + " after it was sent; it may have landed.";
    Mitigation dismissed = mitigation.dismissedBy(actor, next, text);
    tell(Kind.DISMISSED, incident, dismissed, actor, text, now);
    return new Reply.Done(casebook.save(incident.moving(dismissed)));
  }

  Reply undo(String incidentId, String mitigationId, String actor, Instant now) {
    return on(
        incidentId,
        mitigationId,
        (incident, mitigation) -> {
          if (!mitigation.isInForce()) {
            return is(mitigation, "only what is in force can be undone");
          }
          return stop.getAsBoolean()
              ? new Reply.Refused(STOPPED)
              : undo(incident, mitigation, actor, now);
        });
  }

  private Reply undo(Incident incident, Mitigation mitigation, String actor, Instant now) {
    Withdrawal withdrawal = mitigation.withdrawal();
    tell(Kind.UNDO, incident, mitigation, actor, "Is to be undone.", now);
    Outcome outcome = world.flags().undo(withdrawal, mitigation.before(), mitigation.fenceAfter());
    return switch (outcome) {
      case Outcome.Applied(String fence, String before, String after) -> {
        protocol.record(incident, withdrawal, fence, before, after, actor, now);
        Mitigation undone = mitigation.to(Mitigation.State.UNDONE, "Undone by " + actor + ".");
        tell(Kind.UNDONE, incident, undone, actor, undone.note(), now);
        yield new Reply.Done(casebook.save(incident.moving(undone)));
      }
      case Outcome.WouldApply _,
          Outcome.Superseded _,
          Outcome.NeedsApproval _,
          Outcome.Refused _,
          Outcome.Unavailable _,
          Outcome.Unknown _ ->
          answer(outcome);
    };
  }

  Reply request(
      String incidentId,
      String flagKey,
      Audience audience,
      String toVariation,
      @Nullable Instant until,
      String actor,
      boolean dryRun,
      Instant now) {
    Optional<Incident> incident = casebook.find(incidentId);
    Optional<FlagState> flag = world.flags().read(flagKey);
    if (incident.isEmpty()) {
      return new Reply.NotFound("There is no incident " + incidentId + ".");
    }
    if (flag.isEmpty()) {
      return new Reply.NotFound("There is no flag " + flagKey + ".");
    }
    String off = flag.get().offVariation();
    String to = toVariation.isEmpty() && off != null ? off : toVariation;
    if (!flag.get().variations().contains(to)) {
      return new Reply.Refused(
          "The flag %s has no variation '%s'; it has %s."
              .formatted(flagKey, to, String.join(", ", flag.get().variations())));
    }
    if (until != null && !(audience instanceof Audience.Contexts && until.isAfter(now))) {
      return new Reply.Refused("Only what is taken from contexts has an end, and that lies ahead.");
    }
    if (until != null && !world.flags().removesTargets()) {
      return new Reply.Refused("The flag provider removes no targets by itself.");
    }
    Withdrawal withdrawal = withdrawal(incident.get(), flag.get(), audience, to, actor);
    return dryRun
        ? noted(answer(world.flags().dryRun(withdrawal)), flagKey, until)
        : request(incident.get(), withdrawal, until, actor, now);
  }

  /** A dry run with what the provider will do by itself. */
  private Reply noted(Reply reply, String flag, @Nullable Instant until) {
    if (!(reply instanceof Reply.WouldChange(String before, String after, _))) {
      return reply;
    }
    List<String> notes = new ArrayList<>();
    if (until != null) {
      notes.add("The provider gives it back at %s by itself, and asks nobody.".formatted(until));
    }
    try {
      for (ExpiringTarget one : world.flags().expiring(flag)) {
        notes.add(
            "The provider removes the target of %s for %s %s at %s."
                .formatted(one.variation(), one.contextKind(), one.key(), one.at()));
      }
    } catch (UncheckedIOException e) {
      notes.add("Whether the provider removes targets by itself is not known: " + e.getMessage());
    }
    return new Reply.WouldChange(before, after, notes);
  }

  private Reply request(
      Incident incident,
      Withdrawal withdrawal,
      @Nullable Instant until,
      String actor,
      Instant now) {
    Mitigation last = incident.mitigation();
    if (last != null && last.isInFlight()) {
      return is(last, "one mitigation at a time");
    }
    if (last != null && last.state() == Mitigation.State.AWAITING_APPROVAL) {
      return is(last, "dismiss it before another is asked for");
    }
    if (stop.getAsBoolean()) {
      return new Reply.Refused(STOPPED);
    }
    Mitigation intended =
        Mitigation.proposed(
            Mitigation.State.INTENDED,
            withdrawal,
            actor,
            List.of(),
            prediction(incident, withdrawal),
            now);
    return begin(
        incident,
        until == null ? intended : intended.leased(new Lease(until, actor, false), ""),
        now);
  }

  private Reply begin(Incident incident, Mitigation intended, Instant now) {
    Incident saved = protocol.intend(incident, intended, now);
    return new Reply.Done(asking.follow(protocol.advance(saved, BY_A_PERSON, now), now));
  }

  private Withdrawal withdrawal(
      Incident incident, FlagState flag, Audience audience, String to, String actor) {
    Verdict.Lever lever = incident.finding().verdict().lever();
    String from =
        lever != null && lever.flag().equals(flag.key())
            ? lever.variation()
            : flag.variations().stream().filter(one -> !one.equals(to)).findFirst().orElse("");
    return new Withdrawal(
        Intent.id(settings.environment(), flag.key(), flag.fence(), audience, to),
        flag.key(),
        audience,
        from,
        to,
        flag.fence(),
        "Firebreak, asked by %s: %s burns. %s%s"
            .formatted(
                actor, incident.alert().objective().id(), settings.evidenceUrl(), incident.id()));
  }

  /** What was predicted holds for the lever and the contexts that it was predicted of. */
  private static Finding.Prediction prediction(Incident incident, Withdrawal withdrawal) {
    Verdict.Lever lever = incident.finding().verdict().lever();
    boolean same =
        lever != null
            && lever.flag().equals(withdrawal.flag())
            && withdrawal.audience() instanceof Audience.Contexts contexts
            && contexts.keys().containsAll(lever.keys());
    return same ? incident.finding().prediction() : Finding.Prediction.UNKNOWN;
  }

  Reply on(String incidentId, String mitigationId, BiFunction<Incident, Mitigation, Reply> act) {
    Optional<Incident> incident = casebook.find(incidentId);
    Mitigation latest = incident.map(Incident::mitigation).orElse(null);
    if (incident.isEmpty() || latest == null) {
      return new Reply.NotFound("There is no incident %s with a mitigation.".formatted(incidentId));
    }
    if (!latest.id().equals(mitigationId)) {
      return incident.get().mitigations().stream().anyMatch(one -> one.id().equals(mitigationId))
          ? new Reply.Conflict("A later mitigation has taken its place.")
          : new Reply.NotFound(
              "The incident has no mitigation %s; what it recommends may have changed."
                  .formatted(mitigationId));
    }
    return act.apply(incident.get(), latest);
  }

  private static Reply is(Mitigation mitigation, String why) {
    return new Reply.Conflict(
        "The mitigation is %s: %s.".formatted(Journal.word(mitigation.state()), why));
  }

  static Reply answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.WouldApply(String before, String after) ->
          new Reply.WouldChange(before, after, List.of());
      case Outcome.Applied(_, String before, String after) ->
          new Reply.WouldChange(before, after, List.of());
      case Outcome.Superseded _ ->
          new Reply.Conflict("The flag has been changed since; look at it, then change it there.");
      case Outcome.NeedsApproval(String why) -> new Reply.Refused(why);
      case Outcome.Refused(String why) -> new Reply.Refused(why);
      case Outcome.Unavailable(String why, _) -> new Reply.Unavailable(why);
      case Outcome.Unknown(String why) -> new Reply.Unavailable(why);
    };
  }

  private void tell(
      Kind kind, Incident incident, Mitigation mitigation, String actor, String text, Instant now) {
    journal.tell(kind, incident, mitigation, actor, text, now);
  }
}
