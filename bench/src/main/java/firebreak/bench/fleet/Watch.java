package firebreak.bench.fleet;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Value;
import firebreak.sim.fleet.Fleet;
import firebreak.sim.fleet.Kind;
import firebreak.slo.BurnAlert;
import firebreak.slo.SloMonitor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Burn detection over one production: every request is counted, good and bad by ten seconds, and
 * every ten seconds it is asked whether an urgent alert has come up.
 */
final class Watch implements AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(10);

  /** Clocks may go wrong by so much. */
  private static final Duration SKEW = Duration.ofMinutes(3);

  private static final FieldMap GOOD = fields(200);
  private static final FieldMap BAD = fields(503);

  private final Fleet fleet;
  private final EventStore counts = EventStore.inMemory();
  private final SloMonitor monitor;
  private int next = Fleet.FIRST_MINUTE;

  /** An alert and the tick that found it. */
  record Raised(BurnAlert alert, Instant raised) {}

  Watch(Fleet fleet) {
    this.fleet = fleet;
    monitor = new SloMonitor(counts);
    monitor.follow(List.of(Production.OBJECTIVE));
  }

  private static FieldMap fields(int status) {
    return new FieldMap.Builder()
        .put("status_code", Value.of(status))
        .put("duration_ms", Value.of(1))
        .build();
  }

  SloMonitor monitor() {
    return monitor;
  }

  /** The first urgent alert since things went wrong; null when none comes in time. */
  @Nullable Raised raised() {
    Instant since = fleet.truth().onset().minus(SKEW);
    int end = fleet.kind() == Kind.QUIET ? 60 : Fleet.END_MINUTE - Scene.MINUTES_LATER - 1;
    countTo(0);
    for (int minute = 0; minute < end; minute++) {
      countTo(minute + 1);
      for (Instant tick = fleet.at(minute).plus(TICK);
          !tick.isAfter(fleet.at(minute + 1));
          tick = tick.plus(TICK)) {
        for (BurnAlert alert : monitor.alerts(Production.OBJECTIVE, tick)) {
          if (alert.urgent() && alert.detectedAt().isAfter(since)) {
            return new Raised(alert, tick);
          }
        }
      }
    }
    return null;
  }

  /** Counts the requests of all minutes before this one. */
  void countTo(int minute) {
    List<Event> events = new ArrayList<>();
    for (; next < minute; next++) {
      for (Fleet.Counts slot : fleet.counts(next)) {
        add(events, slot.time(), slot.good(), GOOD);
        add(events, slot.time(), slot.bad(), BAD);
      }
    }
    counts.append(Production.DATASET, events);
  }

  private static void add(List<Event> events, Instant time, long weight, FieldMap fields) {
    if (weight > 0) {
      events.add(new Event(time, Math.toIntExact(weight), fields));
    }
  }

  @Override
  public void close() {
    counts.close();
  }
}
