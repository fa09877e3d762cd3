package firebreak.deploytracker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The life of one build of a service, from its pull request to the traffic that it serves. What is
 * not known is null, absent text is empty.
 *
 * @param merge the pull request or push that brought its commit in
 * @param build the run that made it
 * @param artifact what was published of it
 * @param landings where it went, one for each environment
 */
public record Rollout(
    String id,
    String service,
    String buildId,
    String commit,
    String repository,
    Change.@Nullable Marker merge,
    Change.@Nullable Build build,
    Change.@Nullable Marker artifact,
    List<Landing> landings) {

  public Rollout {
    landings = List.copyOf(landings);
  }

  /** When it came into an environment, by what was declared or, without that, by its events. */
  public Instant time() {
    return landings.stream().map(Landing::time).min(Instant::compareTo).orElse(Instant.EPOCH);
  }

  /**
   * A build in an environment.
   *
   * @param deploys those that were declared, oldest first; none where only events tell of it
   * @param firstSeen the time of its first event; null where no event confirms the deploy
   * @param shares of the events of the service there that name a build, over time
   * @param everywhereAt when at least {@link Rollouts#EVERYWHERE} of them were its own
   * @param leadTime from the merge to the first event; null where either is unknown
   * @param isReturn whether it was there before, and another in between: a rollback to it
   * @param leftAt when a rollback took it away
   */
  public record Landing(
      String environment,
      List<Change.Deploy> deploys,
      @Nullable Instant firstSeen,
      long events,
      List<Share> shares,
      @Nullable Instant everywhereAt,
      @Nullable Duration leadTime,
      boolean isReturn,
      @Nullable Instant leftAt) {
    public Landing {
      deploys = List.copyOf(deploys);
      shares = List.copyOf(shares);
    }

    public boolean isDeclared() {
      return !deploys.isEmpty();
    }

    public boolean isConfirmed() {
      return firstSeen != null;
    }

    public Instant time() {
      Instant seen = firstSeen;
      return deploys.isEmpty() ? seen == null ? Instant.EPOCH : seen : deploys.getFirst().time();
    }

    /** Whether it was rolled back, or never got there. */
    public boolean isFailed() {
      return leftAt != null
          || deploys.stream()
              .anyMatch(
                  deploy ->
                      switch (deploy.state()) {
                        case FAILED, ROLLED_BACK -> true;
                        case STARTED, SUCCEEDED -> false;
                      });
    }
  }

  /** Which part of the traffic was its own, in the bucket that starts at the time. */
  public record Share(Instant time, double share, long events) {}
}
