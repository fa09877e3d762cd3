package firebreak.deploytracker;

import firebreak.bubbleup.Interval;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.slo.BurnAlert;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds burns that a flag's change makes for those whom it reaches, long before they show in the
 * whole: who has the variation fails more than who has not, unit by unit, in the same minutes.
 *
 * <p>A change is looked at a few times after it, each time after twice as long, and the chance of a
 * false alarm is shared among the looks, the flags and their variations (alpha spending with equal
 * parts), so that looking often makes no alarm likelier than it should be. The units are what is
 * counted, as {@link Comparison} does: requests of one customer fail together.
 */
public final class ContrastWatch {

  /** The first look comes so long after the change, each other twice as late. */
  static final Duration FIRST_LOOK = Duration.ofSeconds(30);

  /** 30 s, 1, 2, 4, 8, 16 and 32 minutes after the change. */
  static final int LOOKS = 7;

  /** The chance of a false alarm of one objective, over all looks at all that changed of late. */
  static final double FALSE_ALARM = 0.001;

  /** With fewer sick units, whom they have in common may be chance. */
  static final int UNITS_AT_LEAST = 5;

  static final double RISK_RATIO_AT_LEAST = 2;

  /** How long it must have been well for the burn to be over. */
  private static final Duration QUIET = Duration.ofMinutes(5);

  private static final long QUIET_EVENTS_AT_LEAST = 100;

  /** Changes older than this are forgotten, with what they raised. */
  private static final Duration KEPT = Duration.ofDays(3);

  private final EventStore store;
  private final FieldRoles roles;
  private final boolean countsAll;
  private final Map<Name, Watched> watched = new LinkedHashMap<>();

  /** A change under an objective, by their ids. */
  private record Name(String objective, String change) {}

  private static final class Watched {
    final Change.FlagChange change;
    int looks;
    @Nullable BurnAlert alert;

    Watched(Change.FlagChange change) {
      this.change = change;
    }
  }

  public ContrastWatch(EventStore store, FieldRoles roles) {
    this(store, roles, false);
  }

  private ContrastWatch(EventStore store, FieldRoles roles, boolean countsAll) {
    this.store = store;
    this.roles = roles;
    this.countsAll = countsAll;
  }

  /** Over a store of counts, see {@link Attribution#ofCounts}. */
  public static ContrastWatch ofCounts(EventStore counts, FieldRoles roles) {
    return new ContrastWatch(counts, roles, true);
  }

  /** The longest that a change is looked at. */
  public static Duration looksFor() {
    return FIRST_LOOK.multipliedBy(1L << LOOKS);
  }

  /**
   * The burns that the changes make, those that are over since they were found among them.
   *
   * @param changes what changed within {@link #looksFor}, or longer
   */
  public synchronized List<BurnAlert> alerts(
      Objective objective, List<Change> changes, Instant now) {
    List<Change.FlagChange> flags = new ArrayList<>();
    for (Change change : changes) {
      if (change instanceof Change.FlagChange flag
          && !flag.own()
          && !flag.isFirstSight()
          && flag.time().isBefore(now)) {
        flags.add(flag);
      }
    }
    for (Change.FlagChange flag : flags) {
      Watched one =
          watched.computeIfAbsent(new Name(objective.id(), flag.id()), _ -> new Watched(flag));
      one.alert = one.alert == null ? look(objective, flags.size(), one, now) : one.alert;
    }
    return open(objective, now);
  }

  /** Those that have raised an alarm, however old the change is by now. */
  private List<BurnAlert> open(Objective objective, Instant now) {
    List<BurnAlert> alerts = new ArrayList<>();
    Instant oldest = now.minus(KEPT);
    watched.values().removeIf(one -> one.change.time().isBefore(oldest));
    watched.forEach(
        (name, one) -> {
          BurnAlert alert = one.alert;
          if (name.objective.equals(objective.id()) && alert != null) {
            boolean isOver = alert.endedAt() == null && isQuiet(objective, now);
            BurnAlert latest = isOver ? ended(alert, now) : alert;
            one.alert = latest;
            alerts.add(latest);
          }
        });
    return alerts;
  }

  /** Looks when it is time to; times that have passed unseen are spent. */
  private @Nullable BurnAlert look(Objective objective, int flags, Watched one, Instant now) {
    Change.FlagChange flag = one.change;
    int due = one.looks;
    while (due < LOOKS && !now.isBefore(flag.time().plus(FIRST_LOOK.multipliedBy(1L << due)))) {
      due++;
    }
    if (due == one.looks) {
      return null;
    }
    one.looks = due;
    String field = FieldRoles.FLAG_PREFIX + flag.flag();
    Set<String> fields = Set.of(field);
    TimeRange range = new TimeRange(flag.time(), now);
    Sample sample = Sample.read(store, roles, objective, range, fields, countsAll);
    Column<?> column = sample.column(field);
    int variations = Math.max(1, column.codes() - 1);
    double nats = Math.log(LOOKS * (double) flags * variations / FALSE_ALARM);
    for (int code = 1; code < column.codes(); code++) {
      int chosen = code;
      BitSet exposed = sample.rows(row -> column.code(row) == chosen);
      BitSet known = sample.rows(row -> column.code(row) != Column.ABSENT);
      Comparison comparison =
          Comparison.of(sample, known, exposed, sample::minute, row -> sample.units().code(row));
      if (isAlarm(sample, exposed, comparison, objective, nats)) {
        return alarm(sample, comparison, objective, flag, now);
      }
    }
    return null;
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
      Change.FlagChange flag,
      Instant now) {
    History history = new History(store, objective);
    Tally window = history.tally(TimeRange.before(now, objective.window()), Filter.ALL);
    Tally since = sample.tally(sample.all());
    double excess = since.bad() - objective.budgetShare() * since.events();
    return new BurnAlert(
        objective,
        BurnAlert.Detector.CONTRAST,
        flag.time(),
        now,
        null,
        comparison.exposed().rate() / objective.budgetShare(),
        Math.max(0, excess) / (objective.budgetShare() * Math.max(1, window.events())));
  }

  /** No data is not quiet. */
  private boolean isQuiet(Objective objective, Instant now) {
    Tally latest = new History(store, objective).tally(TimeRange.before(now, QUIET), Filter.ALL);
    return latest.events() >= QUIET_EVENTS_AT_LEAST && latest.rate() < objective.budgetShare();
  }

  private static BurnAlert ended(BurnAlert alert, Instant now) {
    return new BurnAlert(
        alert.objective(),
        alert.detector(),
        alert.beganAt(),
        alert.detectedAt(),
        now,
        alert.burnRate(),
        alert.budgetSpent());
  }
}
