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
 * <p>Rules are judged at the end of each bucket that holds eligible events, or a slice that is
 * over, and nowhere else: where data is missing nothing fires and nothing ends. What an ended
 * episode has burnt does not count again towards the start of a later one. The walk is a function
 * of the buckets alone; the state at the start of each hour and before the latest bucket is kept,
 * so that the next walk resumes before what changed.
 */
final class BurnWatch {
  private static final double ROUNDING = 1e-9;

  /** So near to the end of a walk, the state before a bucket is kept. */
  private static final int NEAR = 60;

  private final Ledger events;
  private final Ledger ledger;
  private final long slice;
  private final double budgetShare;
  private final List<Window> rules;
  private final TreeMap<Long, Walk> hourStarts = new TreeMap<>();
  private @Nullable Resumed latest;

  /** The state before a bucket. */
  private record Resumed(long bucket, Walk walk) {}

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

    List<Episode> episodes() {
      if (burning == null) {
        return ended;
      }
      List<Episode> episodes = new ArrayList<>(ended);
      episodes.add(new Episode(burning.began, burning.detected, Episode.OPEN, burning.burnRate));
      return episodes;
    }
  }

  /**
   * A watch over these counts.
   *
   * @param events what the low-traffic floor is measured in
   * @param ledger what the budget is counted in: the same, or slices, each in its last bucket
   * @param slice how many buckets an entry of that ledger is about
   * @param rules of one urgency, the highest factor first
   */
  BurnWatch(Ledger events, Ledger ledger, long slice, double budgetShare, List<BurnRule> rules) {
    this.events = events;
    this.ledger = ledger;
    this.slice = slice;
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

  /** Walks again from this bucket on: its counts, or what is charged elsewhere, have changed. */
  void changed(long bucket) {
    hourStarts.tailMap(Ledger.hourOf(bucket), false).clear();
    if (latest != null && latest.bucket > bucket) {
      latest = null;
    }
  }

  /**
   * The episodes that the buckets before {@code end} show, oldest first.
   *
   * @param charged episodes whose bad events start no episode here, in order, none overlapping
   */
  List<Episode> episodes(long end, List<Episode> charged) {
    Resumed start = start(end);
    Walk walk = start.walk.copy();
    for (Map.Entry<Long, Ledger.Hour> entry :
        ledger.hoursFrom(Ledger.hourOf(start.bucket)).entrySet()) {
      long first = entry.getKey() * Ledger.BUCKETS_PER_HOUR;
      if (first >= end) {
        break;
      }
      if (first >= start.bucket) {
        hourStarts.put(entry.getKey(), walk.copy());
      }
      Ledger.Hour hour = entry.getValue();
      int buckets = (int) Math.min(Ledger.BUCKETS_PER_HOUR, end - first);
      for (int i = (int) Math.max(0, start.bucket - first); i < buckets; i++) {
        if (hour.eligible(i) > 0) {
          if (first + i >= end - NEAR) {
            latest = new Resumed(first + i, walk.copy());
          }
          step(walk, first + i, hour.eligible(i), hour.bad(i), charged);
        }
      }
    }
    return walk.episodes();
  }

  /** The latest known state before {@code end}. */
  private Resumed start(long end) {
    if (latest != null && latest.bucket < end) {
      return latest;
    }
    Map.Entry<Long, Walk> hour = hourStarts.floorEntry(Ledger.hourOf(end - 1));
    return hour == null
        ? new Resumed(0, new Walk(rules.size()))
        : new Resumed(hour.getKey() * Ledger.BUCKETS_PER_HOUR, hour.getValue());
  }

  private void step(Walk walk, long bucket, long eligible, long bad, List<Episode> charged) {
    long end = bucket + 1;
    boolean isCharged = covers(charged, bucket);
    for (int i = 0; i < rules.size(); i++) {
      double before = walk.excess[i];
      double after = before + (isCharged ? 0 : bad) - rules.get(i).drift * eligible;
      walk.excess[i] = Math.max(0, after);
      if (before <= 0) {
        walk.since[i] = end - slice;
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
    long shortFrom = end - rule.shortLength;
    long badShort = freshBad(events, shortFrom, end, freshFrom, charged);
    if (badShort < BurnRule.FLOOR_BAD_SHORT
        || !burns(rule, shortFrom, end, badShort, freshFrom, charged)) {
      return false;
    }
    long longFrom = end - rule.longLength;
    long badLong = freshBad(events, longFrom, end, freshFrom, charged);
    return badLong >= BurnRule.FLOOR_BAD
        && events.between(longFrom, end).eligible() >= BurnRule.FLOOR_ELIGIBLE
        && burns(rule, longFrom, end, badLong, freshFrom, charged);
  }

  /** Whether the budget burns as the rule says, over one of its windows. */
  private boolean burns(
      Window rule, long from, long end, long badEvents, long freshFrom, List<Episode> charged) {
    long bad = events.equals(ledger) ? badEvents : freshBad(ledger, from, end, freshFrom, charged);
    return burns(bad, ledger.between(from, end).eligible(), rule.badShare);
  }

  /** What is bad in the window and what no ended episode, here or elsewhere, is charged with. */
  private static long freshBad(
      Ledger counts, long first, long end, long freshFrom, List<Episode> charged) {
    long from = Math.max(first, freshFrom);
    long bad = counts.bad(from, end);
    for (Episode episode : charged) {
      if (episode.ended > from && episode.began < end) {
        bad -= counts.bad(Math.max(from, episode.began), Math.min(end, episode.ended));
      }
    }
    return bad;
  }

  private static boolean burns(long bad, long eligible, double badShare) {
    return bad >= badShare * eligible * (1 - ROUNDING);
  }

  /**
   * How many bad events may come, none of them earlier than {@code late} buckets before {@code
   * end}, so that for certain no rule fires at the end of any bucket from there until {@code ahead}
   * buckets after it; negative where that is not certain. Nothing may burn now.
   */
  long slack(long end, long late, long ahead) {
    long least = Long.MAX_VALUE;
    for (Window rule : rules) {
      long ofShort = slack(rule.badShare, rule.shortLength, end, late, ahead);
      long ofLong = slack(rule.badShare, rule.longLength, end, late, ahead);
      long floorShort = BurnRule.FLOOR_BAD_SHORT - 1 - bad(rule.shortLength, end, late);
      long floorLong = BurnRule.FLOOR_BAD - 1 - bad(rule.longLength, end, late);
      long most = Math.max(Math.max(ofShort, ofLong), Math.max(floorShort, floorLong));
      least = Math.min(least, most);
    }
    return least;
  }

  /** What any of the windows has at most of what is bad now. */
  private long bad(long length, long end, long late) {
    return ledger.bad(end - late - length, end);
  }

  /** By what each of the windows has of eligible events at least. */
  private long slack(double badShare, long length, long end, long late, long ahead) {
    long certain = ledger.between(end + ahead - length, end - late).eligible();
    double reached = badShare * certain * (1 - ROUNDING);
    return (long) Math.ceil(reached) - 1 - bad(length, end, late);
  }

  private double burnRate(int fired, long end, long freshFrom, List<Episode> charged) {
    double highest = 0;
    for (int i = 0; i < rules.size(); i++) {
      if ((fired & 1 << i) != 0) {
        long first = end - rules.get(i).longLength;
        double bad = freshBad(ledger, first, end, freshFrom, charged);
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
        long from = end - rules.get(i).shortLength;
        if (events.between(from, end).eligible() * highest * budgetShare
            >= BurnRule.FLOOR_BAD_SHORT) {
          Counts counts = ledger.between(from, end);
          return !burns(counts.bad(), counts.eligible(), slowest.badShare);
        }
      }
    }
    Counts counts = ledger.between(end - slowest.longLength, end);
    return !burns(counts.bad(), counts.eligible(), slowest.badShare);
  }
}
