package firebreak.bubbleup;

import firebreak.bubbleup.Conjunctions.Row;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the slices in which a measure left its forecast: the same search over conjunctions as for
 * events, asked about the leaves of a cube, each with what was measured and what was expected.
 *
 * <p>The slice whose leaves deviate together the most is taken, its leaves are taken out, and the
 * search goes on in what remains, as in matching pursuit (Mallat and Zhang 1993), until nothing
 * worth a line is left.
 */
public final class ResidualPursuit {
  private static final int COUNT = 0;
  private static final int DEVIATION = 1;
  private static final int AMOUNTS = 2;

  private static final int ATTRIBUTES_AT_MOST = 16;

  /** As many bits as a mask has. */
  private static final int TERMS_AT_MOST = 64;

  /** More attributes than this are never held together. */
  private static final int TERMS_TOGETHER = 6;

  /** By so much more variance than a normal error's, since forecasts err more at the tails. */
  private static final double TAILS = 2;

  /** The chance, for each slice listed, that noise would have gained as much somewhere. */
  private static final double LEVEL = 0.01;

  /** The median of a normal deviate's size. */
  private static final double MEDIAN_DEVIATE = 0.6744897501960817;

  private final List<Term> terms = new ArrayList<>();
  private final long[] termsOf;
  private final Conjunctions conjunctions;

  /** What chance gains somewhere in a cuboid, by its attributes as bits. */
  private final double[] byChance;

  /**
   * One leaf of a cube.
   *
   * @param values one for each attribute
   */
  public record Leaf(List<String> values, double real, double forecast) {
    public Leaf {
      values = List.copyOf(values);
    }

    /** Relative to both, from -2 to 2, so that large leaves do not outweigh small ones. */
    double deviation() {
      return 2 * (real - forecast) / (real + forecast);
    }

    boolean isEmpty() {
      return !(real + forecast > 0);
    }
  }

  /**
   * A slice that left its forecast.
   *
   * @param deviation the mean over its leaves, relative to measure and forecast, from -2 to 2
   * @param gain how much of the leaves' squared deviation it explains
   */
  public record Slice(List<Term> terms, double deviation, double gain) {
    public Slice {
      terms = List.copyOf(terms);
    }
  }

  private ResidualPursuit(List<String> names, List<Leaf> leaves) {
    List<Map<String, Integer>> bits = bits(names, leaves);
    termsOf = new long[names.size()];
    for (int bit = 0; bit < terms.size(); bit++) {
      termsOf[names.indexOf(terms.get(bit).field())] |= 1L << bit;
    }
    List<Row> rows = new ArrayList<>();
    for (Leaf leaf : leaves) {
      rows.add(new Row(mask(leaf, bits), new double[] {1, leaf.deviation()}));
    }
    conjunctions = new Conjunctions(rows, AMOUNTS, Math.min(names.size(), TERMS_TOGETHER), 0);
    byChance = new double[1 << names.size()];
    conjunctions.forEach((mask, _, _) -> byChance[cuboid(mask)]++);
    double variance = variance(leaves);
    for (int cuboid = 0; cuboid < byChance.length; cuboid++) {
      byChance[cuboid] = 2 * TAILS * variance * Math.log(Math.max(1, byChance[cuboid]) / LEVEL);
    }
  }

  /**
   * That of the noise: told by the median, which a fault in less than half of the leaves leaves.
   */
  private static double variance(List<Leaf> leaves) {
    double[] sizes = leaves.stream().mapToDouble(leaf -> Math.abs(leaf.deviation())).toArray();
    Arrays.sort(sizes);
    double deviate = sizes.length == 0 ? 0 : sizes[sizes.length / 2] / MEDIAN_DEVIATE;
    return deviate * deviate;
  }

  /**
   * The slices that left their forecast, most telling first; none if nothing deviates.
   *
   * @param attributes the names of the leaves' values
   */
  public static List<Slice> explain(List<String> attributes, List<Leaf> leaves) {
    if (attributes.size() > ATTRIBUTES_AT_MOST) {
      throw new IllegalArgumentException(
          "leaves have at most %d attributes, had %d"
              .formatted(ATTRIBUTES_AT_MOST, attributes.size()));
    }
    List<Leaf> full = new ArrayList<>();
    for (Leaf leaf : leaves) {
      if (leaf.values().size() != attributes.size()) {
        throw new IllegalArgumentException(
            "a leaf has one value for each of the attributes %s, had %s"
                .formatted(attributes, leaf.values()));
      }
      if (!Double.isFinite(leaf.real()) || !Double.isFinite(leaf.forecast())) {
        throw new IllegalArgumentException(
            "a leaf's measure and forecast are finite numbers, were %s and %s for %s"
                .formatted(leaf.real(), leaf.forecast(), leaf.values()));
      }
      if (!leaf.isEmpty()) {
        full.add(leaf);
      }
    }
    return new ResidualPursuit(attributes, full).pursue();
  }

