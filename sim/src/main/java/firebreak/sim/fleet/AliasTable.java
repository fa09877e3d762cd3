package firebreak.sim.fleet;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/** Draws an index by weight in constant time (Walker's alias method, as Vose builds it). */
final class AliasTable {
  private final double[] keep;
  private final int[] alias;

  AliasTable(double[] weights) {
    int n = weights.length;
    keep = new double[n];
    alias = new int[n];
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    Deque<Integer> small = new ArrayDeque<>();
    Deque<Integer> large = new ArrayDeque<>();
    for (int i = 0; i < n; i++) {
      keep[i] = weights[i] * n / total;
      alias[i] = i;
      (keep[i] < 1 ? small : large).add(i);
    }
    while (!small.isEmpty() && !large.isEmpty()) {
      int less = small.remove();
      int more = large.remove();
      alias[less] = more;
      keep[more] -= 1 - keep[less];
      (keep[more] < 1 ? small : large).add(more);
    }
    large.forEach(i -> keep[i] = 1);
    small.forEach(i -> keep[i] = 1);
  }

  int draw(SplittableRandom random) {
    int i = random.nextInt(keep.length);
    return random.nextDouble() < keep[i] ? i : alias[i];
  }
}
