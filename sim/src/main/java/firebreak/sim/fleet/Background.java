package firebreak.sim.fleet;

import firebreak.sim.fleet.Flag.Definition;
import firebreak.sim.fleet.Flag.Rule;
import firebreak.sim.fleet.Flag.Target;
import firebreak.sim.fleet.World.Customer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What else changes, all of it innocent: two to ten changes an hour, around the clock. */
final class Background {
  private static final List<String> KEYS =
      List.of(
          "new-checkout",
          "dark-mode",
          "fast-search",
          "batch-writes",
          "retry-budget",
          "lazy-images",
          "read-replica",
          "async-audit",
          "compact-json",
          "price-cache",
          "geo-routing",
          "bulk-export",
          "soft-delete",
          "smart-sort",
          "quota-v2",
          "edge-tokens");
  private static final List<String> OTHER_SERVICES =
      List.of("billing", "ingest", "shepherd", "mailer", "gateway");
  private static final List<Double> STEPS = List.of(0.0, 1.0, 5.0, 10.0, 25.0, 50.0, 100.0);

  private final Script script;
  private final SplittableRandom random;
  private final List<Flag> own = new ArrayList<>();

  Background(Script script) {
    this.script = script;
    this.random = script.random;
  }

  /** The flags that are there, and the last rollout but one. */
  void before(int firstMinute) {
    int count = random.nextInt(4, 11);
    for (int i = 0; i < count; i++) {
      own.add(flag(KEYS.get(i)));
    }
    if (own.size() > 2 && script.chance(0.5)) {
      Flag dependent = own.getLast();
      dependent.change(script.at(firstMinute - 1), dependent.latest().requiring(own.getFirst()));
    }
    script.roll(script.builds.fresh(), script.uniform(-300, -120), script.uniform(5, 30), false);
  }

  private Flag flag(String key) {
    boolean byUser = script.chance(0.15);
    if (script.chance(0.25)) {
      List<String> arms = List.of("control", "blue", "green");
      List<Integer> weights = List.of(60_000, 20_000, 20_000);
      return script.flag(key, arms, byUser, Definition.serving(0, weights));
    }
    double percent = STEPS.get(random.nextInt(STEPS.size()));
    Definition first = Definition.serving(1, Script.percent(percent));
    if (script.chance(0.3)) {
      String[] rule =
          Dice.pick(
              random,
              new String[] {"plan", "enterprise"},
              new String[] {"beta", "true"},
              new String[] {"platform", "web"});
      first = first.ruled(List.of(new Rule(rule[0], rule[1], Script.percent(100))));
    }
    return script.flag(key, Script.BOOLEAN, byUser, first);
  }

  /**
   * The changes of all hours.
   *
   * @param rollsOut whether an innocent build of this service may roll out about minute 0
   */
  void changes(int firstMinute, int endMinute, boolean rollsOut) {
    if (rollsOut && script.chance(0.65)) {
      double length = script.uniform(5, 30);
      script.roll(
          script.builds.fresh(), script.uniform(-length - 5, 5), length, script.chance(0.3));
    }
    double perMinute = script.uniform(2, 10) / 60;
    double minute = firstMinute;
    while (true) {
      minute -= Math.log(1 - random.nextDouble()) / perMinute;
      if (minute >= endMinute) {
        return;
      }
      change(minute);
    }
  }

  private void change(double minute) {
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> {
        String service = OTHER_SERVICES.get(random.nextInt(OTHER_SERVICES.size()));
        String build = Integer.toString(random.nextInt(100, 1_000));
        script.deployed(service, build, minute, script.uniform(2, 20));
      }
      case 4 ->
          script.notices.add(
              Notice.marker(
                  World.SERVICE,
                  "config push " + random.nextInt(1_000),
                  java.time.Instant.ofEpochMilli(script.at(minute))));
      case 5 -> elsewhere(minute);
      default -> edit(own.get(random.nextInt(own.size())), minute);
    }
  }

  /** A flag that this service does not ask for. */
  private void elsewhere(double minute) {
    String key = "other-" + random.nextInt(40);
    int version = (int) (5_000 + minute);
    Definition before = Definition.serving(1, Script.percent(5));
    Flag flag = new Flag(key, Script.BOOLEAN, false, script.world, version - 1, before);
    script.notices.add(
        Notice.flag(
            OTHER_SERVICES.get(random.nextInt(OTHER_SERVICES.size())),
            key,
            version,
            java.time.Instant.ofEpochMilli(script.at(minute)),
            flag.json(before, version - 1),
            flag.json(before.falling(Script.percent(25)), version)));
  }

  private void edit(Flag flag, double minute) {
    Definition now = flag.latest();
    boolean arms = flag.variations().size() > 2;
    Definition next =
        switch (random.nextInt(6)) {
          case 0 -> now.targeted(List.of(target(flag)));
          case 1 -> now.turned(!now.on());
          case 2 -> arms ? now.falling(List.of(40_000, 30_000, 30_000)) : step(now);
          default -> arms ? now.falling(List.of(80_000, 10_000, 10_000)) : step(now);
        };
    script.change(flag, minute, next);
  }

  private Target target(Flag flag) {
    Customer customer =
        script.world.customers().get(random.nextInt(script.world.customers().size()));
    return new Target(customer.index(), customer.id(), random.nextInt(flag.variations().size()));
  }

  private Definition step(Definition now) {
    int at = STEPS.indexOf(now.fallthrough().getFirst() * 100.0 / Flag.WHOLE);
    int next = script.chance(0.8) ? Math.min(at + 1, STEPS.size() - 1) : 0;
    return now.falling(Script.percent(STEPS.get(Math.max(next, 0))));
  }
}
