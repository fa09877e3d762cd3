package firebreak.slo;

import firebreak.slo.BurnWatch.Episode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * What an objective makes of the counts of its events: the budget in its own units, and every burn.
 *
 * <p>Not safe for use by many threads.
 */
final class Burns {
  private final Objective objective;
  private final Ledger events;

  /** In events, or in slices, each in the last of its buckets. */
  private final Ledger budget;

  private final boolean isSliced;

  /** How many buckets a slice has; one where the budget is counted in events. */
  private final long slice;

  private final NavigableSet<Long> touched = new TreeSet<>();
  private final BurnWatch urgent;
  private final BurnWatch tickets;
  private final List<BudgetWatch> others;
  private List<Episode> lastUrgent = List.of();

  /** An episode with what noticed it. */
  private record Noticed(Episode episode, BurnAlert.Detector detector) {

    /** Both as one: it began and was noticed with the earlier one, and lasts as the longer one. */
    Noticed with(Noticed later) {
      Episode a = episode;
      Episode b = later.episode;
      return new Noticed(
          new Episode(
              Math.min(a.began(), b.began()),
              a.detected(),
              Math.max(a.ended(), b.ended()),
              Math.max(a.burnRate(), b.burnRate())),
          detector);
    }

    boolean overlaps(Noticed other) {
      return episode.began() < other.episode.ended() && other.episode.began() < episode.ended();
    }
  }

  /** The burns that the events counted so far show; more may come. */
  Burns(Objective objective, Ledger events) {
    this.objective = objective;
    this.events = events;
    isSliced = objective.budgeting().slice().isPositive();
    slice = isSliced ? Ledger.buckets(objective.budgeting().slice()) : 1;
    budget = isSliced ? new Ledger() : events;
    urgent = watch(true);
    tickets = watch(false);
    others =
        objective.budgetRules().stream()
            .map(rule -> new BudgetWatch(events, budget, slice, objective, rule))
            .toList();
    if (isSliced) {
      touchAll();
    }
  }

  private BurnWatch watch(boolean isUrgent) {
    List<BurnRule> rules =
        BurnRule.STANDARD.stream()
            .filter(rule -> rule.urgent() == isUrgent)
            .sorted(Comparator.comparingDouble(BurnRule::factor).reversed())
            .toList();
    return new BurnWatch(events, budget, slice, objective.budgetShare(), rules);
  }

  private void touchAll() {
    for (Map.Entry<Long, Ledger.Hour> entry : events.hoursFrom(0).entrySet()) {
      for (int i = 0; i < Ledger.BUCKETS_PER_HOUR; i++) {
        if (entry.getValue().eligible(i) > 0) {
          touch(entry.getKey() * Ledger.BUCKETS_PER_HOUR + i);
        }
      }
    }
  }

  Objective objective() {
    return objective;
  }

  /** The counts of a bucket have changed. */
  void touch(long bucket) {
    if (isSliced) {
      touched.add(bucket / slice);
    }
  }

  /** Makes all that was counted since the last call count. */
  void settle() {
    long changed = events.settle();
    if (isSliced) {
      for (long each : touched) {
        long first = each * slice;
        Counts counts = events.between(first, first + slice);
        budget.set(first + slice - 1, objective.budgeting().worth(counts));
      }
      touched.clear();
      changed = Math.min(changed, budget.settle());
    }
    if (changed < Long.MAX_VALUE) {
      urgent.changed(changed);
      tickets.changed(changed);
      for (BudgetWatch other : others) {
        other.changed(changed);
      }
    }
  }

  /** What the budget is counted in, with what of it was bad. */
  Ledger budget() {
    return budget;
  }

  /** Whether later questions have the same answer until something is counted again. */
  boolean isFinal(long end) {
    return events.isEmptyFrom(end) && budget.isEmptyFrom(end);
  }

  /**
   * Whether a burn alert's condition holds; an exhausted budget needs no events that burn it. Where
   * data is missing nothing changes: it is judged where something was counted last.
   */
  boolean isTriggered(String rule, Instant now) {
    long end = budget.lastBefore(Ledger.bucketFrom(now)) + 1;
    return others.stream()
        .filter(other -> other.rule().id().equals(rule))
        .anyMatch(other -> other.isTriggered(end));
  }

