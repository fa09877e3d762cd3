package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Filter;

/**
 * What several calculations of the same rows share.
 *
 * @param filter which rows take part, of those that pass the query's filter
 * @param what names what is gathered of them
 */
record Need(Filter filter, String what) {
  static Need of(Calculation calculation) {
    String what =
        switch (calculation.operation().level()) {
          case SUM, AVG -> "sum";
          case P001, P01, P05, P10, P20, P25, P50, P75, P80, P90, P95, P99, P999 -> "percentiles";
          case COUNT, COUNT_DISTINCT, MIN, MAX, HEATMAP, CONCURRENCY ->
              calculation.operation().level().name();
          case RATE_AVG, RATE_SUM, RATE_MAX ->
              throw new IllegalStateException("a rate is the rate of something else");
        };
    return new Need(calculation.filter(), what + " " + calculation.column());
  }
}
