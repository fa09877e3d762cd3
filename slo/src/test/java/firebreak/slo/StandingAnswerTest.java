package firebreak.slo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import firebreak.eventstore.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An answer that stands while events come is the one that somebody would get who counts all of them
 * anew: at rates around what the rules forbid, with events that come late, and through silence.
 */
final class StandingAnswerTest {
  private static final int STEPS = 300;
  private static final long DAYS_BEFORE = 4;

  static List<Long> seeds() {
    return new Random(Long.getLong("firebreak.seed", 7)).longs(16).boxed().toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void isThatOfWhoCountsAllAnew(long seed) {
    Random random = new Random(seed);
    Objective objective =
        Traffic.objective(1 - Math.pow(10, -1 - 2 * random.nextDouble()), Duration.ofDays(30));
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    monitor.follow(List.of(objective));
    List<Event> all = new ArrayList<>();
    Instant now = Traffic.START.plus(Duration.ofDays(DAYS_BEFORE));
    append(store, all, before(now, objective, random));
    double factor = 0;
    int perStep = 1 + random.nextInt(40);
    for (int step = 0; step < STEPS; step++) {
      if (random.nextInt(60) == 0) {
        factor = List.of(0.0, 0.3, 0.9, 1.1, 3.0, 6.0, 14.0, 16.0, 90.0).get(random.nextInt(9));
        perStep = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(40);
      }
      now = now.plusSeconds(1 + random.nextInt(12));
      List<Event> more = new ArrayList<>();
      for (int i = 0; i < perStep; i++) {
        boolean isBad = random.nextDouble() < factor * objective.budgetShare();
        long late = random.nextInt(20) == 0 ? random.nextInt(90) : random.nextInt(2);
        more.add(Traffic.event(now.minusSeconds(late), !isBad, 1 + random.nextInt(5)));
      }
      append(store, all, more);
      List<BurnAlert> alerts = monitor.alerts(objective, now);
      if (step % 5 == 0) {
        assertEquals(anew(objective, all, now), alerts, "seed " + seed + ", step " + step);
      }
    }
  }

  /**
   * The worst that few bad events can do: all at once, in traffic so thin that they are just enough
   * or just not, late or not, with what was good leaving the windows afterwards.
   */
  @Test
  void isThatOfWhoCountsAllAnewWhereBadEventsComeAtOnce() {
    long firstSeed = Long.getLong("firebreak.seed", 7);
    for (long seed = firstSeed; seed < firstSeed + 200; seed++) {
      Random random = new Random(seed);
      Objective objective =
          Traffic.objective(1 - Math.pow(10, -1 - random.nextDouble()), Duration.ofDays(30));
      HookedEventStore store = new HookedEventStore();
      SloMonitor monitor = new SloMonitor(store);
      monitor.follow(List.of(objective));
      List<Event> all = new ArrayList<>();
      Instant now = Traffic.START.plus(Duration.ofHours(3));
      append(store, all, thin(now, random));
      monitor.alerts(objective, now);
      int late = random.nextBoolean() ? 0 : random.nextInt(60);
      Instant burst = now.minusSeconds(10L * late);
      append(store, all, List.of(Traffic.event(burst, false, 1 + random.nextInt(14))));
      for (int tick = 0; tick < 20; tick++) {
        List<BurnAlert> alerts = monitor.alerts(objective, now);
        assertEquals(anew(objective, all, now), alerts, "seed " + seed + ", tick " + tick);
        now = now.plusSeconds(10);
        append(store, all, List.of(Traffic.event(now, true, 1)));
      }
    }
  }

  /** Nothing bad comes, but what was good leaves the window of five minutes. */
  @Test
  void seesARateThatRisesByItself() {
    Objective objective = Traffic.objective(0.99, Duration.ofDays(30));
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    monitor.follow(List.of(objective));
    List<Event> all = new ArrayList<>();
    Instant now = Traffic.START.plus(Duration.ofHours(3));
    for (int minute = 119; minute > 5; minute--) {
      boolean isBad = minute <= 60 && minute > 31 && minute % 3 < 2;
      all.add(Traffic.event(now.minusSeconds(60L * minute), !isBad, minute > 60 ? 60 : 1));
    }
    all.add(Traffic.event(now.minusSeconds(280), true, 60));
    all.add(Traffic.event(now.minusSeconds(25), false, 2));
    store.append(Traffic.DATASET, all);
    assertEquals(List.of(), monitor.alerts(objective, now));
    append(store, all, List.of(Traffic.event(now, false, 1)));
    assertEquals(List.of(), monitor.alerts(objective, now));
    for (int tick = 1; tick < 8; tick++) {
      now = now.plusSeconds(10);
      append(store, all, List.of(Traffic.event(now, true, 1)));
      assertEquals(anew(objective, all, now), monitor.alerts(objective, now), "tick " + tick);
    }
    assertEquals(1, monitor.alerts(objective, now).size());
  }

  /** Two hours in which nearly all came in a few minutes. */
  private static List<Event> thin(Instant now, Random random) {
    List<Event> events = new ArrayList<>();
    int heavy = random.nextBoolean() ? 0 : random.nextInt(60, 62);
    int weight = 1 + random.nextInt(random.nextBoolean() ? 200 : 40);
    int oneBadOf = 2 + (random.nextInt(3) * random.nextInt(20));
    for (int minute = 120; minute > 0; minute--) {
      Instant time = now.minusSeconds(60L * minute - random.nextInt(60));
      boolean isHeavy = (minute <= heavy && minute > heavy - 3) || (minute <= 5 && minute > 2);
      events.add(Traffic.event(time, true, isHeavy ? weight : 1));
      if (random.nextInt(oneBadOf) == 0) {
        events.add(Traffic.event(time, false, 1));
      }
    }
    return events;
  }

  /** Days that are nearly well, so that each window has something in it. */
  private static List<Event> before(Instant now, Objective objective, Random random) {
    List<Event> events = new ArrayList<>();
    double badShare = random.nextDouble() * objective.budgetShare();
    Instant time = Traffic.START;
    for (; time.isBefore(now); time = time.plusSeconds(600)) {
      events.add(Traffic.event(time, random.nextDouble() >= badShare, 1 + random.nextInt(400)));
    }
    return events;
  }

  private static void append(HookedEventStore store, List<Event> all, List<Event> more) {
    all.addAll(more);
    store.append(Traffic.DATASET, more);
  }

  private static List<BurnAlert> anew(Objective objective, List<Event> all, Instant now) {
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    monitor.follow(List.of(objective));
    store.append(Traffic.DATASET, all);
    return monitor.alerts(objective, now);
  }
}
