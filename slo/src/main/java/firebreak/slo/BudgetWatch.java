package firebreak.slo;

import firebreak.slo.BurnWatch.Episode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Walks one objective's buckets in event time and finds the episodes in which one {@link
 * BudgetRule} fires.
 *
 * <p>As with {@link BurnWatch}, the rule is judged where something is counted and nowhere else. An
 * episode lasts while the rule fires, and on while the budget still burns over the shorter look
 * back, so that a rate on the verge is one episode.
 */
final class BudgetWatch {
  /** How many times shorter the look back is over which a burn must be over: as in the table. */
  private static final long SHORTER = 12;

  private final Ledger events;
  private final Ledger ledger;
  private final long slice;
  private final Objective objective;
  private final BudgetRule rule;
  private final long lookBack;
  private final TreeMap<Long, Walk> hourStarts = new TreeMap<>();

  BudgetWatch(Ledger events, Ledger ledger, long slice, Objective objective, BudgetRule rule) {
    this.events = events;
    this.ledger = ledger;
    this.slice = slice;
    this.objective = objective;
    this.rule = rule;
    this.lookBack = Ledger.buckets(rule.lookBack());
  }

  /** The state between two buckets: what was bad beyond the allowed share, and since when. */
  private record Walk(List<Episode> ended, @Nullable Episode open, double excess, long since) {}

  BudgetRule rule() {
    return rule;
  }

  void changed(long bucket) {
    hourStarts.tailMap(Ledger.hourOf(bucket), false).clear();
  }

  /** The episodes that the buckets before {@code end} show, oldest first. */
  List<Episode> episodes(long end) {
    Map.Entry<Long, Walk> start = hourStarts.floorEntry(Ledger.hourOf(end - 1));
    Walk walk = start == null ? new Walk(List.of(), null, 0, 0) : start.getValue();
    long firstHour = start == null ? 0 : start.getKey();
    for (Map.Entry<Long, Ledger.Hour> entry : ledger.hoursFrom(firstHour).entrySet()) {
      long first = entry.getKey() * Ledger.BUCKETS_PER_HOUR;
      if (first >= end) {
        break;
      }
      hourStarts.put(entry.getKey(), walk);
      Ledger.Hour hour = entry.getValue();
      int buckets = (int) Math.min(Ledger.BUCKETS_PER_HOUR, end - first);
      for (int i = 0; i < buckets; i++) {
        if (hour.eligible(i) > 0) {
          walk = step(walk, first + i + 1, hour.eligible(i), hour.bad(i));
        }
      }
    }
    List<Episode> episodes = new ArrayList<>(walk.ended);
    if (walk.open != null) {
      episodes.add(walk.open);
    }
    return episodes;
  }

  private Walk step(Walk walk, long end, long eligible, long bad) {
    double excess = Math.max(0, walk.excess + bad - objective.budgetShare() * eligible);
    long since = walk.excess <= 0 ? end - slice : walk.since;
    double burnRate = burnRate(end, lookBack);
    boolean fires = fires(end);
    Episode open = walk.open;
    if (open == null) {
      Episode begun = fires ? new Episode(since, end, Episode.OPEN, burnRate) : null;
      return new Walk(walk.ended, begun, excess, since);
    }
    double highest = Math.max(open.burnRate(), burnRate);
    if (fires || burnRate(end, Math.max(slice, lookBack / SHORTER)) >= 1) {
      Episode longer = new Episode(open.began(), open.detected(), Episode.OPEN, highest);
      return new Walk(walk.ended, longer, excess, since);
    }
    List<Episode> ended = new ArrayList<>(walk.ended);
    ended.add(new Episode(open.began(), open.detected(), end, highest));
    return new Walk(List.copyOf(ended), null, 0, since);
  }

  /** Whether the rule fires at {@code end} on events enough to tell. */
  private boolean fires(long end) {
    Counts recent = events.between(end - lookBack, end);
    return recent.bad() >= BurnRule.FLOOR_BAD
        && recent.eligible() >= BurnRule.FLOOR_ELIGIBLE
        && isReached(end);
  }

  /** Whether its owner is told so now: as it fires, and when the budget is gone. */
  boolean isTriggered(long end) {
    return fires(end) || (rule instanceof BudgetRule.ExhaustionTime && remaining(end) <= 0);
  }

  /** Whether the budget is as low, or fell as fast, as the rule says, few events or many. */
  private boolean isReached(long end) {
    double remaining = remaining(end);
    return switch (rule) {
      case BudgetRule.ExhaustionTime(_, Duration within) -> {
        double burnRate = burnRate(end, lookBack);
        double buckets = remaining * Ledger.buckets(objective.window()) / burnRate;
        yield remaining <= 0 || (burnRate > 0 && buckets <= Ledger.buckets(within));
      }
      case BudgetRule.BudgetRate(_, _, double decrease) ->
          remaining(end - lookBack) - remaining >= decrease * (1 - 1e-9);
    };
  }

  /**
   * What is left of the budget of the window that ends there; all of it without anything counted.
   */
  private double remaining(long end) {
    long start = Ledger.bucketOf(objective.windowAt(Ledger.startOf(end)).start());
    Counts counts = ledger.between(start, end);
    return counts.eligible() == 0 ? 1 : 1 - counts.burnRate(objective.budgetShare());
  }

  private double burnRate(long end, long length) {
    Counts counts = ledger.between(end - length, end);
    return counts.eligible() == 0 ? 0 : counts.burnRate(objective.budgetShare());
  }
}
