package firebreak.deploytracker;

import firebreak.deploytracker.Rollout.Landing;
import firebreak.eventstore.Event;
import firebreak.eventstore.Traces;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How long a merge took to be everywhere in production: in its own build, or in that of a later
 * merge, which holds it too.
 *
 * @param everywhereAt null where no such build is everywhere yet
 */
public record MergeToEverywhere(Rollout rollout, Instant merged, @Nullable Instant everywhereAt) {

  /** The dataset that the outcomes go to, an event each. */
  public static final String DATASET = "releases";

  /** In which it is to be everywhere. */
  public static final Duration WITHIN = Duration.ofHours(1);

  /** So long after it is over, what came late has come. */
  static final Duration GRACE = Duration.ofMinutes(10);

  /** The field that says whether it was in time. */
  public static final String IN_TIME = "in_time";

  private static final Set<String> PRODUCTION = Set.of("production", "");

  /** Of every build that came to production, or to a place without a name, and was merged. */
  public static List<MergeToEverywhere> of(List<Rollout> rollouts) {
    List<MergeToEverywhere> merges = new ArrayList<>();
    for (Rollout rollout : rollouts) {
      Change.Marker merge = rollout.merge();
      if (merge != null && landing(rollout).isPresent()) {
        merges.add(
            new MergeToEverywhere(
                rollout, merge.time(), everywhere(rollout, merge.time(), rollouts)));
      }
    }
    return merges;
  }

  private static Optional<Landing> landing(Rollout rollout) {
    return rollout.landings().stream()
        .filter(landing -> PRODUCTION.contains(landing.environment()))
        .max(Comparator.comparing(Landing::environment));
  }

  private static @Nullable Instant everywhere(
      Rollout rollout, Instant merged, List<Rollout> rollouts) {
    return rollouts.stream()
        .filter(other -> other.service().equals(rollout.service()))
        .filter(other -> isNoEarlier(other, merged))
        .flatMap(other -> landing(other).stream())
        .map(landing -> landing.everywhereAt())
        .filter(Objects::nonNull)
        .filter(at -> !at.isBefore(merged))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private static boolean isNoEarlier(Rollout other, Instant merged) {
    Change.Marker merge = other.merge();
    return merge != null && !merge.time().isBefore(merged);
  }

  /**
   * The outcome as an event, once it is known: in time, or not in time and nothing that comes late
   * can change that any more. The same merge gives the same event for ever.
   */
  public Optional<Event> outcome(Instant now) {
    Instant at = everywhereAt;
    boolean inTime = at != null && !at.isAfter(merged.plus(WITHIN));
    if (!inTime && now.isBefore(merged.plus(WITHIN).plus(GRACE))) {
      return Optional.empty();
    }
    Map<String, Value> fields = new HashMap<>();
    fields.put(Traces.TRACE_ID, Value.of(rollout.id()));
    fields.put(Traces.SPAN_ID, Value.of("merged-to-everywhere"));
    fields.put("name", Value.of("merged to everywhere"));
    fields.put("service.name", Value.of(rollout.service()));
    fields.put("build_id", Value.of(rollout.buildId()));
    if (!rollout.repository().isEmpty()) {
      fields.put("repo", Value.of(rollout.repository()));
    }
    fields.put(IN_TIME, Value.of(inTime));
    if (at != null) {
      fields.put("duration_ms", Value.of(Duration.between(merged, at).toMillis()));
    }
    return Optional.of(new Event(merged, 1, fields));
  }
}
