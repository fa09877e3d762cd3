package firebreak.deploytracker;

import firebreak.deploytracker.Rollout.Landing;
import firebreak.eventstore.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The four figures of DevOps Research and Assessment for one environment, of the record that
 * rollouts are read from. Medians; null where there was nothing to take one of.
 *
 * @param deploys builds that came to the environment in the range
 * @param deploysPerDay how often that was
 * @param leadTime from the merge to the first event of the build, as seen
 * @param failed of them, those that were rolled back, failed, or are what an incident blames
 * @param restoreTime from the beginning of a burn that a release is blamed for to its end, and from
 *     the first event of a build to its rollback where no burn tells of it
 */
public record Dora(
    int deploys,
    double deploysPerDay,
    @Nullable Duration leadTime,
    int leadTimes,
    int failed,
    double failureRate,
    @Nullable Duration restoreTime,
    int restored) {

  /**
   * A burn that a release is blamed for.
   *
   * @param end null while it lasts
   */
  public record Outage(
      String buildId, Set<String> changeIds, Instant began, @Nullable Instant end) {
    public Outage {
      changeIds = Set.copyOf(changeIds);
    }

    /** Whether the release that is blamed is this one. */
    public boolean isBlamedOn(Rollout rollout) {
      return (!buildId.isEmpty() && buildId.equals(rollout.buildId()))
          || rollout.landings().stream()
              .flatMap(landing -> landing.deploys().stream())
              .anyMatch(deploy -> changeIds.contains(deploy.id()));
    }
  }

  private record Arrival(Rollout rollout, Landing landing) {}

  /**
   * Counts.
   *
   * @param environment of other environments nothing counts
   */
  public static Dora of(
      List<Rollout> rollouts, List<Outage> outages, String environment, TimeRange range) {
    List<Arrival> arrivals =
        rollouts.stream()
            .flatMap(rollout -> rollout.landings().stream().map(one -> new Arrival(rollout, one)))
            .filter(arrival -> arrival.landing().environment().equals(environment))
            .filter(arrival -> range.contains(arrival.landing().time()))
            .toList();
    List<Arrival> failed =
        arrivals.stream()
            .filter(
                arrival ->
                    arrival.landing().isFailed()
                        || outages.stream().anyMatch(one -> one.isBlamedOn(arrival.rollout())))
            .toList();
    List<Duration> leads =
        arrivals.stream().map(one -> one.landing().leadTime()).filter(Objects::nonNull).toList();
    List<Duration> restores =
        Stream.concat(
                outages.stream()
                    .filter(outage -> range.contains(outage.began()))
                    .map(outage -> between(outage.began(), outage.end())),
                failed.stream()
                    .filter(one -> outages.stream().noneMatch(o -> o.isBlamedOn(one.rollout())))
                    .map(one -> between(one.landing().firstSeen(), one.landing().leftAt())))
            .filter(Objects::nonNull)
            .toList();
    double days = range.length().toSeconds() / 86_400.0;
    return new Dora(
        arrivals.size(),
        arrivals.size() / days,
        median(leads),
        leads.size(),
        failed.size(),
        arrivals.isEmpty() ? Double.NaN : (double) failed.size() / arrivals.size(),
        median(restores),
        restores.size());
  }

  private static @Nullable Duration between(@Nullable Instant start, @Nullable Instant end) {
    return start == null || end == null || end.isBefore(start)
        ? null
        : Duration.between(start, end);
  }

  /** The lower of the two in the middle. */
  private static @Nullable Duration median(List<Duration> durations) {
    return durations.isEmpty()
        ? null
        : durations.stream().sorted().toList().get((durations.size() - 1) / 2);
  }
}
