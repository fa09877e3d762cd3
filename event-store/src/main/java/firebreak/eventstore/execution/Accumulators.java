package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation;

/** Makes the accumulators that calculations need. */
final class Accumulators {
  private final QueryScope scope;

  Accumulators(QueryScope scope) {
    this.scope = scope;
  }

  /** One for a calculation, or for what a rate is the rate of. */
  Accumulator of(Calculation calculation, Frame frame) {
    String column = calculation.column();
    return switch (calculation.operation().level()) {
      case COUNT -> new Count();
      case SUM -> new Sum(column, false);
      case AVG -> new Sum(column, true);
      case MIN -> new Extreme(column, false);
      case MAX -> new Extreme(column, true);
      case COUNT_DISTINCT -> new Distinct(column, scope.values(column));
      case CONCURRENCY -> new Concurrency(frame);
      case HEATMAP -> new Heat(column, scope.scale(column));
      case P001, P01, P05, P10, P20, P25, P50, P75, P80, P90, P95, P99, P999 ->
          new Samples(column, calculation.operation().thousandths());
      case RATE_AVG, RATE_SUM, RATE_MAX ->
          throw new IllegalStateException("a rate is the rate of something else");
    };
  }
}
