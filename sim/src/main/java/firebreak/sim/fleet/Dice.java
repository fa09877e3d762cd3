package firebreak.sim.fleet;

import java.util.SplittableRandom;

/** Draws from the distributions that production follows, and seeds that do not collide. */
public final class Dice {
  private Dice() {}

  /** A seed of its own for one use of a seed. */
  static long mix(long seed, long use) {
    long z = seed + 0x9E3779B97F4A7C15L * (use + 1);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  static SplittableRandom of(long seed, long use) {
    return new SplittableRandom(mix(seed, use));
  }

  /** Knuth's product for small means, the normal approximation for large ones. */
  public static int poisson(double mean, SplittableRandom random) {
    if (mean > 60) {
      return (int) Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }

  /** Gamma with scale one (Marsaglia and Tsang 2000; below shape one by their boost). */
  static double gamma(double shape, SplittableRandom random) {
    if (shape < 1) {
      return gamma(shape + 1, random) * Math.pow(1 - random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }

  static double beta(double a, double b, SplittableRandom random) {
    double x = gamma(a, random);
    return x / (x + gamma(b, random));
  }

  /** Between low and high, evenly in the logarithm. */
  static double logUniform(double low, double high, SplittableRandom random) {
    return Math.exp(Math.log(low) + Math.log(high / low) * random.nextDouble());
  }

  static double uniform(double low, double high, SplittableRandom random) {
    return low + (high - low) * random.nextDouble();
  }

  /** One of several, each as likely. */
  @SafeVarargs
  public static <T> T pick(SplittableRandom random, T... of) {
    return of[random.nextInt(of.length)];
  }
}
