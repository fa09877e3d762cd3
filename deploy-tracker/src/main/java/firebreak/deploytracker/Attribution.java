package firebreak.deploytracker;

import firebreak.bubbleup.Explanation;
import firebreak.deploytracker.Finding.Prediction;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.slo.BurnAlert;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Weighs which change did it, "none of ours" among the answers.
 *
 * <p>The latest change is not to blame for being the latest. A change is blamed for failing where
 * it reached and not where it did not: in the same minutes, for the same customer, by the number of
 * hosts or customers that agree. What reached everybody at once cannot be told from anything else
 * that happened then, and is not blamed.
 */
public final class Attribution {

  /** The first hour of a burn says who did it. */
  private static final Duration WINDOW_AT_MOST = Duration.ofHours(1);

  /** Events before the onset that still belong to the picture. */
  private static final Duration LEAD = Duration.ofMinutes(1);

  private static final int FLAGS_AT_MOST = 64;
  private static final long BAD_AT_LEAST = 10;
  private static final double P_AT_MOST = 0.01;

  private final EventStore store;
  private final FieldRoles roles;
  private final boolean countsAll;

  public Attribution(EventStore store, FieldRoles roles) {
    this(store, roles, false);
  }

  private Attribution(EventStore store, FieldRoles roles, boolean countsAll) {
    this.store = store;
    this.roles = roles;
    this.countsAll = countsAll;
  }

  /**
   * Over a store of counts: each event stands for as many alike as its sample rate says, of which
   * none was left out. A sampled event is one witness, a counted one as many as it stands for.
   */
  public static Attribution ofCounts(EventStore counts, FieldRoles roles) {
    return new Attribution(counts, roles, true);
  }

  /**
   * Weighs the changes against the burn's events.
   *
   * @param changes what changed in the hours before and during the burn
   * @param explanation what the failing events share
   * @param now events after this are not looked at
   */
  public Finding weigh(
      BurnAlert alert, List<Change> changes, Explanation explanation, Instant now) {
    Instant ended = alert.endedAt();
    Instant end = ended == null || ended.isAfter(now) ? now : ended;
    if (!end.isAfter(alert.beganAt())) {
      return Finding.UNSURE;
    }
    Instant start = alert.beganAt().minus(LEAD);
    Instant last = start.plus(WINDOW_AT_MOST);
    TimeRange range = new TimeRange(start, end.isBefore(last) ? end : last);
    Objective objective = alert.objective();
    Set<String> reported = new HashSet<>();
    objective.datasets().forEach(dataset -> reported.addAll(store.fields(dataset).keySet()));
    try (FlagHistory flags = new FlagHistory(roles, changes, reported)) {
      Set<String> fields = fields(reported, changes, explanation);
      fields.addAll(flags.fields());
      Sample sample = Sample.read(store, roles, objective, range, fields, countsAll);
      flags.serve(sample);
      return weigh(sample, flags, objective, changes, explanation, alert.beganAt());
    }
  }

  private Finding weigh(
      Sample sample,
      FlagHistory flags,
      Objective objective,
      List<Change> changes,
      Explanation explanation,
      Instant alerted) {
    History history = new History(store, objective);
    Instant start = sample.range().start();
    Tally before = history.tally(TimeRange.before(start, Lineup.AGE_AT_MOST), Filter.ALL);
    if (!isBurning(sample, before)) {
      return Finding.UNSURE;
    }
    Onset onset = Onset.find(history, alerted, sample.range().end());
    FewUnits few = FewUnits.find(sample, before.rate());
    List<Candidate> candidates =
        new Lineup(sample, history, flags, roles, onset.best()).candidates(changes);
    Rivals rivals = new Rivals(sample, history, roles, explanation, onset);
    Weighing weighing = new Weighing(sample, history, few, onset, candidates, rivals);
    List<Weighed> weighed =
        new Screening(sample, few, weighing)
            .screen(candidates.stream().map(weighing::weigh).toList());
    Judgement judgement = new Judgement(sample, few, rivals, weighed, explanation, onset);
    Forecast forecast = new Forecast(sample, history, few, objective);
    Ladder ladder = new Ladder(sample, history, few, forecast, explanation, flags);
    return finding(judgement, forecast, ladder);
  }

  private static Finding finding(Judgement judgement, Forecast forecast, Ladder ladder) {
    Weighed blamed = judgement.blamed();
    Levers.Found lever = judgement.lever();
    Prediction prediction = Prediction.UNKNOWN;
    if (blamed != null && lever != null) {
      Candidate cause = blamed.candidate();
      prediction = forecast.of(lever.rows(), cause.exposed(), cause.scope()).prediction();
    }
    return new Finding(
        judgement.verdict(),
        judgement.suspects(),
        prediction,
        blamed == null ? 1 : blamed.pValue(),
        ladder.steps(judgement.mostSuspect(), judgement.leverOfMostSuspect()));
  }

  /** Whether enough fails, and more of it than before where there was a before. */
  private static boolean isBurning(Sample sample, Tally before) {
    Tally now = sample.tally(sample.all()).scaled(sample.scale());
    Tally earlier = before.scaled(sample.scale());
    return now.bad() >= BAD_AT_LEAST
        && (earlier.events() == 0 || now.against(earlier).pValue() <= P_AT_MOST);
  }

  /** The flags that changed, those that differ, any other; and what may be a rival. */
  private Set<String> fields(Set<String> reported, List<Change> changes, Explanation explanation) {
    Set<String> flags = new LinkedHashSet<>();
    for (Change change : changes) {
      if (change instanceof Change.FlagChange flag) {
        flags.add(FieldRoles.FLAG_PREFIX + flag.flag());
      }
    }
    explanation.differences().forEach(difference -> flags.add(difference.field()));
    flags.addAll(new TreeSet<>(reported));
    Set<String> fields =
        flags.stream()
            .filter(field -> !FieldRoles.flag(field).isEmpty() && reported.contains(field))
            .limit(FLAGS_AT_MOST)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    fields.addAll(Rivals.fields(roles, explanation));
    return fields;
  }
}
