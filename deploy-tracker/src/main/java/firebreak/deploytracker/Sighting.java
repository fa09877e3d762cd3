package firebreak.deploytracker;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The events of one build of a service in an environment, by weight, per time bucket.
 *
 * @param environment empty where events name none
 * @param buildId as the events name it
 * @param firstSeen the time of the first event in the range looked at
 * @param events by the start of the bucket; buckets without any are left out
 */
public record Sighting(
    String service,
    String environment,
    String buildId,
    Instant firstSeen,
    SortedMap<Instant, Long> events) {
  public Sighting {
    events = Collections.unmodifiableSortedMap(new TreeMap<>(events));
  }

  long total() {
    return events.values().stream().mapToLong(count -> count).sum();
  }
}
