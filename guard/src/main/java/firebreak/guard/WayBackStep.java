package firebreak.guard;

import java.time.Instant;
import java.util.List;

/**
 * One step by which a person gave back a part of what a mitigation took away.
 *
 * @param percent of what was served before, all steps so far together; 0 where contexts are given
 *     back by key
 * @param contexts those that this step gave it back to
 * @param build that contains the fix; empty where the person named none
 * @param fence that the step produced
 */
public record WayBackStep(
    int percent, List<String> contexts, String build, String actor, Instant at, String fence) {
  public WayBackStep {
    contexts = List.copyOf(contexts);
  }

  /** As a person reads it. */
  String describe() {
    return contexts.isEmpty() ? percent + " %" : String.join(", ", contexts);
  }
}
