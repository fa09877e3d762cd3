package firebreak.bench.guard;

import java.util.SplittableRandom;

/** Draws of counts, from a seed. */
final class Chance {
  /** From this mean on a Poisson count is drawn as a rounded normal one. */
  private static final double NORMAL_FROM = 60;

  private final SplittableRandom random;

  Chance(long seed) {
    random = new SplittableRandom(seed);
  }

  double share() {
    return random.nextDouble();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean happens(double chance) {
    return chance > 0 && random.nextDouble() < chance;
  }

  /** A standard normal number. */
  double normal() {
    double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
    return radius * Math.cos(2 * Math.PI * random.nextDouble());
  }

  int poisson(double mean) {
    if (mean <= 0) {
      return 0;
    }
    if (mean >= NORMAL_FROM) {
      return (int) Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    }
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      count++;
      product *= random.nextDouble();
    }
    return count;
  }

  /** How many of so many, each with that chance. */
  int of(int count, double chance) {
    if (chance <= 0 || count == 0) {
      return 0;
    }
    if (chance >= 1) {
      return count;
    }
    if (count > NORMAL_FROM) {
      double mean = count * chance;
      return mean < 10
          ? Math.min(count, poisson(mean))
          : Math.clamp(Math.round(mean + Math.sqrt(mean * (1 - chance)) * normal()), 0, count);
    }
    int hits = 0;
    for (int i = 0; i < count; i++) {
      hits += random.nextDouble() < chance ? 1 : 0;
    }
    return hits;
  }
}
