package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Marginals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Keeps what contrasts need of parts that lie in files: of each column, and of each field over the
 * parts that were last asked for together.
 */
final class ContrastCache {
  /** Columns of which facts are kept, and fields of which totals are. */
  private static final int MOST = 1 << 16;

  private static final int MOST_TOTALS = 1 << 12;

  private record Place(long part, String field) {}

  private record Parts(String field, List<Long> parts) {}

  private final Map<Place, ColumnFacts> facts = new ConcurrentHashMap<>();

  /** The totals, those used longest ago first. */
  private final Map<Parts, FieldTotals> totals = new LinkedHashMap<>(16, 0.75f, true);

  ColumnFacts facts(PartView part, String field, Column.Coded column, Marginals marginals) {
    Place place = new Place(part.part().id(), field);
    ColumnFacts known = facts.get(place);
    if (known == null) {
      known = ColumnFacts.of(column, marginals);
      if (facts.size() >= MOST) {
        facts.clear();
      }
      facts.put(place, known);
    }
    return known;
  }

  FieldTotals totals(
      String field,
      List<Long> parts,
      FieldIds ids,
      Function<ContrastCache, FieldTotals> otherwise) {
    Parts key = new Parts(field, parts);
    synchronized (totals) {
      FieldTotals known = totals.get(key);
      if (known != null && known.isFor(ids)) {
        return known;
      }
    }
    FieldTotals made = otherwise.apply(this);
    synchronized (totals) {
      totals.put(key, made);
      if (totals.size() > MOST_TOTALS) {
        totals.remove(totals.keySet().iterator().next());
      }
    }
    return made;
  }
}
