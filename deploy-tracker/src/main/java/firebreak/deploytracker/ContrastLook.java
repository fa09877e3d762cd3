package firebreak.deploytracker;

import firebreak.bubbleup.Interval;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.slo.BurnAlert;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One look at what a flag's change does to those it reaches. The units are what is counted, as
 * {@link Comparison} does: requests of one customer fail together.
 */
final class ContrastLook {
  /** With fewer sick units, whom they have in common may be chance. */
  static final int UNITS_AT_LEAST = 5;

  static final double RISK_RATIO_AT_LEAST = 2;

  /** How long it must have been well for the burn to be over. */
  static final Duration QUIET = Duration.ofMinutes(5);

  private static final long QUIET_EVENTS_AT_LEAST = 100;

  private final EventStore store;
  private final FieldRoles roles;
  private final boolean countsAll;

  ContrastLook(EventStore store, FieldRoles roles, boolean countsAll) {
    this.store = store;
    this.roles = roles;
    this.countsAll = countsAll;
  }

  /**
   * The burn that the change makes; null when none is seen.
   *
   * @param until what comes later is not looked at
   * @param chance that a change without any effect is taken for one that burns, at most
   */
  @Nullable BurnAlert look(
      Objective objective, Change.FlagChange change, Instant until, double chance) {
    Sample sample = sample(objective, change, new TimeRange(change.time(), until));
    if (sample == null || !sample.isServedIn(change.environment())) {
      return null;
    }
    Column<?> column = sample.column(field(change));
    double nats = Math.log(Math.max(1, column.codes() - 1) / chance);
    BitSet known = sample.rows(row -> column.code(row) != Column.ABSENT);
    for (int code = 1; code < column.codes(); code++) {
      int chosen = code;
      BitSet exposed = sample.rows(row -> column.code(row) == chosen);
      Comparison comparison =
          Comparison.of(sample, known, exposed, sample::minute, row -> sample.units().code(row));
      if (isAlarm(sample, exposed, comparison, objective, nats)) {
        return alarm(sample, comparison, objective, change, until);
      }
    }
    return null;
  }

  private static String field(Change.FlagChange change) {
    return FieldRoles.FLAG_PREFIX + change.flag();
  }

  /** Null, and unread, where nobody can be told apart: no event has the field, nor rules say. */
  private @Nullable Sample sample(Objective objective, Change.FlagChange change, TimeRange range) {
    String field = field(change);
    Set<String> reported = new HashSet<>();
    objective.datasets().forEach(dataset -> reported.addAll(store.fields(dataset).keySet()));
    try (FlagHistory flags = new FlagHistory(roles, List.of(change), reported)) {
      Set<String> fields = new TreeSet<>(flags.fields());
      if (reported.contains(field)) {
        fields.add(field);
      }
      if (fields.isEmpty()) {
        return null;
      }
      Sample sample = Sample.read(store, roles, objective, range, fields, countsAll);
      flags.serve(sample);
      return sample.otherFields().contains(field) ? sample : null;
    }
  }

  private static boolean isAlarm(
      Sample sample, BitSet exposed, Comparison comparison, Objective objective, double nats) {
    Tally with = comparison.exposed();
    double scale = sample.scale();
    Interval rate = Interval.wilson(with.bad() * scale, with.events() * scale);
    return comparison.evidence() >= nats
        && comparison.riskRatio() >= RISK_RATIO_AT_LEAST
        && rate.low() > objective.budgetShare()
        && sickUnits(sample, exposed) >= UNITS_AT_LEAST;
  }

  private static int sickUnits(Sample sample, BitSet exposed) {
    BitSet sick = new BitSet();
    for (int row = exposed.nextSetBit(0); row >= 0; row = exposed.nextSetBit(row + 1)) {
      int unit = sample.units().code(row);
      if (sample.isBad(row) && unit != Column.ABSENT) {
        sick.set(unit);
      }
    }
    return sick.cardinality();
  }

  private BurnAlert alarm(
      Sample sample,
      Comparison comparison,
      Objective objective,
      Change.FlagChange change,
      Instant until) {
    History history = new History(store, objective);
    Tally window = history.tally(objective.windowAt(until), Filter.ALL);
    Tally since = sample.tally(sample.all());
    double excess = since.bad() - objective.budgetShare() * since.events();
    return new BurnAlert(
        objective,
        BurnAlert.Detector.CONTRAST,
        change.time(),
        until,
        null,
        comparison.exposed().rate() / objective.budgetShare(),
        Math.max(0, excess) / (objective.budgetShare() * Math.max(1, window.events())));
  }

  /**
   * Whether those whom the change reached are well again, or nobody is reached any more. What makes
   * few fail need not show in the whole, so it is the flag's variations that must all be well. No
   * data is not quiet.
   *
   * @param change null when it is not known any more: then the whole must be well
   */
  boolean isQuiet(Objective objective, Change.@Nullable FlagChange change, Instant now) {
    Tally whole = new History(store, objective).tally(TimeRange.before(now, QUIET), Filter.ALL);
    if (whole.events() < QUIET_EVENTS_AT_LEAST) {
      return false;
    }
    Sample sample = change == null ? null : sample(objective, change, TimeRange.before(now, QUIET));
    if (change == null || sample == null) {
      return isWell(objective, whole);
    }
    Column<?> column = sample.column(field(change));
    for (int code = 1; code < column.codes(); code++) {
      int chosen = code;
      if (!isWell(objective, sample.tally(sample.rows(row -> column.code(row) == chosen)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWell(Objective objective, Tally tally) {
    return tally.events() == 0 || tally.rate() < objective.budgetShare();
  }
}
