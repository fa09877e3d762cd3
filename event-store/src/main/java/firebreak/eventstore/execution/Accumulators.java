package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation;

/** Makes the accumulator that a calculation needs. */
final class Accumulators {
  private final Scope scope;

  Accumulators(Scope scope) {
    this.scope = scope;
  }

  Accumulator of(Calculation calculation) {
    String column = calculation.column();
    return switch (calculation.operation()) {
      case COUNT -> new Count();
      case SUM -> new Sum(column, false);
      case AVG -> new Sum(column, true);
      case MIN -> new Extreme(column, false);
      case MAX -> new Extreme(column, true);
      case COUNT_DISTINCT -> new Distinct(column, scope.values(column));
      case HEATMAP -> new Heat(column, scope.scale(column));
      case P001, P01, P05, P10, P20, P25, P50, P75, P80, P90, P95, P99, P999 ->
          new Samples(column, calculation.operation().thousandths());
      case CONCURRENCY, RATE_AVG, RATE_SUM, RATE_MAX ->
          throw new IllegalArgumentException(
              calculation.operation() + " is not yet answered by the store");
    };
  }
}
