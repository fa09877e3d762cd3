package firebreak.sim.fleet;

import firebreak.sim.fleet.Fault.Exposure;
import firebreak.sim.fleet.Flag.Definition;
import firebreak.sim.fleet.Flag.Rule;
import firebreak.sim.fleet.Truth.Accepted;
import firebreak.sim.fleet.Truth.Answer;
import firebreak.sim.fleet.Truth.Culprit;
import firebreak.sim.fleet.Truth.Lever;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Writes one kind of incident into a script, and the truth about it. */
final class Stories {
  static final double LEAST_POINTS = 0.03;
  static final double MOST_POINTS = 0.30;
  private static final String GUILTY = "guilty-flag";

  private final Script script;
  private final World world;
  private final SplittableRandom random;
  private final Outages outages;

  private double onset;
  private final List<Culprit> culprits = new ArrayList<>();
  private final List<Accepted> accepted = new ArrayList<>();
  private final List<Lever> levers = new ArrayList<>();
  private Map<String, String> slice = Map.of();

  Stories(Script script) {
    this.script = script;
    this.world = script.world;
    this.random = script.random;
    this.outages = new Outages(script);
  }

  /** Whether the story has a build of its own, so that no other may roll out about minute 0. */
  static boolean hasBuild(Kind kind) {
    return switch (kind) {
      case BUILD,
          FLAG_WITH_INNOCENT_BUILD,
          BUILD_WITH_INNOCENT_FLAG,
          FLAG_AND_BUILD,
          LEAK,
          TALK,
          TWO_CULPRITS,
          ALREADY_FIXED ->
          true;
      case FLAG_PARTIAL,
          FLAG_EVERYBODY,
          FLAG_ONE_PERCENT,
          FLAG_ARM,
          FLAG_ON_SLICE,
          CUSTOMER_SURGE,
          BAD_HOST,
          REGIONAL_OUTAGE,
          DEPENDENCY_OUTAGE,
          SIMPSON,
          FLAG_THAT_HELPS,
          TELEMETRY_LOSS,
          QUIET ->
          false;
    };
  }

  Truth write(Kind kind) {
    onset = script.uniform(0, 1);
    switch (kind) {
      case FLAG_PARTIAL -> flagPartial();
      case FLAG_EVERYBODY -> flagEverybody();
      case FLAG_ONE_PERCENT -> flagOnePercent();
      case FLAG_ARM -> flagArm();
      case BUILD -> build();
      case FLAG_WITH_INNOCENT_BUILD -> flagAndBuildTogether(true);
      case BUILD_WITH_INNOCENT_FLAG -> flagAndBuildTogether(false);
      case FLAG_AND_BUILD -> flagAndBuild();
      case FLAG_ON_SLICE -> flagOnSlice();
      case LEAK -> leak();
      case TALK -> talk();
      case TWO_CULPRITS -> twoCulprits();
      case ALREADY_FIXED -> alreadyFixed();
      case CUSTOMER_SURGE -> {
        accept(Answer.CUSTOMER);
        accept(Answer.NONE);
        slice = outages.customerSurge(onset);
      }
      case BAD_HOST -> none(outages.badHost(onset));
      case REGIONAL_OUTAGE -> none(outages.region(onset));
      case DEPENDENCY_OUTAGE -> {
        // The flag that everybody just got may have broken those endpoints, for all that shows.
        none(outages.dependency(onset));
        accept(Answer.UNSURE);
      }
      case SIMPSON -> none(outages.simpson(onset));
      case FLAG_THAT_HELPS -> none(outages.flagThatHelps(onset));
      case TELEMETRY_LOSS -> none(outages.telemetry(onset));
      case QUIET -> {
        onset = 0;
        accept(Answer.NONE);
        accept(Answer.UNSURE);
      }
    }
    return new Truth(Instant.ofEpochMilli(script.at(onset)), culprits, accepted, levers, slice);
  }

  private void accept(Answer answer) {
    accepted.add(new Accepted(answer, "", "", ""));
  }

  private void none(Map<String, String> where) {
    accept(Answer.NONE);
    slice = where;
  }

  private double points() {
    return script.uniform(LEAST_POINTS, MOST_POINTS);
  }

  /** Most faults show at once; some wait for a cache to run out. */
  private void lag() {
    onset += script.chance(0.7) ? 0 : script.uniform(0, 3);
  }

  private static Exposure served(Flag flag, int variation) {
    return r -> r.isServed(flag, variation) ? 1 : 0;
  }

  private static Exposure on(String build) {
    return r -> r.build().equals(build) ? 1 : 0;
  }

  private static Exposure both(Exposure one, Exposure other) {
    return r -> one.of(r) * other.of(r);
  }

