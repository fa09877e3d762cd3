package firebreak.guard;

import firebreak.bubbleup.BubbleUp;
import firebreak.bubbleup.Explanation;
import firebreak.deploytracker.Attribution;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.ContrastWatch;
import firebreak.deploytracker.Finding;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.flags.FlagSwitch;
import firebreak.slo.BurnAlert;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import firebreak.slo.SloMonitor;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * What the guard sees of the world, and the one thing in it that it can turn.
 *
 * @param burns the objectives and what burns
 * @param explainer what failing events share
 * @param blame which change did it
 * @param timeline what changed
 * @param flags the only lever
 * @param slices how those fare whom a step of the way back reached
 */
public record World(
    Burns burns,
    Explainer explainer,
    Blame blame,
    Timeline timeline,
    FlagSwitch flags,
    Slices slices) {

  /** One in which nobody can tell how those fare whom a step reached. */
  public World(Burns burns, Explainer explainer, Blame blame, Timeline timeline, FlagSwitch flags) {
    this(burns, explainer, blame, timeline, flags, Slices.NONE);
  }

  /** The world as the other modules show it. */
  public static World of(
      SloMonitor monitor,
      BubbleUp bubbleUp,
      Attribution attribution,
      ChangeLog changes,
      FlagSwitch flags) {
    return of(monitor, _ -> true, bubbleUp, attribution, changes, flags);
  }

  /**
   * The same, but of the objectives only some are watched.
   *
   * @param isWatched false for one whose events nobody was exposed to a flag in
   */
  public static World of(
      SloMonitor monitor,
      Predicate<Objective> isWatched,
      BubbleUp bubbleUp,
      Attribution attribution,
      ChangeLog changes,
      FlagSwitch flags) {
    return new World(
        Burns.of(monitor, isWatched),
        bubbleUp::explain,
        attribution::weigh,
        Timeline.of(changes),
        flags);
  }

  /** The same, whose burns are also found by what a flag's change does to those it reaches. */
  public World with(ContrastWatch contrast) {
    return new World(
        new Contrasted(burns, contrast, timeline), explainer, blame, timeline, flags, slices);
  }

  /** The same, in which those whom a step of the way back reached are told from the others. */
  public World with(Slices told) {
    return new World(burns, explainer, blame, timeline, flags, told);
  }

  /** The guard's view of {@link SloMonitor}. */
  interface Burns {
    List<Objective> objectives();

    List<BurnAlert> alerts(Objective objective, Instant now);

    Counts counts(Objective objective, TimeRange range);

    OptionalDouble budgetRemaining(Objective objective, Instant now);

    /** Goes on to tell of a burn that is on record and that it may not have found itself. */
    default void resume(BurnAlert alert) {}

    /**
     * What came from {@code since} until {@code until}, and nothing of before: counts are kept by
     * ten seconds, so the first few may be left out.
     */
    default Counts countsSince(Objective objective, Instant since, Instant until) {
      Instant start = Instant.ofEpochSecond(Math.ceilDiv(since.getEpochSecond(), 10) * 10);
      return start.isBefore(until) ? counts(objective, new TimeRange(start, until)) : Counts.NONE;
    }

    static Burns of(SloMonitor monitor, Predicate<Objective> isWatched) {
      return new Burns() {
        @Override
        public List<Objective> objectives() {
          return monitor.objectives().stream().filter(isWatched).toList();
        }

        @Override
        public List<BurnAlert> alerts(Objective objective, Instant now) {
          return monitor.alerts(objective, now);
        }

        @Override
        public Counts counts(Objective objective, TimeRange range) {
          return monitor.counts(objective, range);
        }

        @Override
        public OptionalDouble budgetRemaining(Objective objective, Instant now) {
          return monitor.budgetRemaining(objective, now);
        }
      };
    }
  }

  /** The guard's view of {@link BubbleUp}. */
  @FunctionalInterface
  interface Explainer {
    Explanation explain(Selection selection, int maxTerms);
  }

  /** The guard's view of {@link Attribution}. */
  @FunctionalInterface
  interface Blame {
    Finding weigh(BurnAlert alert, List<Change> changes, Explanation explanation, Instant now);
  }

  /** The guard's view of {@link ChangeLog}. */
  interface Timeline {
    boolean record(Change change);

    List<Change> changes(TimeRange range);

    static Timeline of(ChangeLog log) {
      return new Timeline() {
        @Override
        public boolean record(Change change) {
          return log.record(change);
        }

        @Override
        public List<Change> changes(TimeRange range) {
          return log.changes(range);
        }
      };
    }
  }
}
