package firebreak.bench.fleet;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.FieldRoles;
import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import firebreak.sim.fleet.Truth;
import firebreak.sim.fleet.Truth.Answer;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules of thumb by which others name the change that did it. */
enum Ranker {
  LATEST_CHANGE("latest change before the alert"),
  SHARE_DIFFERENCE("largest share difference over the changes' slices");

  /** With less, no slice is commoner among the failing. */
  private static final double DIFFERENCE_AT_LEAST = 0.1;

  private final String title;

  Ranker(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /**
   * The build or flag that is named; all empty when it is none of ours.
   *
   * @param variation "" where the rule does not say
   */
  record Named(String build, String flag, String variation) {
    static final Named NOBODY = new Named("", "", "");

    boolean isRight(Truth truth) {
      return equals(NOBODY)
          ? truth.isRight(Answer.NONE, "", "", "")
          : truth.culprits().stream()
              .anyMatch(
                  culprit ->
                      flag.isEmpty()
                          ? culprit.build().equals(build)
                          : culprit.flag().equals(flag)
                              && (variation.isEmpty() || culprit.variation().equals(variation)));
    }

    /** Whether a flag would be turned that is not to be turned. */
    boolean actsWrongly(Truth truth) {
      return !flag.isEmpty() && truth.levers().stream().noneMatch(one -> one.flag().equals(flag));
    }
  }

  Named name(Scene scene) {
    List<Change> changes = touching(scene.changes(), scene.events());
    return switch (this) {
      case LATEST_CHANGE -> latest(changes, scene.raised());
      case SHARE_DIFFERENCE -> mostDifferent(changes, scene.events());
    };
  }

  /** The changes of this service: its deploys, and flags that its events tell of. */
  private static List<Change> touching(List<Change> changes, List<Event> events) {
    Set<String> reported = new HashSet<>();
    events.stream().limit(100).forEach(event -> reported.addAll(event.fields().keySet()));
    return changes.stream()
        .filter(
            change ->
                switch (change) {
                  case Change.Deploy deploy ->
                      deploy.service().equals(Production.OBJECTIVE.service());
                  case Change.FlagChange flag ->
                      !flag.isFirstSight()
                          && reported.contains(FieldRoles.FLAG_PREFIX + flag.flag());
                  case Change.Build _, Change.Marker _ -> false;
                })
        .toList();
  }

  private static Named latest(List<Change> changes, Instant alert) {
    return changes.stream()
        .filter(change -> !change.time().isAfter(alert))
        .max(Comparator.comparing(Change::time))
        .map(change -> named(change, ""))
        .orElse(Named.NOBODY);
  }

  private static Named named(Change change, String variation) {
    return change instanceof Change.Deploy deploy
        ? new Named(deploy.buildId(), "", "")
        : new Named("", change.name(), variation);
  }

  private static Named mostDifferent(List<Change> changes, List<Event> events) {
    Map<Boolean, List<Event>> bySide =
        events.stream().collect(Collectors.partitioningBy(Production.OBJECTIVE::isBad));
    double most = DIFFERENCE_AT_LEAST;
    Named named = Named.NOBODY;
    Set<String> seen = new HashSet<>();
    for (Change change : changes) {
      String field =
          change instanceof Change.Deploy ? "build_id" : FieldRoles.FLAG_PREFIX + change.name();
      String only = change instanceof Change.Deploy deploy ? deploy.buildId() : null;
      if (!seen.add(field + only)) {
        continue;
      }
      for (Map.Entry<String, Double> slice : differences(field, only, bySide).entrySet()) {
        if (slice.getValue() > most) {
          most = slice.getValue();
          named = named(change, slice.getKey());
        }
      }
    }
    return named;
  }

  /** By value, its share of the bad events less its share of the good ones. */
  private static Map<String, Double> differences(
      String field, @Nullable String only, Map<Boolean, List<Event>> bySide) {
    double[] all = new double[2];
    Map<String, double[]> weights = new HashMap<>();
    bySide.forEach(
        (isBad, events) -> {
          int side = isBad ? 1 : 0;
          for (Event event : events) {
            all[side] += event.sampleRate();
            Value value = event.field(field);
            if (value != null && (only == null || only.equals(value.display()))) {
              weights.computeIfAbsent(value.display(), _ -> new double[2])[side] +=
                  event.sampleRate();
            }
          }
        });
    Map<String, Double> differences = new HashMap<>();
    weights.forEach(
        (value, pair) ->
            differences.put(value, pair[1] / Math.max(1, all[1]) - pair[0] / Math.max(1, all[0])));
    return differences;
  }
}