  private List<Slice> pursue() {
    List<Slice> found = new ArrayList<>();
    while (true) {
      Slice best = takeBest();
      if (best == null) {
        return found;
      }
      if (found.isEmpty() || best.deviation() * found.getFirst().deviation() > 0) {
        found.add(best);
      }
    }
  }

  /** Takes the slice of the most gain, and its leaves out; null if none gains anything. */
  private @Nullable Slice takeBest() {
    long[] best = {0};
    double[] gain = {0};
    conjunctions.forEach(
        (mask, sums, at) -> {
          double gained = gain(mask, sums[at + COUNT], sums[at + DEVIATION]);
          boolean isSimpler = Long.bitCount(mask) < Long.bitCount(best[0]);
          if (gained > gain[0] || (gained == gain[0] && gained > 0 && isSimpler)) {
            best[0] = mask;
            gain[0] = gained;
          }
        });
    if (best[0] == 0) {
      return null;
    }
    double mean = conjunctions.sum(best[0], DEVIATION) / conjunctions.sum(best[0], COUNT);
    conjunctions.remove(best[0]);
    return new Slice(held(best[0]), mean, gain[0]);
  }

  /** How much of the squared deviation goes with its mean, less what chance finds among so many. */
  private double gain(long mask, double count, double sum) {
    return count < 1 ? 0 : sum * sum / count - byChance[cuboid(mask)];
  }

  /** The attributes that the mask's terms are of, as bits. */
  private int cuboid(long mask) {
    int cuboid = 0;
    for (int attribute = 0; attribute < termsOf.length; attribute++) {
      cuboid |= (mask & termsOf[attribute]) == 0 ? 0 : 1 << attribute;
    }
    return cuboid;
  }

  private List<Term> held(long mask) {
    List<Term> held = new ArrayList<>();
    for (long rest = mask; rest != 0; rest &= rest - 1) {
      held.add(terms.get(Long.numberOfTrailingZeros(rest)));
    }
    return held;
  }

  private static long mask(Leaf leaf, List<Map<String, Integer>> bits) {
    long mask = 0;
    for (int attribute = 0; attribute < bits.size(); attribute++) {
      Integer bit = bits.get(attribute).get(leaf.values().get(attribute));
      mask |= bit == null ? 0 : 1L << bit;
    }
    return mask;
  }

  /**
   * Gives each attribute's values bits: all, if there are as few, and else those that deviate most.
   */
  private List<Map<String, Integer>> bits(List<String> names, List<Leaf> leaves) {
    List<Map<String, double[]>> sums = new ArrayList<>();
    names.forEach(_ -> sums.add(new HashMap<>()));
    for (Leaf leaf : leaves) {
      for (int attribute = 0; attribute < names.size(); attribute++) {
        double[] sum =
            sums.get(attribute)
                .computeIfAbsent(leaf.values().get(attribute), _ -> new double[AMOUNTS]);
        sum[COUNT]++;
        sum[DEVIATION] += leaf.deviation();
      }
    }
    record Candidate(int attribute, String value, double gain) {}
    List<Candidate> values = new ArrayList<>();
    for (int attribute = 0; attribute < names.size(); attribute++) {
      int at = attribute;
      sums.get(attribute)
          .forEach(
              (value, sum) ->
                  values.add(
                      new Candidate(at, value, sum[DEVIATION] * sum[DEVIATION] / sum[COUNT])));
    }
    values.sort(
        Comparator.comparingDouble((Candidate value) -> -value.gain)
            .thenComparing(value -> names.get(value.attribute))
            .thenComparing(Candidate::value));
    List<Map<String, Integer>> bits = new ArrayList<>();
    names.forEach(_ -> bits.add(new HashMap<>()));
    values.stream()
        .limit(TERMS_AT_MOST)
        .sorted(
            Comparator.comparing((Candidate value) -> names.get(value.attribute))
                .thenComparing(Candidate::value))
        .forEach(
            value -> {
              bits.get(value.attribute).put(value.value, terms.size());
              terms.add(new Term(names.get(value.attribute), Value.of(value.value)));
            });
    return bits;
  }
}
