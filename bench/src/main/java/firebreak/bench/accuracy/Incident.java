package firebreak.bench.accuracy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * An incident whose causes are known.
 *
 * @param cells those of each minute
 * @param at the minute that is asked about
 */
record Incident(String name, SortedMap<Instant, List<Cell>> cells, Instant at, Set<Slice> causes) {
  static final Duration LENGTH = Duration.ofMinutes(1);

  List<Cell> now() {
    return cells.getOrDefault(at, List.of());
  }
}
