package firebreak.bubbleup;

import java.util.Arrays;

/** Corrections for having looked at many things at once. */
final class MultipleTesting {
  private MultipleTesting() {}

  /**
   * How many tests count when those that cannot be significant are left out (Tarone 1990): p-values
   * times this number keep the chance of any false alarm below {@code level}.
   *
   * @param leastPValues the smallest p-value that each test could have given
   */
  static long tarone(double[] leastPValues, double level) {
    double[] sorted = leastPValues.clone();
    Arrays.sort(sorted);
    for (int k = 1; k <= sorted.length; k++) {
      if (k == sorted.length || sorted[k] > level / k) {
        return k;
      }
    }
    return 1;
  }
}
