package firebreak.eventstore;

import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.Times;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the rows of a part that pass a filter, one by one, by what the filter itself says. */
final class RowMatcher {
  private RowMatcher() {}

  static BitSet matching(Part part, Filter filter) {
    Map<String, Column> columns = new HashMap<>();
    for (String field : fields(filter, new HashSet<>())) {
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

  private static Set<String> fields(Filter filter, Set<String> into) {
    switch (filter) {
      case Filter.And and -> and.filters().forEach(one -> fields(one, into));
      case Filter.Or or -> or.filters().forEach(one -> fields(one, into));
      case Filter.Not not -> fields(not.filter(), into);
      case Filter.Exists exists -> into.add(exists.field());
      case Filter.In in -> into.add(in.field());
      case Filter.Compare compare -> into.add(compare.field());
      case Filter.Matches matches -> into.add(matches.field());
      case Filter.InTrace inTrace -> fields(inTrace.filter(), into);
      case Filter.During _ -> {}
    }
    return into;
  }
}
