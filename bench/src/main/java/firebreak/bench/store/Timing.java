package firebreak.bench.store;

import java.util.Arrays;

/**
 * How long one store takes for one thing.
 *
 * @param medianMillis the median over all rounds
 * @param cpuMillis the CPU time of its process for one, the median over the rounds
 * @param firstMillis the very first time, before anything was warm
 */
record Timing(double medianMillis, double cpuMillis, double firstMillis) {
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  Timing less(Timing other) {
    return new Timing(
        Math.max(0, medianMillis - other.medianMillis),
        Math.max(0, cpuMillis - other.cpuMillis),
        Math.max(0, firstMillis - other.firstMillis));
  }

  Timing times(double factor) {
    return new Timing(medianMillis * factor, cpuMillis * factor, firstMillis * factor);
  }
}
