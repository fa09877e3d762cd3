package firebreak.eventstore.columns;

import firebreak.eventstore.Value;
import org.jspecify.annotations.Nullable;

/** A measured column put together from its pieces. */
record MeasuredColumn(
    ExactNumbers numbers, Codes bins, int lowestBin, int highestCode, @Nullable Marginals marginals)
    implements Column.Measured {
  @Override
  public @Nullable Value value(int row) {
    return numbers.value(row);
  }
}
