package firebreak.eventstore;

import java.util.List;

/**
 * Which events to set against which: the selected ones against their baseline, all others within.
 *
 * @param within the events that take part at all, on either side
 * @param selected which of the events within are selected
 */
public record Selection(List<String> datasets, TimeRange range, Filter within, Filter selected) {
  public Selection {
    datasets = List.copyOf(datasets);
    if (datasets.isEmpty()) {
      throw new IllegalArgumentException("a selection needs at least one dataset");
    }
  }
}
