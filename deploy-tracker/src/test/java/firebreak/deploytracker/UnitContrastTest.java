package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UnitContrastTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final TimeRange RANGE = new TimeRange(START, START.plusSeconds(300));
  private static final Objective OBJECTIVE =
      new Objective(
          "answers",
          "Requests are answered",
          "service",
          List.of("service"),
          Filter.ALL,
          new Filter.Compare("status_code", Relation.LESS, Value.of(500)),
          0.999,
          Duration.ofDays(30));

  /** So many requests of a unit in a minute, some of which fail. */
  private static void put(
      List<Event> events, int minute, String unit, boolean on, int requests, int bad) {
    for (int code : new int[] {200, 503}) {
      int count = code == 503 ? bad : requests - bad;
      if (count > 0) {
        Map<String, Value> fields =
            Map.of(
                "status_code", Value.of(code),
                "customer_id", Value.of(unit),
                "flag.new", Value.of(Boolean.toString(on)));
        events.add(new Event(START.plusSeconds(60L * minute), count, fields));
      }
    }
  }

  private static UnitContrast contrast(List<Event> events, String flag) {
    try (EventStore store = EventStore.inMemory()) {
      store.append("service", events);
      Sample sample =
          Sample.read(store, FieldRoles.DEFAULT, OBJECTIVE, RANGE, Set.of("flag.new"), true);
      BitSet exposed = sample.rows(sample.column("flag.new"), "true");
      return UnitContrast.of(
          sample,
          new Candidate(
              "change", "", "new", START, START, "", flag, "true", sample.all(), exposed));
    }
  }

  /** Half of the units of a heavy-tailed crowd are exposed; of all, some are sick. */
  private static UnitContrast crowd(long seed, double sickExposed, double sickOther) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Event> events = new ArrayList<>();
    for (int unit = 0; unit < 200; unit++) {
      boolean on = unit % 2 == 0;
      int requests = (int) Math.min(500, 5 / random.nextDouble(0.001, 1));
      boolean sick = random.nextDouble() < (on ? sickExposed : sickOther);
      put(events, 1, "c" + unit, on, requests, sick ? (requests + 1) / 2 : 0);
    }
    return contrast(events, "new");
  }

  /** Few sick units among many of very different size: a hard case for what is an approximation. */
  @Test
  void unitsThatFailAsOftenOnBothSidesSeldomSeemToDiffer() {
    int wrong = 0;
    for (int seed = 0; seed < 400; seed++) {
      wrong += crowd(seed, 0.1, 0.1).differenceAtLeast() > 0.001 ? 1 : 0;
    }
    assertTrue(wrong <= 40, wrong + " of 400; of requests, each for itself, 154 would");
  }

  @Test
  void unitsThatTheFlagBreaksDiffer() {
    int found = 0;
    for (int seed = 0; seed < 100; seed++) {
      found += crowd(seed, 0.4, 0.02).differenceAtLeast() > 0.001 ? 1 : 0;
    }
    assertTrue(found >= 90, found + " of 100");
  }

  @Test
  void aUnitThatTheFlagEverReachedIsOnThatSideAndOneOfABuildMayBeOnBoth() {
    List<Event> events = new ArrayList<>();
    for (int unit = 0; unit < 10; unit++) {
      put(events, 2, "c" + unit, unit < 4, 10, unit < 3 ? 5 : 0);
    }
    put(events, 2, "c0", false, 10, 1);
    UnitContrast ofFlag = contrast(events, "new");
    assertEquals(4, ofFlag.exposed());
    assertEquals(6, ofFlag.unexposed());
    assertEquals(3, ofFlag.affected());
    assertEquals(7, contrast(events, "").unexposed());
  }

  @Test
  void minutesThatHaveOneSideOnlyDoNotCount() {
    List<Event> events = new ArrayList<>();
    for (int unit = 0; unit < 50; unit++) {
      put(events, 0, "c" + unit, false, 10, 0);
      put(events, 1, "d" + unit, true, 10, 10);
    }
    UnitContrast contrast = contrast(events, "new");
    assertEquals(0, contrast.exposed() + contrast.unexposed() + contrast.affected());
    assertTrue(Double.isNaN(contrast.differenceAtLeast()), contrast.toString());
  }
}
