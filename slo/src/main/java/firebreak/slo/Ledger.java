package firebreak.slo;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The counts of one objective in buckets of ten seconds of event time, summed up so that any window
 * costs two look-ups.
 *
 * <p>A bucket is named by its number since 1970. Not safe for use by many threads.
 */
final class Ledger {
  static final int BUCKET_SECONDS = 10;
  static final int BUCKETS_PER_HOUR = 360;

  /** Beyond so many hours that hold events, the oldest hour is forgotten. */
  static final int HOURS_KEPT = 120 * 24;

  /** Buckets lie between 0 and this one, about the year 2286; events outside are not counted. */
  static final long BUCKETS_END = 1_000_000_000L;

  private final TreeMap<Long, Hour> hours = new TreeMap<>();
  private long changedFrom = Long.MAX_VALUE;

  /** One hour's counts, each entry the sum of all buckets before it. */
  static final class Hour {
    private final long[] eligible = new long[BUCKETS_PER_HOUR + 1];
    private final long[] bad = new long[BUCKETS_PER_HOUR + 1];
    private long eligibleBefore;
    private long badBefore;

    private void add(int bucket, long moreEligible, long moreBad) {
      for (int i = bucket + 1; i <= BUCKETS_PER_HOUR; i++) {
        eligible[i] += moreEligible;
        bad[i] += moreBad;
      }
    }

    long eligible(int bucket) {
      return eligible[bucket + 1] - eligible[bucket];
    }

    long bad(int bucket) {
      return bad[bucket + 1] - bad[bucket];
    }
  }

  static long bucketOf(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), BUCKET_SECONDS);
  }

  /** The first bucket that starts at {@code time} or later. */
  static long bucketFrom(Instant time) {
    long seconds = time.getEpochSecond();
    return Math.ceilDiv(seconds + (time.getNano() > 0 ? 1 : 0), (long) BUCKET_SECONDS);
  }

  static Instant startOf(long bucket) {
    return Instant.ofEpochSecond(bucket * BUCKET_SECONDS);
  }

  static long hourOf(long bucket) {
    return Math.floorDiv(bucket, (long) BUCKETS_PER_HOUR);
  }

  static long buckets(Duration length) {
    return Math.ceilDiv(length.toSeconds(), (long) BUCKET_SECONDS);
  }

  void add(long bucket, long eligible, long bad) {
    if (bucket < 0 || bucket >= BUCKETS_END || (eligible == 0 && bad == 0)) {
      return;
    }
    long number = hourOf(bucket);
    Hour hour = hours.get(number);
    if (hour == null) {
      if (hours.size() >= HOURS_KEPT && number < hours.firstKey()) {
        return;
      }
      hour = new Hour();
      hours.put(number, hour);
      if (hours.size() > HOURS_KEPT) {
        hours.pollFirstEntry();
      }
    }
    hour.add((int) (bucket % BUCKETS_PER_HOUR), eligible, bad);
    changedFrom = Math.min(changedFrom, bucket);
  }

  void set(long bucket, Counts counts) {
    Hour hour = hours.get(hourOf(bucket));
    int within = (int) (bucket % BUCKETS_PER_HOUR);
    long eligible = hour == null ? 0 : hour.eligible(within);
    long bad = hour == null ? 0 : hour.bad(within);
    add(bucket, counts.eligible() - eligible, counts.bad() - bad);
  }

  /**
   * Makes what was added since the last call count in {@link #between}, and names the earliest
   * bucket that it changed; {@link Long#MAX_VALUE} when nothing did.
   */
  long settle() {
    long changed = changedFrom;
    if (changed == Long.MAX_VALUE) {
      return changed;
    }
    changedFrom = Long.MAX_VALUE;
    long from = hourOf(changed);
    Map.Entry<Long, Hour> before = hours.lowerEntry(from);
    Hour previous = before == null ? null : before.getValue();
    for (Hour hour : hours.tailMap(from).values()) {
      hour.eligibleBefore =
          previous == null ? 0 : previous.eligibleBefore + previous.eligible[BUCKETS_PER_HOUR];
      hour.badBefore = previous == null ? 0 : previous.badBefore + previous.bad[BUCKETS_PER_HOUR];
      previous = hour;
    }
    return changed;
  }

  /** Whether no bucket from this one on holds events. */
  boolean isEmptyFrom(long bucket) {
    Map.Entry<Long, Hour> last = hours.lastEntry();
    return last == null || eligibleBefore(bucket) == total(last.getValue());
  }

  /** The last bucket before {@code end} that holds events; −1 where there is none. */
  long lastBefore(long end) {
    for (Map.Entry<Long, Hour> entry :
        hours.headMap(hourOf(end), true).descendingMap().entrySet()) {
      long first = entry.getKey() * BUCKETS_PER_HOUR;
      for (int i = (int) Math.min(BUCKETS_PER_HOUR, end - first) - 1; i >= 0; i--) {
        if (entry.getValue().eligible(i) > 0) {
          return first + i;
        }
      }
    }
    return -1;
  }

  private static long total(Hour hour) {
    return hour.eligibleBefore + hour.eligible[BUCKETS_PER_HOUR];
  }

  /** The counts of the buckets from {@code first} up to but without {@code end}. */
  Counts between(long first, long end) {
    if (first >= end) {
      return Counts.NONE;
    }
    return new Counts(
        eligibleBefore(end) - eligibleBefore(first), badBefore(end) - badBefore(first));
  }

  long bad(long first, long end) {
    return first >= end ? 0 : badBefore(end) - badBefore(first);
  }

  private long eligibleBefore(long bucket) {
    Map.Entry<Long, Hour> entry = hours.floorEntry(hourOf(bucket));
    if (entry == null) {
      return hours.isEmpty() ? 0 : hours.firstEntry().getValue().eligibleBefore;
    }
    Hour hour = entry.getValue();
    return hour.eligibleBefore + hour.eligible[within(entry.getKey(), bucket)];
  }

  private long badBefore(long bucket) {
    Map.Entry<Long, Hour> entry = hours.floorEntry(hourOf(bucket));
    if (entry == null) {
      return hours.isEmpty() ? 0 : hours.firstEntry().getValue().badBefore;
    }
    Hour hour = entry.getValue();
    return hour.badBefore + hour.bad[within(entry.getKey(), bucket)];
  }

  private static int within(long hour, long bucket) {
    return (int) Math.min(BUCKETS_PER_HOUR, bucket - hour * BUCKETS_PER_HOUR);
  }

  /** The hours that hold events, from this one on. */
  NavigableMap<Long, Hour> hoursFrom(long hour) {
    return hours.tailMap(hour, true);
  }
}
