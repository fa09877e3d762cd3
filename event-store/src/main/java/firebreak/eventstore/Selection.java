package firebreak.eventstore;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which events to set against which: the selected ones against their baseline, all others within.
 *
 * @param within the events that take part at all, on either side
 * @param selected which of the events within are selected
 * @param derived the columns that filters, and terms of patterns, may name besides stored fields,
 *     as in a {@link Query}
 */
public record Selection(
    List<String> datasets,
    TimeRange range,
    Filter within,
    Filter selected,
    Map<String, Formula> derived) {
  public Selection {
    datasets = List.copyOf(datasets);
    derived = Map.copyOf(derived);
    if (datasets.isEmpty()) {
      throw new IllegalArgumentException("a selection needs at least one dataset");
    }
    Query.checkDerived(derived);
  }

  public Selection(List<String> datasets, TimeRange range, Filter within, Filter selected) {
    this(datasets, range, within, selected, Map.of());
  }

  /** The one form of all selections that select the same by the same conditions. */
  public Selection canonical() {
    return new Selection(
        List.copyOf(new TreeSet<>(datasets)),
        range,
        Filter.canonical(within),
        Filter.canonical(selected),
        derived);
  }
}
