package firebreak.guard;

import firebreak.deploytracker.Verdict;
import firebreak.flags.Audience;
import firebreak.flags.FlagSwitch.Landing;
import firebreak.flags.Outcome;
import firebreak.flags.Restoration;
import firebreak.flags.Restoration.Portion;
import firebreak.flags.Withdrawal;
import firebreak.guard.Journal.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives back what a mitigation took away, step by step, each one a person's.
 *
 * <p>What was taken from everyone comes back as 1, 5, 25 and 100 % of what was served before; what
 * was taken from a few contexts comes back to one after the other, or to all when they are few. A
 * step is offered once the one before has been watched, and is written under the fence which that
 * one left, so that nothing is given back over anybody's head.
 */
public final class WayBack {
  static final List<Integer> LADDER = List.of(1, 5, 25, 100);
  private static final String KIND_AT_LEAST = "user";

  private final World world;
  private final Casebook casebook;
  private final Journal journal;
  private final Protocol protocol;
  private final StepWatch watch;
  private final Settings settings;
  private final BooleanSupplier stop;

  WayBack(
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
    this.watch = new StepWatch(world, settings.limits());
    this.settings = settings;
    this.stop = stop;
  }

  /**
   * What a person asks for.
   *
   * @param percent 0 where contexts are named
   * @param contextKind by whose key a share is dealt out; empty for that of the incident
   * @param build that contains the fix; empty for the one that the steps before named, or none
   */
  public record Wish(int percent, List<String> contexts, String contextKind, String build) {
    public Wish {
      contexts = contexts.stream().distinct().sorted().toList();
      if (contexts.isEmpty() != (percent > 0)) {
        throw new IllegalArgumentException("a step names a percent or contexts");
      }
    }
  }

  /** The next step; empty when there is nothing to give back in steps. */
  Optional<NextStep> next(String incidentId, String mitigationId, String build, Instant now) {
    return casebook
        .find(incidentId)
        .flatMap(
            incident ->
                Optional.ofNullable(incident.mitigation())
                    .filter(mitigation -> mitigation.id().equals(mitigationId))
                    .map(mitigation -> next(incident, mitigation, build, now)));
  }

  private @Nullable NextStep next(
      Incident incident, Mitigation mitigation, String build, Instant now) {
    boolean inForce = mitigation.isInForce() || mitigation.state() == Mitigation.State.RETURNING;
    return inForce && !(mitigation.withdrawal().audience() instanceof Audience.Segment)
        ? watch.look(
            incident,
            mitigation,
            percent(mitigation),
            left(mitigation),
            bound(mitigation, build),
            now)
        : null;
  }

  private static String bound(Mitigation mitigation, String build) {
    return build.isEmpty() && !mitigation.wayBack().isEmpty()
        ? mitigation.wayBack().getLast().build()
        : build;
  }

  private static int percent(Mitigation mitigation) {
    if (!(mitigation.withdrawal().audience() instanceof Audience.Everyone)) {
      return 0;
    }
    int last = mitigation.wayBack().isEmpty() ? 0 : mitigation.wayBack().getLast().percent();
    return LADDER.stream().filter(step -> step > last).findFirst().orElse(100);
  }

  private static List<String> left(Mitigation mitigation) {
    if (!(mitigation.withdrawal().audience() instanceof Audience.Contexts(_, List<String> keys))) {
      return List.of();
    }
    List<String> left = new ArrayList<>(keys.stream().distinct().sorted().toList());
    mitigation.wayBack().forEach(step -> left.removeAll(step.contexts()));
    return left;
  }

  Reply step(
      Incident incident,
      Mitigation mitigation,
      Wish wish,
      String actor,
      boolean dryRun,
      Instant now) {
    NextStep next = next(incident, mitigation, wish.build(), now);
    if (next == null) {
      return new Reply.Conflict(
          "The mitigation is %s: there is nothing to give back in steps."
              .formatted(Journal.word(mitigation.state())));
    }
    String wrong = wrong(next, wish);
    if (!wrong.isEmpty()) {
      return new Reply.Conflict(wrong);
    }
    Restoration step = restoration(incident, mitigation, next, wish, actor);
    if (dryRun) {
      return Requests.answer(world.flags().dryRun(step));
    }
    if (!next.refusals().isEmpty()) {
      return new Reply.Conflict(String.join(" ", next.refusals()));
    }
    return stop.getAsBoolean()
        ? new Reply.Refused(Requests.STOPPED)
        : take(incident, mitigation, next, wish, step, actor, now);
  }

