package firebreak.bubbleup;

import firebreak.bubbleup.Conjunctions.Row;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  /** As many bits as a mask has. */
  private static final int TERMS_AT_MOST = 64;

  /** More attributes than this are never held together. */
  private static final int TERMS_TOGETHER = 6;

  /** What explains less than this part of the first slice's gain is noise. */
  private static final double GAIN_AT_LEAST = 0.005;

  /** The median of a normal deviate's size. */
  private static final double MEDIAN_DEVIATE = 0.6744897501960817;

  private final List<Term> terms;
  private final Conjunctions conjunctions;
  private final Map<Long, Integer> sizes = new HashMap<>();
  private final long[] attributes;
  private final double variance;

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
    terms = mostDeviating(names, leaves);
    attributes = new long[names.size()];
    Map<Term, Integer> bits = new HashMap<>();
    for (int bit = 0; bit < terms.size(); bit++) {
      bits.put(terms.get(bit), bit);
      attributes[names.indexOf(terms.get(bit).field())] |= 1L << bit;
    }
    List<Row> rows = new ArrayList<>();
    for (Leaf leaf : leaves) {
      rows.add(new Row(mask(names, leaf, bits), new double[] {1, leaf.deviation()}));
    }
    conjunctions = new Conjunctions(rows, AMOUNTS, Math.min(names.size(), TERMS_TOGETHER), 0);
    conjunctions.forEach(mask -> sizes.merge(cuboid(mask), 1, Integer::sum));
    double[] size = leaves.stream().mapToDouble(leaf -> Math.abs(leaf.deviation())).toArray();
    Arrays.sort(size);
    double deviate = size.length == 0 ? 0 : size[size.length / 2] / MEDIAN_DEVIATE;
    variance = deviate * deviate;
  }

  /**
   * The slices that left their forecast, most telling first; none if nothing deviates.
   *
   * @param attributes the names of the leaves' values
   */
  public static List<Slice> explain(List<String> attributes, List<Leaf> leaves) {
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
      if (best == null || (!found.isEmpty() && best.gain() <= GAIN_AT_LEAST * found.getFirst().gain())) {
        return found;
      }
      if (found.isEmpty() || best.deviation() * found.getFirst().deviation() > 0) {
        found.add(best);
      }
    }
  }
}
