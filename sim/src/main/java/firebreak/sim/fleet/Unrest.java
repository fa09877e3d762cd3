package firebreak.sim.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How restless a sound production is: load that follows the day, levels of failure and latency that
 * wander (autoregressive by the minute), shares of failure that differ between hosts and minutes
 * (beta-binomial), and hiccups of single customers, hosts and endpoints. Failures come in clumps,
 * so a test that takes requests for independent claims too much.
 */
final class Unrest {
  private static final double CARRY = 0.9;
  private static final double LOAD_SPREAD = 0.08;
  private static final double BAD_SPREAD = 0.45;
  private static final double SLOW_SPREAD = 0.06;
  private static final double HICCUPS_PER_MINUTE = 0.2;
  private static final double MEAN = 1e-3;

  private final int firstMinute;
  private final double[] load;
  private final double[] bad;
  private final double[] slow;
  private final double[][] hostBad;
  private final List<List<Hiccup>> hiccups = new ArrayList<>();

  /** For a few minutes, some requests of one customer, host or endpoint fail; -1 is any. */
  private record Hiccup(int customer, int host, int endpoint, double share) {
    boolean reaches(Request request) {
      return (customer < 0 || customer == request.customer)
          && (host < 0 || host == request.host)
          && (endpoint < 0 || endpoint == request.endpoint);
    }
  }

  Unrest(World world, long seed, int firstMinute, int minutes) {
    this.firstMinute = firstMinute;
    SplittableRandom random = Dice.of(seed, 2);
    load = wandering(minutes, LOAD_SPREAD, random);
    bad = wandering(minutes, BAD_SPREAD, random);
    slow = wandering(minutes, SLOW_SPREAD, random);
    double phase = 24 * 60 * random.nextDouble();
    for (int i = 0; i < minutes; i++) {
      load[i] *= 1 + 0.35 * Math.sin(2 * Math.PI * (i - phase) / (24 * 60));
    }
    hostBad = hostBad(minutes, world.hosts().size(), random);
    for (int i = 0; i < minutes; i++) {
      hiccups.add(new ArrayList<>());
    }
    for (int i = 0; i < minutes; i++) {
      int begin = Dice.poisson(HICCUPS_PER_MINUTE, random);
      for (int j = 0; j < begin; j++) {
        hiccup(world, i, random);
      }
    }
  }

  /** A level that is one on average, log-normal, and much like it was a minute ago. */
  private static double[] wandering(int minutes, double spread, SplittableRandom random) {
    double[] levels = new double[minutes];
    double at = spread * random.nextGaussian();
    for (int i = 0; i < minutes; i++) {
      levels[i] = Math.exp(at - spread * spread / 2);
      at = CARRY * at + spread * Math.sqrt(1 - CARRY * CARRY) * random.nextGaussian();
    }
    return levels;
  }

  /** Beta-distributed shares by minute and host, over their mean. */
  private static double[][] hostBad(int minutes, int hosts, SplittableRandom random) {
    double shape = Dice.uniform(0.5, 2, random);
    double[][] multiples = new double[minutes][hosts];
    for (double[] minute : multiples) {
      for (int host = 0; host < hosts; host++) {
        minute[host] = Dice.beta(shape, shape * (1 - MEAN) / MEAN, random) / MEAN;
      }
    }
    return multiples;
  }

  private void hiccup(World world, int minute, SplittableRandom random) {
    double share = Dice.uniform(0.05, 0.6, random);
    int lasts = random.nextInt(1, 5);
    Hiccup hiccup =
        switch (random.nextInt(4)) {
          case 0, 1 -> new Hiccup(random.nextInt(world.customers().size()), -1, -1, share);
          case 2 -> new Hiccup(-1, random.nextInt(world.hosts().size()), -1, share / 12);
          default -> new Hiccup(-1, -1, random.nextInt(world.endpoints().size()), share / 12);
        };
    for (int i = minute; i < Math.min(minute + lasts, hiccups.size()); i++) {
      hiccups.get(i).add(hiccup);
    }
  }

  double load(int minute) {
    return load[minute - firstMinute];
  }

  double slow(int minute) {
    return slow[minute - firstMinute];
  }

  /** The share of requests like this one that fail although nothing is wrong. */
  double share(World world, Request request, int minute) {
    int i = minute - firstMinute;
    double share =
        world.badShare()
            * request.endpoint().bad()
            * request.customer().bad()
            * request.host().bad()
            * bad[i]
            * hostBad[i][request.host];
    for (Hiccup hiccup : hiccups.get(i)) {
      if (hiccup.reaches(request)) {
        share += hiccup.share;
      }
    }
    return Math.min(share, 0.9);
  }
}
