package firebreak.sim.fleet;

import firebreak.sim.fleet.World.Customer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What a kind of incident asks of the world that it happens in. */
final class Productions {
  /** The platform of few clients that always fail more, where there is one. */
  static final String FRAGILE = "kiosk";

  private static final double FRAGILE_SHARE = 0.015;

  /** A fast burn is noticed once it has spent this much: 14.4 times a thousandth of an hour. */
  private static final double SPENT_AT_ALERT = 0.864;

  private Productions() {}

  static World of(Kind kind, long seed) {
    World world = World.seeded(seed);
    SplittableRandom random = Dice.of(seed, 4);
    return switch (kind) {
      case SIMPSON -> withFragile(world, random);
      case TALK -> withBeta(world, random.nextInt(8, 40));
      case FLAG_PARTIAL,
          FLAG_EVERYBODY,
          FLAG_ONE_PERCENT,
          FLAG_ARM,
          BUILD,
          FLAG_WITH_INNOCENT_BUILD,
          BUILD_WITH_INNOCENT_FLAG,
          FLAG_AND_BUILD,
          FLAG_ON_SLICE,
          LEAK,
          TWO_CULPRITS,
          ALREADY_FIXED,
          CUSTOMER_SURGE,
          BAD_HOST,
          REGIONAL_OUTAGE,
          DEPENDENCY_OUTAGE,
          FLAG_THAT_HELPS,
          TELEMETRY_LOSS,
          QUIET ->
          world;
    };
  }

  private static World withFragile(World world, SplittableRandom random) {
    List<Customer> customers = new ArrayList<>(world.customers());
    double share = 0;
    while (share < FRAGILE_SHARE) {
      int i = random.nextInt(3, customers.size());
      Customer c = customers.get(i);
      if (!c.platform().equals(FRAGILE) && c.share() < FRAGILE_SHARE / 5) {
        customers.set(i, traits(c, FRAGILE, c.beta()));
        share += c.share();
      }
    }
    return world.with(List.copyOf(customers));
  }

  private static World withBeta(World world, int index) {
    List<Customer> customers = new ArrayList<>(world.customers());
    for (int i = 0; i <= 40; i++) {
      Customer c = customers.get(i);
      customers.set(i, traits(c, c.platform(), i == index));
    }
    return world.with(List.copyOf(customers));
  }

  private static Customer traits(Customer c, String platform, boolean beta) {
    return new Customer(
        c.index(),
        c.id(),
        c.plan(),
        platform,
        c.sdk(),
        c.app(),
        beta,
        c.homeRegion(),
        c.users(),
        c.share(),
        c.slow(),
        c.bad());
  }

  /** The largest customer that is a beta customer. */
  static int talkative(World world) {
    return world.customers().stream().filter(Customer::beta).findFirst().orElseThrow().index();
  }

  /** How long a failing share of all requests takes to be noticed, in minutes. */
  static double minutesToAlert(double share) {
    return SPENT_AT_ALERT / share;
  }
}
