package firebreak.slo;

import firebreak.eventstore.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The counts of one objective, kept up with the store, and the burns that they show.
 *
 * <p>Events are heard from the moment the tally exists; those that were there before are read from
 * the store. An event may be met both ways, since appends go on while the store is read. So a
 * bucket in which the store already had events is never added to: an event heard for it only marks
 * it, and it is counted anew from the store before the next answer. All other buckets hold nothing
 * but what was heard. This relies on the store telling of events no earlier than it finds them.
 */
final class Tally {
  private final StoreCounts store;
  private final Ledger ledger = new Ledger();
  private volatile Objective objective;
  private BurnWatch urgent;
  private BurnWatch tickets;
  private List<BurnWatch.Episode> lastUrgent = List.of();

  /** Held while the store is read; the ledger's own lock is held for moments only. */
  private final Object reading = new Object();

  private boolean isRead;

  /** By hour, the buckets of that hour in which the store had events. */
  private final Map<Long, BitSet> fromStore = new HashMap<>();

  private NavigableSet<Long> outdated = new TreeSet<>();
  private final Map<Long, Counts> heardEarly = new TreeMap<>();

  Tally(Objective objective, StoreCounts store) {
    this.store = store;
    this.objective = objective;
    this.urgent = watch(objective, true);
    this.tickets = watch(objective, false);
  }

  private BurnWatch watch(Objective watched, boolean isUrgent) {
    List<BurnRule> rules =
        BurnRule.STANDARD.stream()
            .filter(rule -> rule.urgent() == isUrgent)
            .sorted(Comparator.comparingDouble(BurnRule::factor).reversed())
            .toList();
    return new BurnWatch(ledger, watched.budgetShare(), rules);
  }

  Objective objective() {
    return objective;
  }

  /** Whether these counts serve the other objective too: only target, window or names differ. */
  boolean serves(Objective other) {
    return objective.eligible().equals(other.eligible())
        && objective.good().equals(other.good())
        && Set.copyOf(objective.datasets()).equals(Set.copyOf(other.datasets()));
  }

  /** Judges the same counts by another target or window from now on. */
  void judgeBy(Objective other) {
    synchronized (ledger) {
      objective = other;
      urgent = watch(other, true);
      tickets = watch(other, false);
      lastUrgent = List.of();
    }
  }

  /** Counts what the store held before this tally could hear. */
  void readStore() {
    synchronized (reading) {
      Map<Long, Counts> stored = store.all(objective);
      synchronized (ledger) {
        stored.forEach(ledger::set);
        for (long bucket : stored.keySet()) {
          fromStore
              .computeIfAbsent(Ledger.hourOf(bucket), hour -> new BitSet())
              .set((int) (bucket % Ledger.BUCKETS_PER_HOUR));
        }
        heardEarly.forEach(this::take);
        heardEarly.clear();
        isRead = true;
      }
    }
  }

  void hear(List<Event> events) {
    Map<Long, Counts> heard = new HashMap<>();
    for (Event event : events) {
      long bucket = Ledger.bucketOf(event.time());
      if (bucket >= 0 && bucket < Ledger.BUCKETS_END && objective.isEligible(event)) {
        long weight = event.sampleRate();
        boolean isGood = objective.good().matches(event);
        heard.merge(bucket, new Counts(weight, isGood ? 0 : weight), Counts::plus);
      }
    }
    synchronized (ledger) {
      if (isRead) {
        heard.forEach(this::take);
      } else {
        heard.forEach((bucket, counts) -> heardEarly.merge(bucket, counts, Counts::plus));
      }
    }
  }

  private void take(long bucket, Counts counts) {
    BitSet stored = fromStore.get(Ledger.hourOf(bucket));
    if (stored != null && stored.get((int) (bucket % Ledger.BUCKETS_PER_HOUR))) {
      outdated.add(bucket);
    } else {
      ledger.add(bucket, counts.eligible(), counts.bad());
    }
  }

  /** Answers from counts that hold every event heard so far. */
  <T> T ask(Function<Ledger, T> question) {
    synchronized (reading) {
      NavigableSet<Long> buckets;
      synchronized (ledger) {
        buckets = outdated;
        outdated = new TreeSet<>();
      }
      Map<Long, Counts> counts = recount(buckets);
      synchronized (ledger) {
        counts.forEach(ledger::set);
        long changed = ledger.settle();
        urgent.changed(changed);
        tickets.changed(changed);
        return question.apply(ledger);
      }
    }
  }

  private Map<Long, Counts> recount(NavigableSet<Long> buckets) {
    try {
      return store.of(objective, buckets);
    } catch (RuntimeException e) {
      synchronized (ledger) {
        outdated.addAll(buckets);
      }
      throw e;
    }
  }

  /** The burns at {@code now} that had not ended {@code lookBack} ago, oldest first. */
  List<BurnAlert> alerts(Instant now, Duration lookBack) {
    long end = Ledger.bucketFrom(now);
    Instant since = now.minus(lookBack);
    return ask(
        counts -> {
          List<BurnWatch.Episode> urgentOnes = urgent.episodes(end, List.of());
          tickets.changed(Ledger.hourOf(firstDifference(lastUrgent, urgentOnes)));
          lastUrgent = urgentOnes;
          List<BurnAlert> alerts = new ArrayList<>();
          urgentOnes.forEach(episode -> alerts.add(alert(episode, true)));
          tickets.episodes(end, urgentOnes).forEach(episode -> alerts.add(alert(episode, false)));
          alerts.removeIf(alert -> alert.endedAt() != null && !alert.endedAt().isAfter(since));
          alerts.sort(Comparator.comparing(BurnAlert::beganAt));
          return List.copyOf(alerts);
        });
  }

  /** The bucket from which on two lists of episodes cover different buckets. */
  private static long firstDifference(
      List<BurnWatch.Episode> before, List<BurnWatch.Episode> after) {
    for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
      if (i >= before.size()) {
        return after.get(i).began();
      }
      if (i >= after.size()) {
        return before.get(i).began();
      }
      BurnWatch.Episode a = before.get(i);
      BurnWatch.Episode b = after.get(i);
      if (a.began() != b.began()) {
        return Math.min(a.began(), b.began());
      }
      if (a.ended() != b.ended()) {
        return Math.min(a.ended(), b.ended());
      }
    }
    return Long.MAX_VALUE;
  }

  private BurnAlert alert(BurnWatch.Episode episode, boolean isUrgent) {
    long windowStart = episode.detected() - Ledger.buckets(objective.window());
    Counts burn = ledger.between(episode.began(), episode.detected());
    double budget =
        objective.budgetShare() * ledger.between(windowStart, episode.detected()).eligible();
    double excess = burn.bad() - objective.budgetShare() * burn.eligible();
    return new BurnAlert(
        objective,
        BurnAlert.Detector.BURN_RATE,
        Ledger.startOf(episode.began()),
        Ledger.startOf(episode.detected()),
        episode.ended() == BurnWatch.Episode.OPEN ? null : Ledger.startOf(episode.ended()),
        episode.burnRate(),
        Math.max(0, excess) / budget,
        isUrgent);
  }
}
