package firebreak.eventstore.columns;

import java.util.List;
import java.util.Map;

/**
 * All that the store holds at one moment.
 *
 * @param generation rises with every change, so that equal generations mean equal content
 * @param parts the parts of each dataset in the order in which their rows were appended
 */
public record Snapshot(long generation, Map<String, List<Part>> parts) {
  /** The parts of a dataset; none for one that is unknown. */
  public List<Part> of(String dataset) {
    return parts.getOrDefault(dataset, List.of());
  }
}
