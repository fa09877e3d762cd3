package firebreak.slo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Walks one objective's buckets in event time and finds the episodes in which rules of one urgency
 * burn.
 *
 * <p>Rules are judged at the end of each bucket that holds eligible events, and nowhere else: where
 * data is missing nothing fires and nothing ends. What an ended episode has burnt does not count
 * again towards the start of a later one. The walk is a function of the buckets alone; the state at
 * the start of each hour is kept, so that the next walk resumes before what changed.
 */
final class BurnWatch {
  private static final double ROUNDING = 1e-9;

  private final Ledger ledger;
  private final double budgetShare;
  private final List<Window> rules;
  private final TreeMap<Long, Walk> hourStarts = new TreeMap<>();

  /** One burn, in buckets; {@code ended} is {@link #OPEN} while it lasts. */
  record Episode(long began, long detected, long ended, double burnRate) {
    static final long OPEN = Long.MAX_VALUE;

    boolean covers(long bucket) {
      return began <= bucket && bucket < ended;
    }
  }

  /**
   * A rule in buckets.
   *
   * @param badShare the share of bad events at which it burns
   * @param drift what each eligible event takes off the sum that finds the onset; less than one
   *     even where only bad events alone can reach the factor
   */
  private record Window(long longLength, long shortLength, double badShare, double drift) {}

  /** An episode that has not ended; bit i of {@code fired} tells whether rule i has. */
  private record Burning(long began, long detected, int fired, double burnRate) {}

  /** The state between two buckets. */
  private static final class Walk {
    List<Episode> ended = List.of();
    @Nullable Burning burning;
    double[] excess;
    long[] since;

    Walk(int rules) {
      excess = new double[rules];
      since = new long[rules];
    }

    Walk copy() {
      Walk copy = new Walk(excess.length);
      copy.ended = ended;
      copy.burning = burning;
      copy.excess = excess.clone();
      copy.since = since.clone();
      return copy;
    }

    long lastEnd() {
      return ended.isEmpty() ? Long.MIN_VALUE : ended.getLast().ended();
    }
  }

  /**
   * @param rules of one urgency, the highest factor first
   */
  BurnWatch(Ledger ledger, double budgetShare, List<BurnRule> rules) {
    this.ledger = ledger;
    this.budgetShare = budgetShare;
    this.rules = rules.stream().map(rule -> window(rule, budgetShare)).toList();
  }

  private static Window window(BurnRule rule, double budgetShare) {
    double badShare = Math.min(rule.factor() * budgetShare, 1);
    return new Window(
        Ledger.buckets(rule.longWindow()),
        Ledger.buckets(rule.shortWindow()),
        badShare,
        Math.min(badShare, (1 + budgetShare) / 2));
  }

  /** Walks again from this hour on: its counts, or what is charged elsewhere, have changed. */
  void changed(long hour) {
    hourStarts.tailMap(hour, false).clear();
  }

  /**
   * The episodes that the buckets before {@code end} show, oldest first.
   *
   * @param charged episodes whose bad events start no episode here, in order, none overlapping
   */
  List<Episode> episodes(long end, List<Episode> charged) {
    Map.Entry<Long, Walk> start = hourStarts.floorEntry(Ledger.hourOf(end - 1));
    Walk walk = start == null ? new Walk(rules.size()) : start.getValue().copy();
    long firstHour = start == null ? Long.MIN_VALUE : start.getKey();
    for (Map.Entry<Long, Ledger.Hour> entry : ledger.hoursFrom(firstHour).entrySet()) {
      long first = entry.getKey() * Ledger.BUCKETS_PER_HOUR;
      if (first >= end) {
        break;
      }
      hourStarts.put(entry.getKey(), walk.copy());
      Ledger.Hour hour = entry.getValue();
      int buckets = (int) Math.min(Ledger.BUCKETS_PER_HOUR, end - first);
      for (int i = 0; i < buckets; i++) {
        if (hour.eligible(i) > 0) {
          step(walk, first + i, hour.eligible(i), hour.bad(i), charged);
        }
      }
    }
    List<Episode> episodes = new ArrayList<>(walk.ended);
    Burning burning = walk.burning;
    if (burning != null) {
      episodes.add(new Episode(burning.began, burning.detected, Episode.OPEN, burning.burnRate));
    }
    return episodes;
  }