  /** A flag that served its off variation to all until now. */
  private Flag unused(boolean byUser) {
    return script.flag(GUILTY, Script.BOOLEAN, byUser, Definition.serving(1, Script.percent(0)));
  }

  /** The flag did it, and it is right to take the variation away. */
  private void blame(Flag flag, String change, int variation, boolean mayAct) {
    String served = flag.variations().get(variation);
    culprits.add(new Culprit(change, "", flag.key(), served));
    accepted.add(new Accepted(Answer.FLAG, "", flag.key(), served));
    if (mayAct) {
      levers.add(new Lever(flag.key(), served));
    }
  }

  private void blame(String build, String change) {
    culprits.add(new Culprit(change, build, "", ""));
    accepted.add(new Accepted(Answer.DEPLOY, build, "", ""));
  }

  private void flagPartial() {
    Flag flag = unused(script.chance(0.15));
    double percent = Dice.pick(random, 10.0, 25.0, 50.0);
    Definition after =
        script.chance(0.2)
            ? flag.latest().ruled(List.of(new Rule("plan", "free", Script.percent(percent))))
            : flag.latest().falling(Script.percent(percent));
    blame(flag, script.change(flag, onset, after), 0, true);
    lag();
    script.fault(onset, served(flag, 0), points());
  }

  private void flagEverybody() {
    Flag flag = unused(false);
    blame(flag, script.change(flag, onset, flag.latest().falling(Script.percent(100))), 0, false);
    accept(Answer.UNSURE);
    lag();
    script.fault(onset, served(flag, 0), points());
  }

  private void flagOnePercent() {
    Flag flag = unused(true);
    blame(flag, script.change(flag, onset, flag.latest().falling(Script.percent(1))), 0, true);
    script.fault(onset, served(flag, 0), 0.5);
  }

  private void flagArm() {
    List<String> arms = List.of("control", "compact", "wide", "cards");
    List<Integer> none = List.of(Flag.WHOLE, 0, 0, 0);
    Flag flag = script.flag(GUILTY, arms, false, Definition.serving(0, none));
    List<Integer> weights =
        script.chance(0.5)
            ? List.of(25_000, 25_000, 25_000, 25_000)
            : List.of(55_000, 15_000, 15_000, 15_000);
    int bad = random.nextInt(1, arms.size());
    blame(flag, script.change(flag, onset, flag.latest().falling(weights)), bad, true);
    lag();
    script.fault(onset, served(flag, bad), points());
  }

  private void build() {
    String build = script.builds.fresh();
    blame(build, script.roll(build, onset, script.uniform(5, 30), script.chance(0.3)));
    script.fault(onset, on(build), points());
  }

  private void flagAndBuildTogether(boolean flagIsGuilty) {
    Flag flag = unused(false);
    double percent = Dice.pick(random, 25.0, 50.0);
    String build = script.builds.fresh();
    double other = onset + script.uniform(-0.5, 0.5);
    String rolled = script.roll(build, other, script.uniform(5, 30), script.chance(0.3));
    String changed = script.change(flag, onset, flag.latest().falling(Script.percent(percent)));
    if (flagIsGuilty) {
      blame(flag, changed, 0, true);
      script.fault(onset, served(flag, 0), points());
    } else {
      blame(build, rolled);
      onset = Math.max(other, onset);
      script.fault(onset, on(build), points());
    }
  }

  private void flagAndBuild() {
    Flag flag = unused(false);
    Definition half = flag.latest().falling(Script.percent(Dice.pick(random, 25.0, 50.0)));
    String build = script.builds.fresh();
    boolean buildLater = script.chance(0.6);
    String rolled;
    String changed;
    if (buildLater) {
      changed = script.change(flag, script.uniform(-240, -30), half);
      rolled = script.roll(build, onset, script.uniform(5, 30), false);
    } else {
      rolled = script.roll(build, script.uniform(-12, -6), script.uniform(20, 30), false);
      changed = script.change(flag, onset, half);
    }
    Culprit pair = new Culprit(buildLater ? rolled : changed, build, flag.key(), "true");
    culprits.add(pair);
    accepted.add(new Accepted(Answer.FLAG, "", flag.key(), "true"));
    accepted.add(new Accepted(Answer.DEPLOY, build, flag.key(), "true"));
    levers.add(new Lever(flag.key(), "true"));
    script.fault(onset, both(served(flag, 0), on(build)), script.uniform(0.1, MOST_POINTS));
  }

  private void flagOnSlice() {
    Flag flag = unused(false);
    double percent = Dice.pick(random, 25.0, 50.0);
    blame(
        flag, script.change(flag, onset, flag.latest().falling(Script.percent(percent))), 0, true);
    lag();
    script.fault(onset, both(served(flag, 0), slice()), points());
  }

