package firebreak.sim.fleet;

import firebreak.sim.fleet.World.Customer;
import firebreak.sim.fleet.World.Endpoint;
import firebreak.sim.fleet.World.Host;

/** One request, used again for the next: who asks what where, and how it went. */
final class Request {
  private final World world;
  private final Builds builds;

  long millis;
  int customer;
  int user;
  int endpoint;
  int host;
  int which;

  /** Tells apart what the fields of noise say. */
  long salt;

  boolean failed;
  boolean slow;
  double durationMs;

  /** How many requests like it it stands for; 0 where production does not report it. */
  int sampleRate;

  Request(World world, Builds builds) {
    this.world = world;
    this.builds = builds;
  }

  Customer customer() {
    return world.customers().get(customer);
  }

  Endpoint endpoint() {
    return world.endpoints().get(endpoint);
  }

  Host host() {
    return world.hosts().get(host);
  }

  int partition() {
    return customer().partition(which);
  }

  String build() {
    return builds.on(host, millis);
  }

  /** How long the host has run its build. */
  double minutesOnBuild() {
    return (millis - builds.since(host, millis)) / 60_000.0;
  }

  boolean isServed(Flag flag, int variation) {
    return flag.serves(customer(), user, millis) == variation;
  }
}
