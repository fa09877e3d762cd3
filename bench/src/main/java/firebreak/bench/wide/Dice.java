package firebreak.bench.wide;

/** Seeded chance, made anew for every event so that any event can be made without the others. */
final class Dice {
  private static final long STEP = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1p-53;
  private static final int HALF = 1 << 15;

  /** The deviation of the sum of four numbers that are even over 16 bits. */
  private static final double SPREAD = Math.sqrt(4.0 / 12.0) * 2 * HALF;

  private long state;

  void reset(long seed) {
    state = mix(seed);
  }

  long next() {
    state += STEP;
    return mix(state);
  }

  /** A number from 0 to below {@code bound}, all alike. */
  int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  /** A number in [0, 1). */
  double share() {
    return (next() >>> 11) * UNIT;
  }

  boolean chance(double probability) {
    return share() < probability;
  }

  /** About normal, mean 0 and deviation 1: four even draws out of one. */
  double normal() {
    long bits = next();
    long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
    return (sum - 4.0 * HALF) / SPREAD;
  }

  /** A rank from 0 to below {@code n}, each about as much rarer as it is higher. */
  int zipf(int n) {
    return Math.min(n - 1, (int) (Math.exp(share() * Math.log(n)) - 1));
  }

  static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
