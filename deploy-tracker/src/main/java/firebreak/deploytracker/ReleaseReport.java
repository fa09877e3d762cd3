package firebreak.deploytracker;

import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What can be told of a build to those who wrote it.
 *
 * @param blames the incidents that name it, the oldest first
 * @param impacts what it did to each objective beside the rest of the same minutes
 */
public record ReleaseReport(
    Rollout rollout, Stage stage, List<Blame> blames, List<Impact> impacts, Instant asOf) {

  /** For so long a build is watched before it is said that nothing is the matter with it. */
  public static final Duration WATCHED = Duration.ofMinutes(30);

  /** So many of its events of each objective are needed to say so. */
  public static final long EVENTS_AT_LEAST = 100;

  /** A build is called worse than the rest at this chance of being wrong. */
  public static final double SIGNIFICANCE = 0.01;

  /** How the build stands. */
  public enum Stage {
    /** Declared, and no event of it was seen. */
    DECLARED,
    /** It serves, and it is too early to tell. */
    SERVING,
    /** It is worse than the rest of the same minutes, and nothing burns. */
    WORSE,
    /** It has served for a while, and is not worse. */
    FINE,
    /** An open incident names it. */
    BLAMED,
    /** Incidents named it, and are over. */
    OVER,
    /** Another took its place, and it had been there before; or it never got there. */
    ROLLED_BACK
  }

  /**
   * An incident that names the build.
   *
   * @param posterior how sure
   * @param done what was done about it, a sentence
   * @param link where the evidence is
   */
  public record Blame(
      String incident,
      String objective,
      boolean isOpen,
      double posterior,
      Instant began,
      String done,
      String link) {}

  /** What it did to an objective. */
  public record Impact(Objective objective, SideBySide sides) {
    /** Events that stand for several are fewer witnesses than they weigh. */
    boolean isKnown() {
      return sides.isComparable() && sides.some().eligible() * sides.someScale() >= EVENTS_AT_LEAST;
    }

    boolean isWorse() {
      return sides.isComparable()
          && sides.pValue() <= SIGNIFICANCE
          && sides.rate() > objective.budgetShare();
    }
  }

  public ReleaseReport {
    blames = List.copyOf(blames);
    impacts = List.copyOf(impacts);
  }

  /** Judges. */
  public static ReleaseReport of(
      Rollout rollout, List<Blame> blames, List<Impact> impacts, Instant now) {
    List<Blame> oldestFirst = blames.stream().sorted(Comparator.comparing(Blame::began)).toList();
    return new ReleaseReport(
        rollout, stage(rollout, oldestFirst, impacts, now), oldestFirst, impacts, now);
  }

  private static Stage stage(
      Rollout rollout, List<Blame> blames, List<Impact> impacts, Instant now) {
    if (blames.stream().anyMatch(Blame::isOpen)) {
      return Stage.BLAMED;
    }
    if (!blames.isEmpty()) {
      return Stage.OVER;
    }
    if (rollout.landings().stream().anyMatch(Rollout.Landing::isFailed)) {
      return Stage.ROLLED_BACK;
    }
    if (rollout.landings().stream().noneMatch(Rollout.Landing::isConfirmed)) {
      return Stage.DECLARED;
    }
    if (impacts.stream().anyMatch(Impact::isWorse)) {
      return Stage.WORSE;
    }
    boolean isKnown = !impacts.isEmpty() && impacts.stream().allMatch(one -> one.isKnown());
    return isKnown && now.isAfter(rollout.time().plus(WATCHED)) ? Stage.FINE : Stage.SERVING;
  }

  /** Changes when there is something new to tell, and not with every event. */
  public String gist() {
    return rollout.landings().stream()
        .map(
            landing ->
                "%s %s %s"
                    .formatted(landing.environment(), landing.isConfirmed(), landing.isFailed()))
        .collect(
            Collectors.joining(
                "; ",
                stage + ": ",
                blames.stream()
                    .map(
                        blame ->
                            "; %s %s %s".formatted(blame.incident(), blame.isOpen(), blame.done()))
                    .collect(Collectors.joining())));
  }
}