  private static String wrong(NextStep next, Wish wish) {
    if (next.percent() > 0) {
      return wish.percent() == next.percent()
          ? ""
          : "The next step is to %d %%.".formatted(next.percent());
    }
    boolean few = wish.contexts().size() == 1 || next.contexts().equals(wish.contexts());
    boolean allowed =
        next.contexts().containsAll(wish.contexts())
            && few
            && (wish.contexts().size() == 1 || wish.contexts().size() <= Eligibility.FEW_CONTEXTS);
    return allowed && !wish.contexts().isEmpty()
        ? ""
        : "The next step is to one of %s%s."
            .formatted(
                String.join(", ", next.contexts()),
                next.contexts().size() <= Eligibility.FEW_CONTEXTS ? ", or to all of them" : "");
  }

  private Restoration restoration(
      Incident incident, Mitigation mitigation, NextStep next, Wish wish, String actor) {
    Withdrawal withdrawal = mitigation.withdrawal();
    String fence =
        mitigation.wayBack().isEmpty()
            ? mitigation.fenceAfter()
            : mitigation.wayBack().getLast().fence();
    Portion portion =
        next.percent() > 0
            ? new Portion.Share(next.percent(), kind(incident, wish))
            : new Portion.Contexts(wish.contexts());
    String build = next.build().isEmpty() ? "" : " with build " + next.build();
    return new Restoration(
        Intent.hash(
            settings.environment(),
            withdrawal.flag(),
            fence,
            "give back",
            String.valueOf(wish.percent()),
            String.join(",", wish.contexts())),
        withdrawal,
        mitigation.before(),
        fence,
        portion,
        "Firebreak, asked by %s: %s given back%s. %s%s"
            .formatted(
                actor,
                wish.contexts().isEmpty()
                    ? wish.percent() + " %"
                    : String.join(", ", wish.contexts()),
                build,
                settings.evidenceUrl(),
                incident.id()));
  }

  private static String kind(Incident incident, Wish wish) {
    Verdict.Lever lever = incident.finding().verdict().lever();
    String ofIncident = lever == null ? "" : lever.contextKind();
    String kind = wish.contextKind().isEmpty() ? ofIncident : wish.contextKind();
    return kind.isEmpty() ? KIND_AT_LEAST : kind;
  }

  private Reply take(
      Incident incident,
      Mitigation mitigation,
      NextStep next,
      Wish wish,
      Restoration step,
      String actor,
      Instant now) {
    String what = describe(mitigation, wish, next);
    journal.tell(
        Kind.STEP, incident, mitigation, actor, "Is to give back %s.".formatted(what), now);
    Outcome outcome = world.flags().restore(step);
    if (outcome instanceof Outcome.Superseded || outcome instanceof Outcome.Unknown) {
      // Perhaps by this very step, whose answer was lost.
      if (world.flags().landed(step)
          instanceof Landing.Landed(String fence, String before, String after)) {
        outcome = new Outcome.Applied(fence, before, after);
      }
    }
    if (!(outcome instanceof Outcome.Applied(String fence, String before, String after))) {
      return Requests.answer(outcome);
    }
    protocol.timeline(incident, mitigation.withdrawal(), fence, before, after, actor, false, now);
    WayBackStep taken =
        new WayBackStep(wish.percent(), wish.contexts(), next.build(), actor, now, fence);
    boolean all =
        next.percent() > 0
            ? wish.percent() == LADDER.getLast()
            : next.contexts().equals(wish.contexts());
    Mitigation moved =
        mitigation.stepping(
            taken,
            all ? Mitigation.State.UNDONE : Mitigation.State.RETURNING,
            all
                ? "Given back in steps, the last by %s.".formatted(actor)
                : "Given back %s by %s.".formatted(what, actor));
    String seen = String.join(" ", next.watched());
    journal.tell(
        all ? Kind.UNDONE : Kind.STEPPED,
        incident,
        moved,
        actor,
        "Gave back %s. %s".formatted(what, seen).strip(),
        now);
    return new Reply.Done(casebook.save(incident.moving(moved)));
  }

  private static String describe(Mitigation mitigation, Wish wish, NextStep next) {
    String variation = mitigation.withdrawal().fromVariation();
    String whom =
        wish.contexts().isEmpty()
            ? "to %d %% of those it was taken from".formatted(wish.percent())
            : "to " + String.join(", ", wish.contexts());
    return "%s %s%s"
        .formatted(variation, whom, next.build().isEmpty() ? "" : ", with build " + next.build());
  }
}
