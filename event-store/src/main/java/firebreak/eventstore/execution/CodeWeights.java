package firebreak.eventstore.execution;

import org.jspecify.annotations.Nullable;

/** What rows of each code weigh, counted in ints where each weighs 1. */
final class CodeWeights {
  private final int @Nullable [] counts;
  private final long @Nullable [] sums;

  private CodeWeights(int @Nullable [] counts, long @Nullable [] sums) {
    this.counts = counts;
    this.sums = sums;
  }

  static CodeWeights of(int[] counts) {
    return new CodeWeights(counts, null);
  }

  static CodeWeights of(long[] sums) {
    return new CodeWeights(null, sums);
  }

  long at(int code) {
    return counts != null ? counts[code] : sums != null ? sums[code] : 0;
  }
}
