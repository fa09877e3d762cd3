package firebreak.slo;

import firebreak.eventstore.Event;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Events of one dataset laid down stretch by stretch, evenly and without chance. */
final class Traffic {
  static final String DATASET = "query-api";
  static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  static final Objective OBJECTIVE = objective(0.999, Duration.ofDays(30));

  private final List<Event> events = new ArrayList<>();
  private Instant time = START;

  static Objective objective(double target, Duration window) {
    return new Objective(
        "fast",
        "Fast enough",
        "query-api",
        List.of(DATASET),
        Filter.equal("name", "query"),
        Filter.equal("ok", Value.of(true)),
        target,
        window);
  }

  static Event event(Instant time, boolean ok, int sampleRate) {
    return new Event(time, sampleRate, Map.of("name", Value.of("query"), "ok", Value.of(ok)));
  }

  /** One event each {@code gap}, of which the given share is bad, evenly mixed. */
  Traffic then(Duration length, Duration gap, double badShare, int sampleRate) {
    Instant end = time.plus(length);
    double debt = 0;
    for (; time.isBefore(end); time = time.plus(gap)) {
      debt += badShare;
      boolean bad = debt >= 1 - 1e-9;
      debt -= bad ? 1 : 0;
      events.add(event(time, !bad, sampleRate));
    }
    time = end;
    return this;
  }

  /** Ten requests a second, by ten events that stand for ten each every ten seconds. */
  Traffic steady(Duration length, double badShare) {
    return then(length, Duration.ofSeconds(1), badShare, 10);
  }

  Traffic silence(Duration length) {
    time = time.plus(length);
    return this;
  }

  Instant now() {
    return time;
  }

  List<Event> events() {
    return events;
  }

  /** A monitor to which all of it came at once. */
  SloMonitor monitor() {
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    monitor.follow(List.of(OBJECTIVE));
    store.append(DATASET, events);
    return monitor;
  }

  List<BurnAlert> alerts() {
    return monitor().alerts(OBJECTIVE, now());
  }
}
