package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Some beside the rest, where events may stand for several. */
class SideBySideTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Objective OBJECTIVE =
      new Objective(
          "ok",
          "Ok",
          "shop",
          List.of("shop"),
          Filter.ALL,
          Filter.equal("ok", Value.of(true)),
          0.99,
          Duration.ofDays(30));

  private final EventStore store = EventStore.inMemory();

  @Test
  void wholeEventsCountAsTheyAre() {
    send("8811", 1, 300, 3);
    send("8812", 1, 300, 30);
    SideBySide sides = sides();
    assertEquals(new SideBySide(new Counts(300, 30), new Counts(300, 3)), sides);
    assertEquals(27, sides.excess(), 1e-9);
    assertTrue(sides.pValue() < 1e-5, "" + sides.pValue());
  }

  @Test
  void sampledEventsWeighWhatTheyStandForAndProveWhatTheyAre() {
    send("8811", 100, 30, 0);
    send("8812", 100, 30, 1);
    SideBySide sides = sides();
    assertEquals(new Counts(3_000, 100), sides.some());
    assertEquals(0.01, sides.someScale(), 1e-9);
    assertEquals(0.01, sides.restScale(), 1e-9);
    assertEquals(0.5, sides.pValue(), 1e-9, "one of thirty against none of thirty");
    assertEquals(100, sides.excess(), 1e-9);
    assertTrue(sides.excessInterval().low() < 0, "" + sides.excessInterval());
  }

  @Test
  void whereOnlyGoodEventsAreThinnedTheRareBadOnesDecide() {
    send("8811", 100, 30, 0);
    send("8812", 100, 30, 0);
    send("8812", 1, 10, 10);
    SideBySide sides = sides();
    assertEquals(new Counts(3_010, 10), sides.some());
    // Ten whole bad events: 1/10 of uncertainty, and 1/30 from the good ones.
    assertEquals((1 / 10.0 + 1 / 3_000.0) / (1 / 10.0 + 1 / 30.0), sides.someScale(), 1e-9);
  }

  private SideBySide sides() {
    return SideBySide.of(
        store,
        OBJECTIVE,
        Filter.ALL,
        Filter.equal("build_id", Value.of("8812")),
        new TimeRange(START, START.plusSeconds(60)));
  }

  private void send(String build, int sampleRate, int events, int bad) {
    List<Event> batch = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      batch.add(
          new Event(
              START.plusMillis(i),
              sampleRate,
              Map.of("build_id", Value.of(build), "ok", Value.of(i >= bad))));
    }
    store.append("shop", batch);
  }
}
