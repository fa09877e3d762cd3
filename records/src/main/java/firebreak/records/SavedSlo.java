package firebreak.records;

import java.time.Instant;
import java.util.List;

/**
 * An objective that was made over the API, in Honeycomb's terms.
 *
 * @param alias the derived column that is its indicator
 * @param targetPerMillion how many of a million eligible events are to be good
 */
public record SavedSlo(
    String id,
    String name,
    String description,
    List<String> datasets,
    String alias,
    int targetPerMillion,
    int periodDays,
    Instant createdAt,
    Instant updatedAt) {
  public SavedSlo {
    datasets = List.copyOf(datasets);
  }
}
