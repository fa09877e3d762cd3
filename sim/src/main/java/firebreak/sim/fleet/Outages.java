package firebreak.sim.fleet;

import firebreak.sim.fleet.Fault.Exposure;
import firebreak.sim.fleet.Flag.Definition;
import firebreak.sim.fleet.Flag.Rule;
import firebreak.sim.fleet.World.Customer;
import firebreak.sim.fleet.World.Host;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Incidents that no change of ours made; each says which field and value they lie behind. */
final class Outages {
  private final Script script;
  private final World world;
  private final SplittableRandom random;

  Outages(Script script) {
    this.script = script;
    this.world = script.world;
    this.random = script.random;
  }

  private Flag flag(String key, double percent) {
    return script.flag(key, Script.BOOLEAN, false, Definition.serving(1, Script.percent(percent)));
  }

  /** One customer asks many times as much, and its own requests fail for it. */
  Map<String, String> customerSurge(double onset) {
    Customer customer = world.customers().get(random.nextInt(3, 30));
    AliasTable alone = world.among(c -> c.index() == customer.index());
    double times = script.uniform(20, 60);
    script.surges.add(
        new Surge(script.at(onset), Long.MAX_VALUE, alone, customer.share(), times, _ -> 1));
    script.fault(onset, r -> r.customer == customer.index() ? 1 : 0, script.uniform(0.1, 0.4));
    script.fault(onset, _ -> 1, 0.003);
    return Map.of("customer_id", customer.id());
  }

  Map<String, String> badHost(double onset) {
    int index = random.nextInt(world.hosts().size());
    Host host = world.hosts().get(index);
    if (script.chance(0.5)) {
      script.fault(onset, r -> r.host == index ? 1 : 0, script.uniform(0.3, 0.9));
      return Map.of("host.name", host.name());
    }
    script.fault(
        onset, r -> r.host().zone().equals(host.zone()) ? 1 : 0, script.uniform(0.05, 0.3));
    return Map.of("zone", host.zone());
  }

  Map<String, String> region(double onset) {
    Host host = world.hosts().get(random.nextInt(world.hosts().size()));
    script.fault(onset, r -> r.host().region() == host.region() ? 1 : 0, script.uniform(0.05, 0.4));
    return Map.of("region", host.regionName());
  }

  /** Some endpoints lose what they depend on, minutes after a flag went to everybody. */
  Map<String, String> dependency(double onset) {
    Flag flag = flag("eager-flag", Dice.pick(random, 0.0, 0.0, 50.0));
    script.change(flag, onset - script.uniform(0, 3), flag.latest().falling(Script.percent(100)));
    Set<Integer> hit = new HashSet<>();
    int many = random.nextInt(1, 6);
    for (int i = 0; i < many; i++) {
      hit.add(random.nextInt(Math.min(12, world.endpoints().size())));
    }
    script.fault(onset, r -> hit.contains(r.endpoint) ? 1 : 0, script.uniform(0.1, 0.4));
    return hit.size() == 1
        ? Map.of("name", world.endpoints().get(hit.iterator().next()).name())
        : Map.of();
  }

  /** The clients that have the flag always failed more, and now there are more of them. */
  Map<String, String> simpson(double onset) {
    Flag flag = flag("mobile-first-flag", 0);
    Definition mobileFirst =
        flag.latest()
            .ruled(List.of(new Rule("platform", Productions.FRAGILE, Script.percent(90))))
            .falling(Script.percent(script.uniform(2, 10)));
    script.change(flag, onset - script.uniform(0, 10), mobileFirst);
    Exposure fragile = r -> r.customer().platform().equals(Productions.FRAGILE) ? 1 : 0;
    double share = world.share(c -> c.platform().equals(Productions.FRAGILE));
    script.faults.add(
        new Fault(Long.MIN_VALUE, fragile, script.uniform(0.04, 0.08), script.chance(0.5), 1));
    AliasTable customers = world.among(c -> c.platform().equals(Productions.FRAGILE));
    double times = script.uniform(0.5, 1.5) / share;
    script.surges.add(new Surge(script.at(onset), Long.MAX_VALUE, customers, share, times, _ -> 1));
    return Map.of("platform", Productions.FRAGILE);
  }

  /** An outage of everything; those who get the flag are spared most of it. */
  Map<String, String> flagThatHelps(double onset) {
    Flag flag = flag("circuit-breaker", 0);
    double percent = Dice.pick(random, 25.0, 50.0, 75.0);
    script.change(
        flag, onset + script.uniform(0, 4), flag.latest().falling(Script.percent(percent)));
    script.fault(onset, r -> r.isServed(flag, 0) ? 0.2 : 1, script.uniform(0.05, 0.3));
    return Map.of();
  }

  Map<String, String> telemetry(double onset) {
    int region = random.nextInt(world.hostsByRegion().size());
    String name = world.hosts().get(region).regionName();
    long skew = Math.round(script.uniform(-180_000, 60_000));
    int rate = random.nextInt(50, 400);
    script.telemetry =
        new Telemetry(region, script.at(onset), script.uniform(0, 0.3) / rate, rate, skew);
    return Map.of("region", name);
  }
}
