package firebreak.bench.accuracy;

import firebreak.bubbleup.ResidualPursuit.Leaf;
import firebreak.bubbleup.Term;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Makes cubes with faults, distributed as RiskLoc's authors made theirs (2022, arXiv 2205.10004).
 *
 * <p>A leaf's measure is Weibull, some are zero, the forecast errs by a relative noise; a fault
 * takes a share off all leaves of one to three elements of one cuboid, on the side on which the
 * noise errs anyway.
 *
 * @param noiseAtMost the deviation of the relative error, at most
 * @param severityAtLeast the share that a fault takes, at least; 1 at most
 * @param spreadAtMost how much this share may differ from leaf to leaf
 * @param onlyLeaves whether each fault is a single leaf
 */
record CubeMaker(
    String name,
    List<Integer> sizes,
    double noiseAtMost,
    double severityAtLeast,
    double spreadAtMost,
    int faultsAtMost,
    int elementsAtMost,
    boolean onlyLeaves) {
  static final CubeMaker S =
      new CubeMaker("S", List.of(10, 12, 10, 8, 5), 0.25, 0.2, 0.1, 3, 3, false);
  static final CubeMaker L = new CubeMaker("L", List.of(10, 24, 10, 15), 0.1, 0.5, 0, 5, 1, true);

  private static final double SCALE = 100;
  private static final double ZEROS_AT_MOST = 0.25;

  /** A place in the cube: the value of each attribute, -1 where any will do. */
  private record Place(List<Integer> values, int fault) {
    boolean holds(int[] leaf) {
      for (int attribute = 0; attribute < leaf.length; attribute++) {
        if (values.get(attribute) >= 0 && values.get(attribute) != leaf[attribute]) {
          return false;
        }
      }
      return true;
    }
  }

  private record Fault(double severity, double spread) {}

  Cube make(long seed) {
    Random random = new Random(seed);
    int count = sizes.stream().reduce(1, (a, b) -> a * b);
    double[] real = new double[count];
    double[] forecast = new double[count];
    double noise = noiseAtMost * random.nextDouble();
    fill(random, noise, real, forecast);
    List<Fault> faults = new ArrayList<>();
    List<Place> places = places(random, noise, real, faults);
    boolean above = sum(real) > sum(forecast);
    for (int leaf = 0; leaf < count; leaf++) {
      int[] values = values(leaf);
      for (Place place : places) {
        if (place.holds(values)) {
          Fault fault = faults.get(place.fault);
          double share = fault.severity + fault.spread * random.nextGaussian();
          double kept = above ? real[leaf] : forecast[leaf];
          (above ? forecast : real)[leaf] = Math.max(0, kept * (1 - share));
        }
      }
    }
    return cube(seed, real, forecast, places);
  }

  private static void fill(Random random, double noise, double[] real, double[] forecast) {
    double alpha = 0.5 + 0.5 * random.nextDouble();
    double zeros = ZEROS_AT_MOST * random.nextDouble();
    for (int leaf = 0; leaf < real.length; leaf++) {
      double weibull = SCALE * Math.pow(-Math.log(1 - random.nextDouble()), 1 / alpha);
      double value = random.nextDouble() < zeros ? 0 : weibull;
      double erring = value + value * noise * random.nextGaussian();
      boolean isForecast = random.nextBoolean();
      real[leaf] = isForecast ? value : erring;
      forecast[leaf] = Math.max(0, isForecast ? erring : value);
    }
  }

  private List<Place> places(Random random, double noise, double[] real, List<Fault> faults) {
    List<Place> places = new ArrayList<>();
    Set<Set<Integer>> used = new LinkedHashSet<>();
    int count = 1 + random.nextInt(faultsAtMost);
    for (int fault = 0; fault < count; fault++) {
      faults.add(
          new Fault(
              severityAtLeast + (1 - severityAtLeast) * random.nextDouble() + noise,
              spreadAtMost * random.nextDouble()));
      int elements = 1 + random.nextInt(elementsAtMost);
      List<Place> found = List.of();
      while (found.isEmpty()) {
        int layer = onlyLeaves ? sizes.size() : 1 + random.nextInt(sizes.size());
        Set<Integer> cuboid = cuboid(random, layer);
        if (layer == sizes.size() || !used.contains(cuboid)) {
          found = elements(random, cuboid, elements, places, fault);
          found = isGood(found, layer, real) ? found : List.of();
        }
        if (!found.isEmpty()) {
          used.add(cuboid);
        }
      }
      places.addAll(found);
    }
    return places;
  }

  private Set<Integer> cuboid(Random random, int layer) {
    Set<Integer> cuboid = new LinkedHashSet<>();
    while (cuboid.size() < layer) {
      cuboid.add(random.nextInt(sizes.size()));
    }
    return cuboid;
  }

  /** Elements of a cuboid, none of a value that another fault has. */
  private List<Place> elements(
      Random random, Set<Integer> cuboid, int elements, List<Place> others, int fault) {
    List<Place> found = new ArrayList<>();
    for (int element = 0; element < elements; element++) {
      int[] values = new int[sizes.size()];
      for (int attribute = 0; attribute < values.length; attribute++) {
        values[attribute] = -1;
        if (cuboid.contains(attribute)) {
          List<Integer> free = free(attribute, others);
          if (free.isEmpty()) {
            return List.of();
          }
          values[attribute] = free.get(random.nextInt(free.size()));
        }
      }
      found.add(new Place(Arrays.stream(values).boxed().toList(), fault));
    }
    return found;
  }

  private List<Integer> free(int attribute, List<Place> others) {
    List<Integer> free = new ArrayList<>();
    for (int value = 0; value < sizes.get(attribute); value++) {
      int wanted = value;
      if (others.stream().noneMatch(place -> place.values.get(attribute) == wanted)) {
        free.add(value);
      }
    }
    return free;
  }

  /** Whether all differ, and none is a leaf in which nothing can be seen. */
  private boolean isGood(List<Place> found, int layer, double[] real) {
    Set<List<Integer>> distinct = new LinkedHashSet<>();
    for (Place place : found) {
      distinct.add(place.values);
      if (layer == sizes.size() && real[leaf(place.values)] == 0) {
        return false;
      }
    }
    return distinct.size() == found.size();
  }

  private int[] values(int leaf) {
    int[] values = new int[sizes.size()];
    int rest = leaf;
    for (int attribute = sizes.size() - 1; attribute >= 0; attribute--) {
      values[attribute] = rest % sizes.get(attribute);
      rest /= sizes.get(attribute);
    }
    return values;
  }

  private int leaf(List<Integer> values) {
    int leaf = 0;
    for (int attribute = 0; attribute < values.size(); attribute++) {
      leaf = leaf * sizes.get(attribute) + values.get(attribute);
    }
    return leaf;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private Cube cube(long seed, double[] real, double[] forecast, List<Place> places) {
    List<String> attributes = new ArrayList<>();
    for (int attribute = 0; attribute < sizes.size(); attribute++) {
      attributes.add(attribute(attribute));
    }
    List<Leaf> leaves = new ArrayList<>();
    for (int leaf = 0; leaf < real.length; leaf++) {
      List<String> values = new ArrayList<>();
      for (int attribute = 0; attribute < sizes.size(); attribute++) {
        values.add(value(attribute, values(leaf)[attribute]));
      }
      leaves.add(new Leaf(values, real[leaf], forecast[leaf]));
    }
    Set<Slice> causes = new LinkedHashSet<>();
    places.forEach(place -> causes.add(slice(place)));
    return new Cube(name + " seed " + seed, attributes, leaves, causes);
  }

  private Slice slice(Place place) {
    List<Term> terms = new ArrayList<>();
    for (int attribute = 0; attribute < sizes.size(); attribute++) {
      if (place.values.get(attribute) >= 0) {
        terms.add(
            new Term(
                attribute(attribute), Value.of(value(attribute, place.values.get(attribute)))));
      }
    }
    return new Slice(terms);
  }

  private static String attribute(int number) {
    return String.valueOf((char) ('a' + number));
  }

  private static String value(int attribute, int number) {
    return attribute(attribute) + (number + 1);
  }
}
