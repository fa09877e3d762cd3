package firebreak.deploytracker;

import firebreak.deploytracker.Rollout.Landing;
import firebreak.deploytracker.Rollout.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Joins what was declared (builds, deploys, merges) with what was seen (events that name a build)
 * to the lives of builds: pure, and whatever comes late only makes it more exact.
 */
public final class Rollouts {

  /** A build is everywhere once it serves this share. */
  public static final double EVERYWHERE = 0.95;

  /** One that serves this share is what runs; between two such there is a change of builds. */
  static final double RUNS = 0.8;

  private static final Pattern SHA = Pattern.compile("[0-9a-f]{7,40}");

  private final List<Change> changes;
  private final List<Sighting> sightings;
  private final Returns returns;

  private Rollouts(List<Change> changes, List<Sighting> sightings) {
    this.changes = changes;
    this.sightings = sightings;
    returns = Returns.of(deploys().toList(), sightings);
  }

  /** Every build that was deployed or seen, the latest first. */
  public static List<Rollout> of(List<Change> changes, List<Sighting> sightings) {
    return new Rollouts(changes, sightings).all();
  }

  private record Key(String service, String buildId) {}

  private List<Rollout> all() {
    Map<Key, List<Change.Deploy>> declared = new LinkedHashMap<>();
    deploys()
        .forEach(
            deploy ->
                declared
                    .computeIfAbsent(
                        new Key(deploy.service(), name(deploy)), _ -> new ArrayList<>())
                    .add(deploy));
    Map<Key, List<Sighting>> seen = new LinkedHashMap<>();
    for (Sighting sighting : sightings) {
      Key key =
          declared.keySet().stream()
              .filter(one -> isOf(sighting, declared.getOrDefault(one, List.of())))
              .findFirst()
              .orElse(new Key(sighting.service(), sighting.buildId()));
      seen.computeIfAbsent(key, _ -> new ArrayList<>()).add(sighting);
    }
    return Stream.concat(declared.keySet().stream(), seen.keySet().stream())
        .distinct()
        .map(
            key ->
                rollout(
                    key, declared.getOrDefault(key, List.of()), seen.getOrDefault(key, List.of())))
        .sorted(Comparator.comparing(Rollout::time).reversed().thenComparing(Rollout::id))
        .toList();
  }

  private Stream<Change.Deploy> deploys() {
    return changes.stream()
        .filter(change -> change instanceof Change.Deploy)
        .map(change -> (Change.Deploy) change);
  }