  /**
   * How many bad events may come from {@code late} buckets before {@code end} on, so that until
   * {@code ahead} buckets after it there are for certain the same burns; negative where that is not
   * certain: where something burns or has burnt just now, or the budget has other rules or slices.
   */
  long slack(List<BurnAlert> alerts, long end, long late, long ahead) {
    Instant since = Ledger.startOf(end - late);
    boolean isOver =
        alerts.stream()
            .map(BurnAlert::endedAt)
            .allMatch(ended -> ended != null && ended.isBefore(since));
    return isOver && others.isEmpty() && !isSliced
        ? Math.min(urgent.slack(end, late, ahead), tickets.slack(end, late, ahead))
        : -1;
  }

  /** All burns there were and are, oldest first. */
  List<BurnAlert> alerts(long end) {
    List<Episode> urgentOnes = urgent.episodes(end, List.of());
    long different = firstDifference(lastUrgent, urgentOnes);
    if (different < Long.MAX_VALUE) {
      tickets.changed(different);
    }
    lastUrgent = urgentOnes;
    List<BurnAlert> alerts = new ArrayList<>();
    for (Episode episode : urgentOnes) {
      alerts.add(alert(new Noticed(episode, BurnAlert.Detector.BURN_RATE), true));
    }
    for (Noticed noticed : slower(end, urgentOnes)) {
      alerts.add(alert(noticed, false));
    }
    alerts.sort(Comparator.comparing(BurnAlert::beganAt));
    return List.copyOf(alerts);
  }

  /** What can wait for a person, as episodes that do not overlap. */
  private List<Noticed> slower(long end, List<Episode> urgentOnes) {
    List<Noticed> all = new ArrayList<>();
    for (Episode episode : tickets.episodes(end, urgentOnes)) {
      all.add(new Noticed(episode, BurnAlert.Detector.BURN_RATE));
    }
    if (others.isEmpty()) {
      return all;
    }
    for (BudgetWatch other : others) {
      for (Episode episode : other.episodes(end)) {
        all.add(new Noticed(episode, other.rule().detector()));
      }
    }
    all.sort(Comparator.comparingLong(noticed -> noticed.episode.detected()));
    List<Noticed> merged = new ArrayList<>();
    for (Noticed noticed : all) {
      Noticed one = noticed;
      for (Noticed earlier : List.copyOf(merged)) {
        if (earlier.overlaps(one)) {
          merged.remove(earlier);
          one = earlier.with(one);
        }
      }
      merged.add(one);
    }
    return merged;
  }

  /** The bucket from which on two lists of episodes cover different buckets. */
  private static long firstDifference(List<Episode> before, List<Episode> after) {
    for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
      if (i >= before.size()) {
        return after.get(i).began();
      }
      if (i >= after.size()) {
        return before.get(i).began();
      }
      Episode a = before.get(i);
      Episode b = after.get(i);
      if (a.began() != b.began()) {
        return Math.min(a.began(), b.began());
      }
      if (a.ended() != b.ended()) {
        return Math.min(a.ended(), b.ended());
      }
    }
    return Long.MAX_VALUE;
  }

  private BurnAlert alert(Noticed noticed, boolean isUrgent) {
    Episode episode = noticed.episode;
    Instant detected = Ledger.startOf(episode.detected());
    long windowStart = Ledger.bucketOf(objective.windowAt(detected).start());
    Counts burn = budget.between(episode.began(), episode.detected());
    double allowed =
        objective.budgetShare() * budget.between(windowStart, episode.detected()).eligible();
    double excess = burn.bad() - objective.budgetShare() * burn.eligible();
    return new BurnAlert(
        objective,
        noticed.detector,
        Ledger.startOf(episode.began()),
        detected,
        episode.ended() == Episode.OPEN ? null : Ledger.startOf(episode.ended()),
        episode.burnRate(),
        allowed > 0 ? Math.max(0, excess) / allowed : 0,
        isUrgent);
  }
}