  private Exposure slice() {
    int at = random.nextInt(world.hosts().size());
    String region = world.hosts().get(at).regionName();
    String plan = Dice.pick(random, "free", "pro", "enterprise");
    String sdk = Dice.pick(random, "sdk-3.2", "sdk-4.0");
    return switch (random.nextInt(3)) {
      case 0 -> {
        slice = Map.of("region", region);
        yield r -> r.host().regionName().equals(region) ? 1 : 0;
      }
      case 1 -> {
        slice = Map.of("customer.plan", plan);
        yield r -> r.customer().plan().equals(plan) ? 1 : 0;
      }
      default -> {
        slice = Map.of("sdk.version", sdk);
        yield r -> r.customer().sdk().equals(sdk) ? 1 : 0;
      }
    };
  }

  private void leak() {
    String build = script.builds.fresh();
    blame(build, script.roll(build, onset, script.uniform(5, 10), false));
    accept(Answer.UNSURE);
    onset += 10;
    double full = script.uniform(20, 40);
    script.fault(
        onset,
        r -> r.build().equals(build) ? Math.clamp((r.minutesOnBuild() - 10) / full, 0, 1) : 0,
        script.uniform(0.1, MOST_POINTS));
  }

  private void talk() {
    Flag flag =
        script.flag(
            "short-cache",
            Script.BOOLEAN,
            false,
            Definition.serving(1, Script.percent(0))
                .ruled(List.of(new Rule("beta", "true", Script.percent(100)))));
    int customer = Productions.talkative(world);
    String id = world.customers().get(customer).id();
    String build = script.builds.fresh();
    String rolled = script.roll(build, onset, script.uniform(8, 20), script.chance(0.3));
    onset += script.uniform(0, 3);
    Exposure hit =
        r -> r.customer == customer && r.isServed(flag, 0) && r.build().equals(build) ? 1 : 0;
    AliasTable alone = world.among(c -> c.index() == customer);
    double share = world.customers().get(customer).share();
    script.surges.add(new Surge(script.at(onset), Long.MAX_VALUE, alone, share, 50, hit));
    script.faults.add(new Fault(script.at(onset), hit, script.uniform(0.5, 0.85), true, 1));
    List<Integer> partitions =
        List.of(
            world.customers().get(customer).partition(0),
            world.customers().get(customer).partition(1),
            world.customers().get(customer).partition(2));
    script.faults.add(
        new Fault(
            script.at(onset), r -> partitions.contains(r.partition()) ? 1 : 0, 0.004, true, 1.15));
    culprits.add(new Culprit(rolled, build, flag.key(), "true"));
    accepted.add(new Accepted(Answer.DEPLOY, build, flag.key(), "true"));
    levers.add(new Lever(flag.key(), "true"));
    slice = Map.of("customer_id", id);
  }

  private void twoCulprits() {
    Flag small =
        script.flag("lesser-flag", Script.BOOLEAN, false, Definition.serving(1, Script.percent(0)));
    double later = onset + script.uniform(0, 4);
    double points = script.uniform(0.15, MOST_POINTS);
    double percent = Dice.pick(random, 25.0, 50.0);
    if (script.chance(0.5)) {
      Flag flag = unused(false);
      blame(flag, script.change(flag, onset, flag.latest().falling(Script.percent(50))), 0, true);
      script.fault(onset, served(flag, 0), points);
      points /= 2;
    } else {
      String build = script.builds.fresh();
      blame(build, script.roll(build, onset, script.uniform(5, 8), false));
      script.fault(onset, on(build), points);
    }
    Definition after = small.latest().falling(Script.percent(percent));
    String changed = script.change(small, later, after);
    script.fault(later, served(small, 0), script.uniform(0.4, 0.9) * points);
    culprits.add(new Culprit(changed, "", small.key(), "true"));
    levers.add(new Lever(small.key(), "true"));
  }

  private void alreadyFixed() {
    double points = script.uniform(0.12, MOST_POINTS);
    if (script.chance(0.4)) {
      Flag flag = unused(false);
      String changed = script.change(flag, onset, flag.latest().falling(Script.percent(50)));
      blame(flag, changed, 0, false);
      script.fault(onset, served(flag, 0), points);
      double noticed = onset + Productions.minutesToAlert(points / 2);
      script.change(flag, noticed + script.uniform(-1, 1), flag.latest().turned(false));
    } else {
      String before = script.builds.current();
      String build = script.builds.fresh();
      double length = script.uniform(3, 6);
      blame(build, script.roll(build, onset, length, false));
      script.fault(onset, on(build), points);
      double noticed = onset + length / 2 + Productions.minutesToAlert(points);
      String good = script.chance(0.5) ? before : script.builds.fresh();
      double fixed = Math.max(onset + length, noticed + script.uniform(-1, 1));
      script.roll(good, fixed, script.uniform(2, 5), false);
    }
  }
}
