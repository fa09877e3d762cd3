package firebreak.deploytracker;

import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Of which variation of a flag more was served, and since when. */
final class Variations {

  /** A variation's share must rise by this for the rise to name it. */
  private static final double RISE_AT_LEAST = 0.01;

  /** Nats by which more is bad with a variation, for its share to be looked at over hours. */
  private static final double EVIDENCE_AT_LEAST = 3;

  private final Sample sample;
  private final History history;
  private final FlagHistory flags;
  private final Instant onset;

  Variations(Sample sample, History history, FlagHistory flags, Instant onset) {
    this.sample = sample;
    this.history = history;
    this.flags = flags;
    this.onset = onset;
  }

  /** A moment from which on more of a variation was served, and the variation. */
  record Jump(Instant time, Value variation) {}

  /**
   * The variation of which more was served after the change, of several such the one that fails
   * most; else the one that fails most of all.
   */
  @Nullable Value risen(String field, Instant change) {
    Column<Value> column = sample.column(field);
    Column<Value> earlier = flags.before(field);
    Map<Value, Tally> after = new TreeMap<>();
    Map<Value, Tally> before = new HashMap<>();
    for (int row = 0; row < sample.size(); row++) {
      if (column.code(row) != Column.ABSENT
          && !sample.startOfMinute(sample.minute(row) + 1).isBefore(change)) {
        Tally one = sample.tally(row);
        after.merge(column.value(column.code(row)), one, Tally::plus);
        if (earlier != null && earlier.code(row) != Column.ABSENT) {
          before.merge(earlier.value(earlier.code(row)), one, Tally::plus);
        }
      }
    }
    if (earlier == null) {
      before = history.tallies(TimeRange.before(change, ServedBefore.BEFORE), Filter.ALL, field);
    }
    return risen(after, before);
  }

  private static @Nullable Value risen(Map<Value, Tally> after, Map<Value, Tally> before) {
    Map<Value, Double> rise = new HashMap<>();
    Map<Value, Double> failing = new HashMap<>();
    Tally all = sum(after);
    Tally allBefore = sum(before);
    after.forEach(
        (value, tally) -> {
          double earlier = before.getOrDefault(value, Tally.NONE).events();
          double share = (double) tally.events() / all.events();
          rise.put(value, allBefore.events() == 0 ? 0 : share - earlier / allBefore.events());
          failing.put(value, all.bad() == 0 ? 0 : (double) tally.bad() / all.bad() - share);
        });
    Map<Value, Double> failingMore = new HashMap<>(failing);
    failingMore.keySet().removeIf(value -> rise.getOrDefault(value, 0.0) < RISE_AT_LEAST);
    return largest(failingMore.isEmpty() ? failing : failingMore);
  }

  private static Tally sum(Map<Value, Tally> tallies) {
    return tallies.values().stream().reduce(Tally.NONE, Tally::plus);
  }

  private static @Nullable Value largest(Map<Value, Double> numbers) {
    Value largest = null;
    for (Value value : new TreeSet<>(numbers.keySet())) {
      if (largest == null
          || numbers.getOrDefault(value, 0.0) > numbers.getOrDefault(largest, 0.0)) {
        largest = value;
      }
    }
    return largest;
  }

  /**
   * When more of a variation that fails more began to be served, to the same units: that those who
   * always were served it send more is no change of the flag. Null when it did not.
   */
  @Nullable Jump jump(String field) {
    Value failing = failing(field);
    if (failing == null) {
      return null;
    }
    TimeRange range = new TimeRange(onset.minus(Lineup.AGE_AT_MOST), sample.range().end());
    List<Instant> times = new ArrayList<>();
    List<Tally> served = new ArrayList<>();
    history
        .minutes(range, field)
        .forEach(
            (time, tallies) -> {
              long with = tallies.getOrDefault(failing, Tally.NONE).events();
              if (sum(tallies).events() > 0) {
                times.add(time);
                served.add(new Tally(sum(tallies).events(), with));
              }
            });
    int split = split(served);
    boolean isJump = split > 0 && areServedOtherwise(field, failing, times.get(split));
    return isJump ? new Jump(times.get(split), failing) : null;
  }

  /** The variation that fails more than the others, null when none clearly does. */
  private @Nullable Value failing(String field) {
    Column<Value> column = sample.column(field);
    Tally[] tallies = new Tally[column.codes()];
    Arrays.fill(tallies, Tally.NONE);
    Tally all = Tally.NONE;
    for (int row = 0; row < sample.size(); row++) {
      Tally one = sample.tally(row);
      tallies[column.code(row)] = tallies[column.code(row)].plus(one);
      all = column.code(row) == Column.ABSENT ? all : all.plus(one);
    }
    Value most = null;
    double strongest = EVIDENCE_AT_LEAST;
    for (int code = 1; code < column.codes(); code++) {
      Tally rest = all.minus(tallies[code]).scaled(sample.scale());
      double evidence = tallies[code].scaled(sample.scale()).against(rest).evidence();
      if (evidence > strongest) {
        strongest = evidence;
        most = column.value(code);
      }
    }
    return most;
  }

  /** The index from which on the share is higher, by the best split in two; 0 when it is not. */
  private static int split(List<Tally> served) {
    Tally all = served.stream().reduce(Tally.NONE, Tally::plus);
    Tally left = Tally.NONE;
    int best = 0;
    double most = 0;
    for (int i = 1; i < served.size(); i++) {
      left = left.plus(served.get(i - 1));
      Tally right = all.minus(left);
      double rise = right.rate() - left.rate();
      double explained = rise * rise * left.events() / all.events() * right.events();
      if (rise >= RISE_AT_LEAST && explained > most) {
        most = explained;
        best = i;
      }
    }
    return best;
  }

  /** Whether units that were served something else before are served it now. */
  private boolean areServedOtherwise(String field, Value variation, Instant since) {
    if (sample.units().codes() == 1) {
      return true;
    }
    ServedBefore before = new ServedBefore(sample, history, Filter.equal(field, variation), since);
    Column<Value> column = sample.column(field);
    int code = column.codeOf(variation);
    long bad = 0;
    long badOfSwitched = 0;
    for (int row = 0; row < sample.size(); row++) {
      if (sample.isBad(row) && column.code(row) == code && before.wasSeen(row)) {
        bad += sample.weight(row);
        badOfSwitched += before.mostlyServed(row) ? 0 : sample.weight(row);
      }
    }
    return bad > 0 && 2 * badOfSwitched >= bad;
  }
}
