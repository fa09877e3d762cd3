package firebreak.deploytracker;

import firebreak.eventstore.EventStore;
import firebreak.eventstore.TimeRange;
import firebreak.slo.BurnAlert;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds burns that a flag's change makes for those whom it reaches, long before they show in the
 * whole: who has the variation fails more than who has not, unit by unit, in the same minutes.
 *
 * <p>A change is looked at a few times, each time at its events until twice as late, and the chance
 * of a false alarm is shared among the looks, the variations and the changes of the last hour
 * (alpha spending), so that looking often makes no alarm likelier than it should be. What was due
 * before the watch began counts as looked at, since another may have done so; its alarms are on
 * record and are {@linkplain #resume taken up} from there. Only what is recent is remembered.
 */
public final class ContrastWatch {

  /** The first look is at so long after the change, each other at twice as long. */
  static final Duration FIRST_LOOK = Duration.ofSeconds(30);

  /** 30 s, 1, 2, 4, 8, 16 and 32 minutes after the change. */
  static final int LOOKS = 7;

  /** The chance of a false alarm of one objective, over all looks at what changed in an hour. */
  static final double FALSE_ALARM = 0.001;

  /** Changes older than this are forgotten. Those of so long before share the chance with one. */
  static final Duration FOLLOWED = FIRST_LOOK.multipliedBy(1L << LOOKS);

  /** When more change at once, nobody looks at the others: their share would show nothing. */
  static final int CHANGES_AT_MOST = 64;

  /** How often it is asked what has changed, whatever there is to look at. */
  static final Duration ASKS_EVERY = Duration.ofSeconds(5);

  /** So many looks at once; those that wait longest come first, the rest when next asked. */
  static final int LOOKS_AT_ONCE = 4;

  /** How often it is looked whether a burn is over. */
  static final Duration CHECKS_EVERY = Duration.ofSeconds(15);

  /** That a burn is over is told for so long; then it is forgotten. */
  static final Duration END_TOLD_FOR = Duration.ofHours(1);

  /** Times may be kept as coarsely as this. */
  private static final Duration SAME_MOMENT = Duration.ofMillis(1);

  private final ContrastLook look;

  /** How many looks at a change have been made or missed, by objective. */
  private final Map<String, Map<String, Integer>> looksByChange = new HashMap<>();

  private final List<Found> alarms = new ArrayList<>();
  private Instant began = Instant.MAX;
  private Instant asked = Instant.MIN;
  private Instant due = Instant.MIN;

  /** What was found, and for which change; null when another found it, until that is known. */
  private static final class Found {
    Change.@Nullable FlagChange change;
    BurnAlert alert;
    Instant checkDue = Instant.MIN;

    Found(Change.@Nullable FlagChange change, BurnAlert alert) {
      this.change = change;
      this.alert = alert;
    }

    boolean is(Objective objective, Change.FlagChange other) {
      return alert.objective().id().equals(objective.id())
          && alert.endedAt() == null
          && change != null
          && change.flag().equals(other.flag());
    }
  }

  /**
   * A look that is due.
   *
   * @param number of the look, from 0
   * @param chance of a false alarm that it may take
   */
  private record Due(
      Objective objective, Change.FlagChange change, int number, Instant until, double chance) {}

  public ContrastWatch(EventStore store, FieldRoles roles) {
    this(new ContrastLook(store, roles, false));
  }

  private ContrastWatch(ContrastLook look) {
    this.look = look;
  }

  /** Over a store of counts, see {@link Attribution#ofCounts}. */
  public static ContrastWatch ofCounts(EventStore counts, FieldRoles roles) {
    return new ContrastWatch(new ContrastLook(counts, roles, true));
  }

  /**
   * Looks at what is due; most of the time nothing is, and then it costs nothing to call it.
   *
   * @param objectives those in force
   * @param timeline what changed in a range of time
   */
  public synchronized void look(
      Supplier<List<Objective>> objectives,
      Function<TimeRange, List<Change>> timeline,
      Instant now) {
    boolean clockWentBack = now.isBefore(asked);
    if (now.equals(asked) || (now.isBefore(due) && !clockWentBack)) {
      return;
    }
    if (began.equals(Instant.MAX)) {
      began = now;
    } else if (clockWentBack && began.isBefore(asked)) {
      began = asked; // what was due by the former clock was looked at by it
      alarms.forEach(alarm -> alarm.checkDue = now);
    }
    asked = now;
    List<Objective> all = objectives.get();
    List<Due> looks = due(all, timeline.apply(TimeRange.before(now, FOLLOWED.plus(FOLLOWED))), now);
    looks.sort(Comparator.comparing(Due::until));
    looks.stream().limit(LOOKS_AT_ONCE).forEach(this::look);
    due = looks.size() > LOOKS_AT_ONCE ? now : now.plus(ASKS_EVERY);
    follow(all, timeline, now);
  }

  /** The alarms of the objective, those that are over for a while. */
  public synchronized List<BurnAlert> alerts(Objective objective) {
    return alarms.stream()
        .map(alarm -> alarm.alert)
        .filter(alert -> alert.objective().id().equals(objective.id()))
        .toList();
  }

  /** Takes up an alarm that is on record: of before a restart, or of another watch. */
  public synchronized void resume(BurnAlert alert) {
    boolean isKnown =
        alarms.stream()
            .anyMatch(
                known ->
                    known.alert.objective().id().equals(alert.objective().id())
                        && known.alert.beganAt().equals(alert.beganAt()));
    if (!isKnown && alert.detector() == BurnAlert.Detector.CONTRAST && alert.endedAt() == null) {
      alarms.add(new Found(null, alert));
    }
  }

  /** How many changes and alarms are remembered. */
  synchronized int remembered() {
    return looksByChange.size() + alarms.size();
  }

  private List<Due> due(List<Objective> objectives, List<Change> changes, Instant now) {
    List<Change.FlagChange> flags = new ArrayList<>();
    for (Change change : changes) {
      if (change instanceof Change.FlagChange flag && !flag.own() && !flag.isFirstSight()) {
        flags.add(flag);
      }
    }
    List<Due> looks = new ArrayList<>();
    Set<String> recent = new HashSet<>();
    for (int i = 0; i < flags.size(); i++) {
      Change.FlagChange flag = flags.get(i);
      int rank = rank(flags, i);
      if (flag.time().isAfter(now.minus(FOLLOWED)) && rank <= CHANGES_AT_MOST) {
        recent.add(flag.id());
        objectives.forEach(objective -> due(objective, flag, rank, now, looks));
      }
    }
    looksByChange.keySet().retainAll(recent);
    return looks;
  }

  /** Which one it is of those that changed in the time for which one is followed, from 1. */
  private static int rank(List<Change.FlagChange> oldestFirst, int index) {
    Instant since = oldestFirst.get(index).time().minus(FOLLOWED);
    int first = index;
    while (first > 0 && oldestFirst.get(first - 1).time().isAfter(since)) {
      first--;
    }
    return index - first + 1;
  }

  /** Looks that another followed before they were made are passed over, and spent all the same. */
  private void due(
      Objective objective, Change.FlagChange flag, int rank, Instant now, List<Due> looks) {
    Map<String, Integer> made = looksByChange.computeIfAbsent(flag.id(), _ -> new HashMap<>());
    int spent = made.getOrDefault(objective.id(), 0);
    int next = spent;
    boolean isMissed = true;
    while (next < LOOKS && !now.isBefore(until(flag, next))) {
      isMissed = until(flag, next).isBefore(began);
      next++;
    }
    if (next == spent) {
      return;
    }
    if (isMissed || alarms.stream().anyMatch(alarm -> alarm.is(objective, flag))) {
      made.put(objective.id(), next);
      return;
    }
    looks.add(new Due(objective, flag, next - 1, until(flag, next - 1), chance(rank)));
  }

  /**
   * The chance of a false alarm that one look at the change of that rank may take. How many more
   * will change is not known, so the shares are a half, a sixth, a twelfth: never more than one.
   */
  static double chance(int rank) {
    return FALSE_ALARM / LOOKS / (rank * (rank + 1.0));
  }

  private static Instant until(Change.FlagChange flag, int look) {
    return flag.time().plus(FIRST_LOOK.multipliedBy(1L << look));
  }

  private void look(Due one) {
    looksByChange
        .computeIfAbsent(one.change.id(), _ -> new HashMap<>())
        .put(one.objective.id(), one.number + 1);
    BurnAlert alert = look.look(one.objective, one.change, one.until, one.chance);
    if (alert != null) {
      alarms.add(new Found(one.change, alert));
    }
  }

  /** Looks which alarms are over, and forgets those that have been for long. */
  private void follow(
      List<Objective> objectives, Function<TimeRange, List<Change>> timeline, Instant now) {
    Map<String, Objective> byId = new HashMap<>();
    objectives.forEach(objective -> byId.put(objective.id(), objective));
    Instant forgotten = now.minus(END_TOLD_FOR);
    alarms.removeIf(
        alarm -> {
          Instant ended = alarm.alert.endedAt();
          return !byId.containsKey(alarm.alert.objective().id())
              || (ended != null && ended.isBefore(forgotten));
        });
    for (Found alarm : alarms) {
      Objective objective = byId.get(alarm.alert.objective().id());
      if (objective != null && alarm.alert.endedAt() == null && !now.isBefore(alarm.checkDue)) {
        alarm.checkDue = now.plus(CHECKS_EVERY);
        alarm.change = alarm.change == null ? changeAt(alarm.alert, timeline) : alarm.change;
        if (look.isQuiet(objective, alarm.change, now)) {
          alarm.alert = alarm.alert.until(now);
        }
      }
    }
  }

  /** The change that an alarm was raised for is the one whose time is its onset. */
  private static Change.@Nullable FlagChange changeAt(
      BurnAlert alert, Function<TimeRange, List<Change>> timeline) {
    Instant onset = alert.beganAt();
    TimeRange moment = new TimeRange(onset.minus(SAME_MOMENT), onset.plus(SAME_MOMENT));
    for (Change change : timeline.apply(moment)) {
      if (change instanceof Change.FlagChange flag && !flag.own() && !flag.isFirstSight()) {
        return flag;
      }
    }
    return null;
  }
}