  private void step(Walk walk, long bucket, long eligible, long bad, List<Episode> charged) {
    long end = bucket + 1;
    boolean isCharged = covers(charged, bucket);
    for (int i = 0; i < rules.size(); i++) {
      double before = walk.excess[i];
      double after = before + (isCharged ? 0 : bad) - rules.get(i).drift * eligible;
      walk.excess[i] = Math.max(0, after);
      if (before <= 0) {
        walk.since[i] = bucket;
      }
    }
    Burning burning = walk.burning;
    int fired = burning == null ? 0 : burning.fired;
    long freshFrom = walk.lastEnd();
    for (int i = 0; i < rules.size(); i++) {
      if (fires(rules.get(i), end, freshFrom, charged)) {
        fired |= 1 << i;
      }
    }
    if (fired == 0) {
      return;
    }
    double burnRate = burnRate(fired, end, freshFrom, charged);
    if (burning == null) {
      walk.burning =
          new Burning(walk.since[Integer.numberOfTrailingZeros(fired)], end, fired, burnRate);
      return;
    }
    double highest = Math.max(burning.burnRate, burnRate);
    walk.burning = new Burning(burning.began, burning.detected, fired, highest);
    if (isQuiet(fired, end, highest)) {
      List<Episode> ended = new ArrayList<>(walk.ended);
      ended.add(new Episode(burning.began, burning.detected, end, highest));
      walk.ended = List.copyOf(ended);
      walk.burning = null;
      walk.excess = new double[rules.size()];
    }
  }

  private static boolean covers(List<Episode> episodes, long bucket) {
    for (Episode episode : episodes) {
      if (episode.covers(bucket)) {
        return true;
      }
    }
    return false;
  }

  private boolean fires(Window rule, long end, long freshFrom, List<Episode> charged) {
    long badShort = freshBad(end - rule.shortLength, end, freshFrom, charged);
    if (badShort < BurnRule.FLOOR_BAD_SHORT) {
      return false;
    }
    long eligibleShort = ledger.between(end - rule.shortLength, end).eligible();
    if (!burns(badShort, eligibleShort, rule.badShare)) {
      return false;
    }
    long badLong = freshBad(end - rule.longLength, end, freshFrom, charged);
    long eligibleLong = ledger.between(end - rule.longLength, end).eligible();
    return badLong >= BurnRule.FLOOR_BAD
        && eligibleLong >= BurnRule.FLOOR_ELIGIBLE
        && burns(badLong, eligibleLong, rule.badShare);
  }

  /** Bad events of the window that no ended episode, here or elsewhere, has been charged with. */
  private long freshBad(long first, long end, long freshFrom, List<Episode> charged) {
    long from = Math.max(first, freshFrom);
    long bad = ledger.bad(from, end);
    for (Episode episode : charged) {
      bad -= ledger.bad(Math.max(from, episode.began), Math.min(end, episode.ended));
    }
    return bad;
  }

  private static boolean burns(long bad, long eligible, double badShare) {
    return bad >= badShare * eligible * (1 - ROUNDING);
  }

  private double burnRate(int fired, long end, long freshFrom, List<Episode> charged) {
    double highest = 0;
    for (int i = 0; i < rules.size(); i++) {
      if ((fired & 1 << i) != 0) {
        long first = end - rules.get(i).longLength;
        double bad = freshBad(first, end, freshFrom, charged);
        highest = Math.max(highest, bad / ledger.between(first, end).eligible() / budgetShare);
      }
    }
    return highest;
  }

  /**
   * Whether the burn is over: the short window of the fastest rule that fired is below what the
   * slowest one that fired allows. A short window tells only if it holds events enough to have
   * shown three bad ones at the episode's rate; else the next rule's does, and in the end the long
   * window.
   */
  private boolean isQuiet(int fired, long end, double highest) {
    Window slowest = rules.get(Integer.SIZE - 1 - Integer.numberOfLeadingZeros(fired));
    for (int i = 0; i < rules.size(); i++) {
      if ((fired & 1 << i) != 0) {
        Counts counts = ledger.between(end - rules.get(i).shortLength, end);
        if (counts.eligible() * highest * budgetShare >= BurnRule.FLOOR_BAD_SHORT) {
          return !burns(counts.bad(), counts.eligible(), slowest.badShare);
        }
      }
    }
    Counts counts = ledger.between(end - slowest.longLength, end);
    return !burns(counts.bad(), counts.eligible(), slowest.badShare);
  }
}
