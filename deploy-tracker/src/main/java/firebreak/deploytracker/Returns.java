package firebreak.deploytracker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rollbacks, by what ran: a build that comes to an environment where it was before, with another in
 * between, came back, and the other was taken away.
 */
record Returns(Set<Returns.Place> returned, Map<Returns.Place, Instant> left) {

  /** A build of a service in an environment. */
  record Place(String service, String environment, String buildId) {}

  private record Stage(String service, String environment) {}

  private record Step(Instant time, String buildId) {}

  static Returns of(List<Change.Deploy> deploys, List<Sighting> sightings) {
    Returns found = new Returns(new HashSet<>(), new HashMap<>());
    Map<Stage, List<Step>> declared = new HashMap<>();
    for (Change.Deploy deploy : deploys) {
      if (deploy.state() != Change.DeployState.FAILED) {
        declared
            .computeIfAbsent(
                new Stage(deploy.service(), deploy.environment()), _ -> new ArrayList<>())
            .add(new Step(deploy.time(), Rollouts.name(deploy)));
      }
    }
    declared.forEach(found::follow);
    running(sightings).forEach(found::follow);
    return found;
  }

  /** What ran where, by who served nearly all of the traffic. */
  private static Map<Stage, List<Step>> running(List<Sighting> sightings) {
    Map<Stage, TreeMap<Instant, Map<String, Long>>> counts = new HashMap<>();
    for (Sighting sighting : sightings) {
      TreeMap<Instant, Map<String, Long>> at =
          counts.computeIfAbsent(
              new Stage(sighting.service(), sighting.environment()), _ -> new TreeMap<>());
      sighting
          .events()
          .forEach(
              (time, count) ->
                  at.computeIfAbsent(time, _ -> new HashMap<>())
                      .merge(sighting.buildId(), count, Long::sum));
    }
    Map<Stage, List<Step>> running = new HashMap<>();
    counts.forEach(
        (stage, at) -> {
          List<Step> steps = new ArrayList<>();
          at.forEach((time, builds) -> running(time, builds, steps));
          running.put(stage, steps);
        });
    return running;
  }

  private static void running(Instant time, Map<String, Long> builds, List<Step> steps) {
    long all = builds.values().stream().mapToLong(count -> count).sum();
    builds.forEach(
        (build, count) -> {
          if (count >= Rollouts.RUNS * all) {
            steps.add(new Step(time, build));
          }
        });
  }

  private void follow(Stage stage, List<Step> steps) {
    Set<String> before = new HashSet<>();
    @Nullable String current = null;
    for (Step step : steps.stream().sorted(Comparator.comparing(Step::time)).toList()) {
      if (current != null && !step.buildId().equals(current) && before.contains(step.buildId())) {
        returned.add(place(stage, step.buildId()));
        left.putIfAbsent(place(stage, current), step.time());
      }
      current = step.buildId();
      before.add(current);
    }
  }

  private static Place place(Stage stage, String buildId) {
    return new Place(stage.service(), stage.environment(), buildId);
  }

  boolean isReturn(String service, String environment, String buildId) {
    return returned.contains(new Place(service, environment, buildId));
  }

  @Nullable Instant leftAt(String service, String environment, String buildId) {
    return left.get(new Place(service, environment, buildId));
  }
}
