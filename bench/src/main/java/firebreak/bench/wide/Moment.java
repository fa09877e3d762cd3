package firebreak.bench.wide;

/**
 * What the fields of one event have in common, drawn before any of them.
 *
 * <p>Traces are made in blocks of {@link #BLOCK} events: the first ones of a block begin a trace
 * each, every later one goes to one of these by chance and names an earlier span as its parent.
 */
final class Moment {
  static final int BLOCK = 512;
  static final int TRACES = 64;

  private static final double NEW_PARENT = 0.5;
  private static final double PLANTED = WideEvents.SLOW_SHARE / (1 - WideEvents.FAULT_FROM);
  private static final double DATABASE = 0.45;
  private static final double FAILED = 0.015;

  final Dice dice = new Dice();
  final long events;
  private final long seed;
  private final int[] trace = new int[BLOCK];
  private final int[] parent = new int[BLOCK];
  private long block = -1;

  long number;
  long millis;
  boolean planted;
  boolean database;
  boolean failed;
  int build;

  Moment(long events, long seed) {
    this.events = events;
    this.seed = Dice.mix(seed);
  }

  void moveTo(long next) {
    if (next / BLOCK != block) {
      block = next / BLOCK;
      drawTraces();
    }
    number = next;
    dice.reset(seed + next);
    long even = WideEvents.START_MILLIS + next * WideEvents.SPAN_MILLIS / events;
    millis = Math.max(WideEvents.START_MILLIS, even - dice.below(WideEvents.DISORDER_MILLIS + 1));
    planted = next >= (long) (events * WideEvents.FAULT_FROM) && dice.chance(PLANTED);
    database = planted || dice.chance(DATABASE);
    failed = dice.chance(FAILED);
    build = planted ? WideEvents.FAULT_BUILD : dice.below(WideEvents.BUILDS);
  }

  private void drawTraces() {
    dice.reset(~(seed + block));
    int[] last = new int[TRACES];
    for (int i = 0; i < BLOCK; i++) {
      boolean first = i < TRACES;
      int chosen = first ? i : dice.below(TRACES);
      trace[i] = chosen;
      parent[i] = first ? -1 : dice.chance(NEW_PARENT) ? last[chosen] : chosen;
      last[chosen] = i;
    }
  }

  boolean isRoot() {
    return number % BLOCK < TRACES;
  }

  long trace() {
    return block * TRACES + trace[(int) (number % BLOCK)];
  }

  /** The number of the event that is the parent span. */
  long parent() {
    return isRoot() ? Form.ABSENT : block * BLOCK + parent[(int) (number % BLOCK)];
  }

  /** A positive number around {@code middle}, now and then many times as large. */
  double aroundLogarithmically(double middle, double spread) {
    return middle * Math.exp(dice.normal() * spread);
  }
}
