package firebreak.guard;

import com.google.errorprone.annotations.FormatMethod;
import firebreak.deploytracker.SideBySide;
import firebreak.eventstore.TimeRange;
import firebreak.flags.Audience;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Watches how a step of the way back goes: whether those whom it reached fare no worse than all
 * others, and whether the build with the fix is there.
 */
final class StepWatch {
  /** A fault may need minutes to show, a cache to run out. */
  static final Duration WATCHED_FOR = Duration.ofMinutes(5);

  /** The build that is bound to the way back must serve this share of the latest events. */
  static final double BUILD_SHARE_AT_LEAST = 0.95;

  static final Duration BUILD_SEEN_WITHIN = Duration.ofMinutes(5);

  private final World world;
  private final Limits limits;

  StepWatch(World world, Limits limits) {
    this.world = world;
    this.limits = limits;
  }

  /** What is seen, with the reasons that speak against a further step. */
  NextStep look(
      Incident incident,
      Mitigation mitigation,
      int percent,
      List<String> contexts,
      String build,
      Instant now) {
    List<String> refusals = new ArrayList<>();
    List<String> watched = new ArrayList<>();
    double share = share(incident, build, refusals, watched, now);
    SideBySide sides = new SideBySide(Counts.NONE, Counts.NONE);
    if (mitigation.wayBack().isEmpty()) {
      effect(mitigation, refusals);
    } else {
      WayBackStep last = mitigation.wayBack().getLast();
      Duration since = Duration.between(last.at(), now);
      if (since.compareTo(WATCHED_FOR) < 0) {
        refusals.add(
            say(
                "The step to %s is watched for %d minutes, until %s.",
                last.describe(), WATCHED_FOR.toMinutes(), last.at().plus(WATCHED_FOR)));
      }
      sides = judge(incident, mitigation, last, refusals, watched, now);
    }
    return new NextStep(
        percent,
        contexts,
        build,
        refusals,
        watched,
        sides.some(),
        sides.rest(),
        sides.isComparable() ? sides.pValue() : Double.NaN,
        share);
  }

  private static void effect(Mitigation mitigation, List<String> refusals) {
    if (mitigation.state() == Mitigation.State.APPLIED
        || mitigation.state() == Mitigation.State.VERIFYING) {
      refusals.add("Whether it helped to take it away is still being watched.");
    }
  }

  private double share(
      Incident incident, String build, List<String> refusals, List<String> watched, Instant now) {
    if (build.isEmpty()) {
      return Double.NaN;
    }
    Objective objective = incident.alert().objective();
    TimeRange range = TimeRange.before(now, BUILD_SEEN_WITHIN);
    long all = world.burns().counts(objective, range).eligible();
    long of = world.slices().ofBuild(objective, build, range).eligible();
    double share = all == 0 ? Double.NaN : Math.min(1, (double) of / all);
    String seen =
        say(
            "Build %s served %s of the %d events of the last %d minutes.",
            build, percent(share), all, BUILD_SEEN_WITHIN.toMinutes());
    if (share >= BUILD_SHARE_AT_LEAST) {
      watched.add(seen);
    } else {
      refusals.add(
          of == 0
              ? say("Build %s, which is to contain the fix, serves no traffic yet.", build)
              : say("%s A step needs %s.", seen, percent(BUILD_SHARE_AT_LEAST)));
    }
    return share;
  }

  private SideBySide judge(
      Incident incident,
      Mitigation mitigation,
      WayBackStep last,
      List<String> refusals,
      List<String> watched,
      Instant now) {
    Objective objective = incident.alert().objective();
    Instant since = last.at().plus(limits.propagation());
    if (!since.isBefore(now)) {
      return new SideBySide(Counts.NONE, Counts.NONE);
    }
    SideBySide sides =
        world.slices().exposed(objective, slice(mitigation), new TimeRange(since, now));
    if (sides.some().eligible() == 0) {
      whole(objective, since, refusals, watched, now);
      return sides;
    }
    Counts exposed = sides.some();
    String seen =
        say(
            "Since the step to %s, %d of %d events of those it reached were bad (%s); of all others"
                + " of the same minutes %d of %d (%s).",
            last.describe(),
            exposed.bad(),
            exposed.eligible(),
            percent(sides.rate()),
            sides.rest().bad(),
            sides.rest().eligible(),
            percent(sides.restRate()));
    watched.add(seen);
    if (exposed.eligible() < limits.verifyEventsAtLeast()) {
      refusals.add(say("%d events of those it reached are needed.", limits.verifyEventsAtLeast()));
    } else if (isWorse(sides, objective)) {
      refusals.add(say("They fare worse (p = %.2g).", sides.pValue()));
    }
    return sides;
  }

  /** With nobody to compare with, by what the objective allows. */
  private static boolean isWorse(SideBySide sides, Objective objective) {
    return sides.isComparable()
        ? sides.pValue() <= Gate.SIGNIFICANCE && sides.rate() > sides.restRate()
        : sides.rate() > objective.budgetShare();
  }

  private static Slices.Slice slice(Mitigation mitigation) {
    String flag = mitigation.withdrawal().flag();
    String variation = mitigation.withdrawal().fromVariation();
    List<String> keys =
        mitigation.wayBack().stream().flatMap(step -> step.contexts().stream()).toList();
    return mitigation.withdrawal().audience() instanceof Audience.Contexts(String kind, _)
        ? new Slices.Slice(flag, variation, kind, keys)
        : new Slices.Slice(flag, variation, "", List.of());
  }

  /** Where events do not say what they were served, the objective as a whole must be well. */
  private void whole(
      Objective objective,
      Instant since,
      List<String> refusals,
      List<String> watched,
      Instant now) {
    Counts counts = world.burns().countsSince(objective, since, now);
    double burn = counts.burnRate(objective.budgetShare());
    watched.add(
        say(
            "No event since the step says that it was served it; of all %d events %d were bad.",
            counts.eligible(), counts.bad()));
    if (counts.eligible() < limits.verifyEventsAtLeast()) {
      refusals.add(say("%d events are needed.", limits.verifyEventsAtLeast()));
    } else if (burn >= 1) {
      refusals.add(say("The objective burns at %.1f times the allowed rate.", burn));
    }
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "none" : say(share < 0.1 ? "%.2f %%" : "%.0f %%", 100 * share);
  }

  @FormatMethod
  private static String say(String format, Object... parts) {
    return String.format(Locale.ROOT, format, parts);
  }
}
