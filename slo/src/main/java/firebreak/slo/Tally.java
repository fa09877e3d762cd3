package firebreak.slo;

import firebreak.eventstore.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
  /** Events that come so many buckets late, and not later, leave an answer standing. */
  private static final long LATE = 3;

  /** For so many buckets at most an answer stands while events come. */
  private static final long AHEAD = 15;

  private final StoreCounts store;
  private final Ledger ledger = new Ledger();
  private volatile Indicator indicator;
  private volatile Burns burns;
  private volatile @Nullable Answered answered;

  /** Held while the store is read; the ledger's own lock is held for moments only. */
  private final Object reading = new Object();

  private boolean isRead;

  /** By hour, the buckets of that hour in which the store had events. */
  private final Map<Long, BitSet> fromStore = new HashMap<>();

  private NavigableSet<Long> outdated = new TreeSet<>();
  private final Map<Long, Counts> heardEarly = new TreeMap<>();

  Tally(Objective objective, StoreCounts store) {
    this.store = store;
    this.indicator = objective.indicator();
    this.burns = new Burns(objective, ledger);
  }

  /**
   * The burns as of a bucket. They stay so for ever while nothing is heard, and for a while if
   * little is bad of what is heard.
   *
   * @param until the last bucket's end for which they are known
   * @param slack how many bad events more leave them as they are
   */
  private record Answered(long end, List<BurnAlert> alerts, long until, long slack) {
    @Nullable Answered after(Map<Long, Counts> heard) {
      long left = slack;
      for (Map.Entry<Long, Counts> entry : heard.entrySet()) {
        if (entry.getKey() < end - LATE) {
          return null;
        }
        left -= entry.getValue().bad();
      }
      return left < 0 ? null : new Answered(end, alerts, Math.min(until, end + AHEAD), left);
    }

    boolean isOf(long bucket) {
      return end <= bucket && bucket <= until;
    }
  }

  Objective objective() {
    return burns.objective();
  }

  /** Whether these counts serve the other objective too: only what it makes of them differs. */
  boolean serves(Objective other) {
    Objective objective = objective();
    return objective.eligible().equals(other.eligible())
        && objective.good().equals(other.good())
        && objective.derived().equals(other.derived())
        && Set.copyOf(objective.datasets()).equals(Set.copyOf(other.datasets()));
  }

  /** Makes something else of the same counts from now on, of the past ones too. */
  void judgeBy(Objective other) {
    synchronized (ledger) {
      indicator = other.indicator();
      burns = new Burns(other, ledger);
      answered = null;
    }
  }

  /** Counts what the store held before this tally could hear. */
  void readStore() {
    synchronized (reading) {
      Map<Long, Counts> stored = store.all(objective());
      synchronized (ledger) {
        stored.forEach(this::set);
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
    Indicator judge = indicator;
    for (Event event : events) {
      long bucket = Ledger.bucketOf(event.time());
      if (bucket >= 0 && bucket < Ledger.BUCKETS_END && judge.isEligible(event)) {
        long weight = event.sampleRate();
        boolean isGood = judge.isGood(event);
        heard.merge(bucket, new Counts(weight, isGood ? 0 : weight), Counts::plus);
      }
    }
    if (heard.isEmpty()) {
      return;
    }
    synchronized (ledger) {
      Answered known = answered;
      answered = known == null ? null : known.after(heard);
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
      answered = null;
    } else {
      ledger.add(bucket, counts.eligible(), counts.bad());
      burns.touch(bucket);
    }
  }

  private void set(long bucket, Counts counts) {
    ledger.set(bucket, counts);
    burns.touch(bucket);
  }

  /** Answers from counts of events that hold every event heard so far. */
  <T> T ask(Function<Ledger, T> question) {
    return settled(_ -> question.apply(ledger));
  }

  /** Answers from what the budget is counted in. */
  <T> T askBudget(Function<Ledger, T> question) {
    return settled(current -> question.apply(current.budget()));
  }

  private <T> T settled(Function<Burns, T> question) {
    synchronized (reading) {
      NavigableSet<Long> buckets;
      synchronized (ledger) {
        buckets = outdated;
        outdated = new TreeSet<>();
      }
      Map<Long, Counts> counts = buckets.isEmpty() ? Map.of() : recount(buckets);
      synchronized (ledger) {
        counts.forEach(this::set);
        burns.settle();
        return question.apply(burns);
      }
    }
  }

  private Map<Long, Counts> recount(NavigableSet<Long> buckets) {
    try {
      return store.of(objective(), buckets);
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
    Answered known = answered;
    List<BurnAlert> all = known != null && known.isOf(end) ? known.alerts : settled(end);
    Instant since = all.isEmpty() ? now : now.minus(lookBack);
    for (BurnAlert alert : all) {
      if (!isRecent(alert, since)) {
        return all.stream().filter(one -> isRecent(one, since)).toList();
      }
    }
    return all;
  }

  private static boolean isRecent(BurnAlert alert, Instant since) {
    Instant ended = alert.endedAt();
    return ended == null || ended.isAfter(since);
  }

  private List<BurnAlert> settled(long end) {
    return settled(
        current -> {
          List<BurnAlert> alerts = current.alerts(end);
          if (outdated.isEmpty() && current.isFinal(end)) {
            long slack = current.slack(alerts, end, LATE, AHEAD);
            answered = new Answered(end, alerts, Long.MAX_VALUE, slack);
          }
          return alerts;
        });
  }

  boolean isTriggered(String rule, Instant now) {
    return settled(current -> current.isTriggered(rule, now));
  }
}