  /** What a deploy's build is called; the version or the commit where it has no id. */
  public static String name(Change.Deploy deploy) {
    return Stream.of(deploy.buildId(), deploy.version(), deploy.commit())
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static boolean isOf(Sighting sighting, List<Change.Deploy> deploys) {
    return deploys.stream()
        .anyMatch(
            deploy ->
                deploy.service().equals(sighting.service()) && isNamed(deploy, sighting.buildId()));
  }

  /** Whether events that carry this build id may be of the deploy. */
  static boolean isNamed(Change.Deploy deploy, String buildId) {
    return buildId.equals(deploy.buildId())
        || buildId.equals(deploy.version())
        || isSameCommit(buildId, deploy.commit());
  }

  private static boolean isSameCommit(String a, String b) {
    return SHA.matcher(a).matches()
        && SHA.matcher(b).matches()
        && (a.startsWith(b) || b.startsWith(a));
  }

  private Rollout rollout(Key key, List<Change.Deploy> deploys, List<Sighting> seen) {
    Change.Build build = build(key, deploys);
    String commit =
        deploys.stream()
            .map(Change.Deploy::commit)
            .filter(one -> !one.isEmpty())
            .findFirst()
            .orElse(build == null ? sha(key.buildId()) : build.commit());
    String repository =
        deploys.stream()
            .map(Change.Deploy::repository)
            .filter(one -> !one.isEmpty())
            .findFirst()
            .orElse(build == null ? "" : build.repository());
    Change.Marker merge = marker(commit, "merge").or(() -> marker(commit, "push")).orElse(null);
    Map<String, List<Change.Deploy>> declared = new TreeMap<>();
    deploys.forEach(
        deploy ->
            declared.computeIfAbsent(deploy.environment(), _ -> new ArrayList<>()).add(deploy));
    Map<String, List<Sighting>> bySight = new TreeMap<>();
    for (Sighting sighting : seen) {
      // Events that name no environment confirm the only one that was declared.
      String environment =
          sighting.environment().isEmpty() && declared.size() == 1
              ? declared.keySet().iterator().next()
              : sighting.environment();
      bySight.computeIfAbsent(environment, _ -> new ArrayList<>()).add(sighting);
    }
    List<Landing> landings =
        Stream.concat(declared.keySet().stream(), bySight.keySet().stream())
            .distinct()
            .map(
                environment ->
                    landing(
                        key,
                        environment,
                        declared.getOrDefault(environment, List.of()),
                        bySight.getOrDefault(environment, List.of()),
                        merge))
            .toList();
    return new Rollout(
        Change.id("rollout", key.service(), key.buildId()),
        key.service(),
        key.buildId(),
        commit,
        repository,
        merge,
        build,
        marker(commit, "artifact").or(() -> marker(commit, "release")).orElse(null),
        landings);
  }

  private static String sha(String buildId) {
    return SHA.matcher(buildId).matches() && buildId.length() == 40 ? buildId : "";
  }

  private Change.@Nullable Build build(Key key, List<Change.Deploy> deploys) {
    return build(build -> build.buildId().equals(key.buildId()) && isFrom(build, key, deploys))
        .or(
            () ->
                build(
                    build ->
                        deploys.stream()
                            .anyMatch(
                                deploy ->
                                    isSameCommit(deploy.commit(), build.commit())
                                        && build.state() == Change.BuildState.SUCCEEDED)))
        .orElse(null);
  }

  /** Numbers of builds repeat from one repository to the next. */
  private static boolean isFrom(Change.Build build, Key key, List<Change.Deploy> deploys) {
    return build.service().equals(key.service())
        || deploys.stream()
            .anyMatch(
                deploy ->
                    !deploy.repository().isEmpty()
                        && deploy.repository().equals(build.repository()));
  }

  private Optional<Change.Build> build(Predicate<Change.Build> predicate) {
    return changes.stream()
        .filter(change -> change instanceof Change.Build build && predicate.test(build))
        .map(change -> (Change.Build) change)
        .max(Comparator.comparing(Change.Build::time));
  }

  private Optional<Change.Marker> marker(String commit, String type) {
    return changes.stream()
        .filter(
            change ->
                change instanceof Change.Marker marker
                    && marker.type().equals(type)
                    && isSameCommit(marker.commit(), commit))
        .map(change -> (Change.Marker) change)
        .findFirst();
  }

  private Landing landing(
      Key key,
      String environment,
      List<Change.Deploy> deploys,
      List<Sighting> seen,
      Change.@Nullable Marker merge) {
    Instant first =
        seen.stream().map(Sighting::firstSeen).min(Comparator.naturalOrder()).orElse(null);
    List<Share> shares = shares(key.service(), seen);
    Instant everywhere =
        shares.stream()
            .filter(share -> share.share() >= EVERYWHERE)
            .map(Share::time)
            .findFirst()
            .orElse(null);
    return new Landing(
        environment,
        deploys,
        first,
        seen.stream().mapToLong(Sighting::total).sum(),
        shares,
        everywhere == null || first == null || everywhere.isAfter(first) ? everywhere : first,
        merge == null || first == null ? null : Duration.between(merge.time(), first),
        returns.isReturn(key.service(), environment, key.buildId()),
        returns.leftAt(key.service(), environment, key.buildId()));
  }

  private List<Share> shares(String service, List<Sighting> seen) {
    Map<Instant, Long> own = new TreeMap<>();
    Map<Instant, Long> all = new TreeMap<>();
    List<String> environments = seen.stream().map(Sighting::environment).distinct().toList();
    for (Sighting sighting : sightings) {
      if (sighting.service().equals(service) && environments.contains(sighting.environment())) {
        sighting.events().forEach((time, count) -> all.merge(time, count, Long::sum));
      }
    }
    seen.forEach(one -> one.events().forEach((time, count) -> own.merge(time, count, Long::sum)));
    List<Share> shares = new ArrayList<>();
    own.forEach(
        (time, count) ->
            shares.add(
                new Share(time, (double) count / Objects.requireNonNull(all.get(time)), count)));
    return shares;
  }
}
