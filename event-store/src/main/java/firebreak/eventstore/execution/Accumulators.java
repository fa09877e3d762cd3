package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation;

/**
 * Makes the accumulators that calculations need.
 *
 * @param spots how many spots there will be at most; {@link #UNKNOWN} if nobody can tell
 */
record Accumulators(QueryScope scope, Frame frame, long spots) {
  static final long UNKNOWN = Long.MAX_VALUE;

  /** One for a calculation, or for what a rate is the rate of. */
  Accumulator of(Calculation calculation) {
    String column = calculation.column();
    return switch (calculation.operation().level()) {
      case COUNT -> new Count();
      case SUM, AVG -> new Sum(column, spots);
      case MIN -> new Extreme(column, false);
      case MAX -> new Extreme(column, true);
      case COUNT_DISTINCT -> new Distinct(column, scope.values(column), spots);
      case CONCURRENCY -> new Concurrency(frame);
      case HEATMAP -> new Heat(column, scope.scale(column));
      case P001, P01, P05, P10, P20, P25, P50, P75, P80, P90, P95, P99, P999 -> percentiles(column);
      case RATE_AVG, RATE_SUM, RATE_MAX ->
          throw new IllegalStateException("a rate is the rate of something else");
    };
  }

  private Accumulator percentiles(String column) {
    BinScale scale = scope.scale(column);
    return spots <= Heat.MOST_PLACES / scale.size()
        ? new Quantiles(column, scale)
        : new Samples(column);
  }
}
