package firebreak.bench.fleet;

import firebreak.bubbleup.BubbleUp;
import firebreak.deploytracker.Attribution;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.FieldRoles;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.TimeRange;
import firebreak.flags.FlagState;
import firebreak.guard.Guard;
import firebreak.guard.Incident;
import firebreak.guard.Limits;
import firebreak.guard.Mode;
import firebreak.guard.Settings;
import firebreak.guard.World;
import firebreak.sim.fleet.Detail;
import firebreak.sim.fleet.Fleet;
import firebreak.sim.fleet.FleetEvent;
import firebreak.sim.fleet.Notice;
import firebreak.slo.BurnAlert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A production as it stands three minutes after an alert: its events, what was told of changes by
 * then, its flags; and a guard that may act. What is looked at, and so is shown whole, begins
 * shortly before the onset and goes on until now or for an hour.
 */
final class Scene implements AutoCloseable {
  static final int MINUTES_LATER = 3;

  private static final int WHOLE_BEFORE = 2;
  private static final int WHOLE_AFTER = 61;
  private static final int BATCH = 10_000;
  private static final double NANOS_PER_MILLI = 1e6;

  private final Fleet fleet;
  private final Watch watch;
  private final BurnAlert alert;
  private final Instant raised;
  private final Instant now;
  private final EventStore store;
  private final EventStore timeline = EventStore.inMemory();
  private final ChangeLog changes = new ChangeLog(timeline);
  private final List<Event> events = new ArrayList<>();
  private final Turned flags;

  /** What came of the patrol. */
  record Outcome(Incident incident, double millis) {}

  Scene(Fleet fleet, Watch watch, Watch.Raised alert, EventStore store) {
    this.fleet = fleet;
    this.watch = watch;
    this.alert = alert.alert();
    this.raised = alert.raised();
    this.now = raised.plus(Duration.ofMinutes(MINUTES_LATER));
    this.store = store;
    this.flags = new Turned(fleet.flags(now));
    watch.countTo(fleet.minute(now) + 1);
    play();
    tell();
  }

  private void play() {
    Production production = new Production();
    int began = fleet.minute(alert.beganAt());
    Detail detail = new Detail(began - WHOLE_BEFORE, began + WHOLE_AFTER);
    List<Event> batch = new ArrayList<>();
    for (int minute = Fleet.FIRST_MINUTE; minute <= fleet.minute(now); minute++) {
      for (FleetEvent event : detail.events(fleet, minute)) {
        Event kept = production.event(event);
        batch.add(kept);
        if (detail.isWhole(minute) && range().contains(kept.time())) {
          events.add(kept);
        }
      }
      if (batch.size() >= BATCH || minute == fleet.minute(now)) {
        store.append(Production.DATASET, batch);
        batch.clear();
      }
    }
  }

  private void tell() {
    Instant started = fleet.at(Fleet.FIRST_MINUTE);
    for (FlagState flag : fleet.flags(started)) {
      changes.record(Production.firstSight(flag, started));
    }
    for (Notice notice : fleet.notices()) {
      if (!notice.arrives().isAfter(now)) {
        changes.record(Production.change(notice));
      }
    }
  }

  /** From the onset until now, or for an hour. */
  private TimeRange range() {
    Instant last = alert.beganAt().plus(Duration.ofHours(1));
    return new TimeRange(alert.beganAt(), now.isBefore(last) ? now : last);
  }

  /** Every event from the onset until now, or for an hour. */
  List<Event> events() {
    return events;
  }

  /** What was told of by now, from six hours before the onset. */
  List<Change> changes() {
    return changes.changes(new TimeRange(alert.beganAt().minus(Duration.ofHours(6)), now));
  }

  Instant raised() {
    return raised;
  }

  /** One round of a guard that may turn any flag as often as it likes. */
  Outcome patrol() {
    Attribution attribution = new Attribution(store, FieldRoles.DEFAULT);
    World world = World.of(watch.monitor(), new BubbleUp(store), attribution, changes, flags);
    Settings settings = new Settings("", List.of("*"), false, true, open(), "");
    Guard guard =
        new Guard(
            world, new Records.Incidents(), new Records.Audit(), settings, Mode.ACT, () -> false);
    long start = System.nanoTime();
    guard.patrol(now);
    double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
    Incident incident =
        guard.incidents().stream()
            .filter(one -> one.alert().urgent())
            .min(
                Comparator.comparing(
                    one -> Duration.between(one.alert().beganAt(), alert.beganAt()).abs()))
            .orElseThrow(() -> new IllegalStateException("the guard saw no burn"));
    return new Outcome(incident, millis);
  }

  private static Limits open() {
    Limits usual = Limits.DEFAULT;
    return new Limits(
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        usual.changeAgeAtMost(),
        usual.dataLagAtMost(),
        usual.intentExpiresAfter(),
        usual.propagation(),
        usual.verifyEventsAtLeast(),
        usual.verifyWithin(),
        usual.settle());
  }

  @Override
  public void close() {
    timeline.close();
  }
}
