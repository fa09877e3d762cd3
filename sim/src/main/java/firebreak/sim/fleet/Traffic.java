package firebreak.sim.fleet;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Makes the requests of a minute, always the same ones. */
final class Traffic {
  /** The slowest answer of a sound request, in milliseconds. */
  private static final double SLOWEST_SOUND = 1_900;

  static final double TOO_SLOW = 2_000;
  private static final double HOME = 0.85;

  private final Script script;
  private final World world;
  private final Unrest unrest;
  private final long seed;
  private final double perMinute;
  private final Request request;

  Traffic(Script script, Unrest unrest, long seed, double perMinute) {
    this.script = script;
    this.world = script.world;
    this.unrest = unrest;
    this.seed = seed;
    this.perMinute = perMinute;
    this.request = new Request(world, script.builds);
  }

  /** Shows each request of the minute; the request is used again for the next. */
  void minute(int minute, Consumer<Request> sink) {
    SplittableRandom random = Dice.of(seed, 1_000_003L + minute);
    double usual = perMinute * unrest.load(minute);
    int count = Dice.poisson(usual, random);
    for (int i = 0; i < count; i++) {
      ask(minute, world.customerTable(), random);
      answer(minute, random);
      sink.accept(request);
    }
    for (Surge surge : script.surges) {
      int more = Dice.poisson(usual * surge.more(script.at(minute)), random);
      for (int i = 0; i < more; i++) {
        ask(minute, surge.customers(), random);
        boolean comesAbout = random.nextDouble() < surge.reaches().of(request);
        answer(minute, random);
        if (comesAbout) {
          sink.accept(request);
        }
      }
    }
  }

  private void ask(int minute, AliasTable customers, SplittableRandom random) {
    request.millis = script.at(minute) + random.nextInt(60_000);
    request.customer = customers.draw(random);
    request.user = random.nextInt(request.customer().users());
    request.which = random.nextInt(World.PARTITIONS_EACH);
    request.endpoint = world.endpointTable().draw(random);
    int regions = world.hostsByRegion().size();
    int region =
        random.nextDouble() < HOME ? request.customer().homeRegion() : random.nextInt(regions);
    List<Integer> hosts = world.hostsByRegion().get(region);
    request.host = hosts.get(random.nextInt(hosts.size()));
    request.salt = random.nextLong();
  }

  private void answer(int minute, SplittableRandom random) {
    double luck = random.nextDouble();
    double sound = unrest.share(world, request, minute);
    double failing = sound;
    request.failed = luck < sound;
    request.slow = request.failed && (request.salt & 1) == 0;
    double drag = unrest.slow(minute) * request.host().slow() * request.customer().slow();
    for (Fault fault : script.faults) {
      double share = fault.share(request);
      if (share > 0) {
        drag *= fault.drag();
        failing += (1 - failing) * Math.min(share, 1);
        if (!request.failed && luck < failing) {
          request.failed = true;
          request.slow = fault.slow();
        }
      }
    }
    double noise = random.nextGaussian();
    request.durationMs =
        request.slow
            ? TOO_SLOW + 1_500 * Math.exp(0.5 * noise)
            : Math.min(
                SLOWEST_SOUND,
                drag
                    * request.endpoint().medianMs()
                    * Math.exp(request.endpoint().spread() * noise));
    report();
  }

  /** What production's collector makes of it. */
  private void report() {
    Telemetry telemetry = script.telemetry;
    request.sampleRate = 1;
    if (telemetry.isBroken(request)) {
      boolean kept = request.failed || unit(request.salt, 7) < telemetry.keepGood();
      request.sampleRate = kept ? telemetry.sampleRate() : 0;
    }
  }

  /** A number between 0 and 1 that a request has for one use. */
  static double unit(long salt, int use) {
    return (Dice.mix(salt, use) >>> 11) * 0x1.0p-53;
  }
}
