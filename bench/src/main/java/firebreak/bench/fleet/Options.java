package firebreak.bench.fleet;

import firebreak.sim.fleet.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is played.
 *
 * @param kinds the kinds of incident, quiet hours not among them
 * @param seeds per kind, beginning with {@code firstSeed}
 * @param quiet how many quiet hours, likewise
 * @param json where the figures go; null for nowhere
 * @param cases where a line for each case goes; null for nowhere
 * @param plot where the calibration plot goes; null for nowhere
 */
public record Options(
    List<Kind> kinds,
    long firstSeed,
    int seeds,
    int quiet,
    int threads,
    @Nullable Path json,
    @Nullable Path cases,
    @Nullable Path plot,
    String command) {
  /** Quiet hours for each seed of a kind: twice as many as incidents. */
  public static final int QUIET_PER_SEED = 40;

  public Options {
    kinds = List.copyOf(kinds);
    if (seeds < 0 || quiet < 0 || threads < 1) {
      throw new IllegalArgumentException(
          "seeds, quiet hours and threads are counted, were %d, %d and %d"
              .formatted(seeds, quiet, threads));
    }
  }

  /** All kinds of incident. */
  public static List<Kind> incidents() {
    return Arrays.stream(Kind.values()).filter(kind -> kind != Kind.QUIET).toList();
  }

  /** One production to play. */
  record Case(Kind kind, long seed) {}

  /** The cases, those of one seed together. */
  List<Case> all() {
    List<Case> all = new ArrayList<>();
    for (int i = 0; i < seeds; i++) {
      for (Kind kind : kinds) {
        all.add(new Case(kind, firstSeed + i));
      }
    }
    for (int i = 0; i < quiet; i++) {
      all.add(new Case(Kind.QUIET, firstSeed + i));
    }
    return all;
  }
}
