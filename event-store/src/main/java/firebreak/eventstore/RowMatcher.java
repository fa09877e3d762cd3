package firebreak.eventstore;

import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.Times;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the rows of a part that pass a filter, one by one, by what the filter itself says. */
final class RowMatcher {
  private RowMatcher() {}

  static BitSet matching(Part part, Filter filter) {
    Map<String, Column> columns = new HashMap<>();
    for (String field : Filter.fields(filter)) {
      Column column = part.column(field);
      if (column != null) {
        columns.put(field, column);
      }
    }
    BitSet matching = new BitSet(part.rows());
    for (int row = 0; row < part.rows(); row++) {
      Map<String, Value> values = new HashMap<>();
      for (Map.Entry<String, Column> column : columns.entrySet()) {
        @Nullable Value value = column.getValue().value(row);
        if (value != null) {
          values.put(column.getKey(), value);
        }
      }
      if (filter.matches(new Event(Times.instant(part.times().at(row)), 1, values))) {
        matching.set(row);
      }
    }
    return matching;
  }
}
