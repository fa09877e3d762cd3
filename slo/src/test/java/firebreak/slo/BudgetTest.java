package firebreak.slo;

import static firebreak.slo.Traffic.DATASET;
import static firebreak.slo.Traffic.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Budgets in slices, by the calendar, corrected, reset, over derived columns; burn alerts. */
class BudgetTest {
  private static final Duration SIX_HOURS = Duration.ofHours(6);

  /** Some hours of traffic with good and bad stretches and gaps. */
  private static List<Event> traffic(Random random) {
    List<Event> events = new ArrayList<>();
    Instant time = START;
    for (int stretch = 0; stretch < 12; stretch++) {
      double badShare = random.nextInt(3) == 0 ? random.nextDouble() : 0.01;
      int count = random.nextInt(5) == 0 ? 0 : 10 + random.nextInt(40);
      for (int i = 0; i < count; i++) {
        time = time.plusSeconds(1 + random.nextInt(60));
        events.add(Traffic.event(time, random.nextDouble() >= badShare, 1 + random.nextInt(20)));
      }
      time = time.plusSeconds(random.nextInt(1_500));
    }
    return events;
  }

  private static Objective objective(Random random) {
    Objective plain = Traffic.objective(random.nextBoolean() ? 0.95 : 0.8, SIX_HOURS);
    Objective budgeted =
        plain.budgetedBy(
            switch (random.nextInt(3)) {
              case 0 -> new Budgeting.Occurrences();
              case 1 -> new Budgeting.Timeslices(slice(random), 0.9, random.nextBoolean());
              default -> new Budgeting.RatioTimeslices(slice(random));
            });
    if (random.nextInt(3) == 0) {
      Instant start = START.plusSeconds(random.nextInt(5_000));
      budgeted = budgeted.without(List.of(new TimeRange(start, start.plusMillis(700_123))));
    }
    if (random.nextInt(4) == 0) {
      budgeted = budgeted.since(START.plusSeconds(random.nextInt(4_000)));
    }
    if (random.nextInt(3) == 0) {
      budgeted =
          budgeted.alignedTo(
              new Calendar(
                  LocalDateTime.ofInstant(START, ZoneOffset.UTC),
                  ZoneOffset.UTC,
                  1,
                  ChronoUnit.HOURS));
    }
    return budgeted.alertedBy(
        List.of(
            new BudgetRule.ExhaustionTime("exhaustion", Duration.ofMinutes(40)),
            new BudgetRule.ExhaustionTime("gone", Duration.ZERO),
            new BudgetRule.BudgetRate("rate", Duration.ofHours(1), 0.3)));
  }

  private static Duration slice(Random random) {
    return Duration.ofSeconds(10L * (1 + random.nextInt(60)));
  }

  @Test
  void budgetsBurnRatesAndBurnAlertsAreWhatPlainLoopsSay() {
    int fired = 0;
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      Objective objective = objective(random);
      List<Event> events = traffic(random);
      HookedEventStore store = new HookedEventStore();
      SloMonitor monitor = new SloMonitor(store);
      store.append(DATASET, events.subList(0, events.size() / 2));
      monitor.follow(List.of(objective));
      store.append(DATASET, events.subList(events.size() / 2, events.size()));
      BudgetDefinition definition = new BudgetDefinition(objective, events);
      for (Instant end : definition.ends()) {
        String told = "seed " + seed + " at " + end;
        double expected = definition.burnRate(objective.windowAt(end).start(), end);
        double remaining = monitor.budgetRemaining(objective, end).orElse(Double.NaN);
        assertEquals(1 - expected, remaining, 1e-4, told);
        assertEquals(
            definition.events(end.minusSeconds(600), end),
            monitor.counts(objective, TimeRange.before(end, Duration.ofMinutes(10))),
            told);
        assertEquals(
            definition.burnRate(end.minusSeconds(3_600), end),
            monitor.burnRate(objective, Duration.ofHours(1), end),
            1e-4,
            told);
        for (BudgetRule rule : objective.budgetRules()) {
          boolean fires = definition.fires(rule, end);
          boolean isGone = rule instanceof BudgetRule.ExhaustionTime && remaining <= 0;
          fired += fires ? 1 : 0;
          assertEquals(fires || isGone, monitor.isTriggered(objective, rule.id(), end), told);
        }
      }
    }
    assertTrue(fired > 300, fired + " are too few to tell");
  }

  @Test
  void anAlertCoversEveryMomentInWhichARuleFiresAndNoneBefore() {
    int found = 0;
    for (long seed = 100; seed <= 140; seed++) {
      Random random = new Random(seed);
      BudgetRule rule = new BudgetRule.BudgetRate("rate", Duration.ofHours(1), 0.3);
      // A target so low that the standard table stays silent: a burn rate is at most 1 / 0.8.
      Objective objective = Traffic.objective(0.2, SIX_HOURS).alertedBy(List.of(rule));
      List<Event> events = traffic(random);
      HookedEventStore store = new HookedEventStore();
      SloMonitor monitor = new SloMonitor(store);
      monitor.follow(List.of(objective));
      store.append(DATASET, events);
      BudgetDefinition definition = new BudgetDefinition(objective, events);
      List<BurnAlert> alerts =
          monitor.alerts(objective, START.plus(Duration.ofDays(1))).stream()
              .filter(alert -> alert.detector() == BurnAlert.Detector.BUDGET_RATE)
              .toList();
      List<Instant> firing =
          definition.ends().stream().filter(end -> definition.fires(rule, end)).toList();
      if (firing.isEmpty()) {
        assertEquals(List.of(), alerts, "seed " + seed);
      }
      for (BurnAlert alert : alerts) {
        found++;
        assertTrue(firing.contains(alert.detectedAt()), "seed " + seed);
        assertFalse(alert.urgent());
        assertFalse(alert.beganAt().isAfter(alert.detectedAt()));
      }
      for (Instant end : firing) {
        assertTrue(
            monitor.alerts(objective, START.plus(Duration.ofDays(1))).stream()
                .anyMatch(
                    alert ->
                        !alert.detectedAt().isAfter(end)
                            && (alert.endedAt() == null || alert.endedAt().isAfter(end))),
            "seed " + seed + " at " + end);
      }
    }
    assertTrue(found > 5, found + " are too few to tell");
  }

  private static final BudgetRule FOUR_HOURS =
      new BudgetRule.ExhaustionTime("4h", Duration.ofHours(4));
  private static final Objective WATCHED = Traffic.OBJECTIVE.alertedBy(List.of(FOUR_HOURS));

  private static SloMonitor watching(Objective objective, Traffic traffic) {
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    monitor.follow(List.of(objective));
    store.append(DATASET, traffic.events());
    return monitor;
  }

  @Test
  void whatABurnAlertAndLaterTheTableNoticeIsOneBurn() {
    // Four times the allowed: the table opens a ticket after eighteen hours, the alert much sooner.
    Objective watched =
        Traffic.OBJECTIVE.alertedBy(
            List.of(new BudgetRule.BudgetRate("rate", Duration.ofHours(1), 0.01)));
    Traffic traffic =
        new Traffic().steady(Duration.ofDays(3), 0).steady(Duration.ofHours(30), 0.004);
    List<BurnAlert> alone =
        watching(Traffic.OBJECTIVE, traffic).alerts(Traffic.OBJECTIVE, traffic.now());
    List<BurnAlert> both = watching(watched, traffic).alerts(watched, traffic.now());
    assertEquals(1, alone.size(), alone.toString());
    assertEquals(1, both.size(), both.toString());
    assertEquals(BurnAlert.Detector.BUDGET_RATE, both.getFirst().detector());
    assertTrue(both.getFirst().detectedAt().isBefore(alone.getFirst().detectedAt()));
    assertNull(both.getFirst().endedAt());
    assertFalse(both.getFirst().urgent());
  }

  @Test
  void silenceNeitherStartsNorEndsABurnAlert() {
    Traffic traffic =
        new Traffic().steady(Duration.ofHours(2), 0).steady(Duration.ofHours(1), 0.002);
    Objective objective =
        WATCHED.alertedBy(List.of(new BudgetRule.BudgetRate("rate", Duration.ofHours(1), 0.2)));
    SloMonitor monitor = watching(objective, traffic);
    List<BurnAlert> before = monitor.alerts(objective, traffic.now());
    assertEquals(1, before.size(), before.toString());
    Instant later = traffic.now().plus(Duration.ofHours(5));
    assertEquals(before, monitor.alerts(objective, later));
    assertTrue(monitor.isTriggered(objective, "rate", later));
  }

  @Test
  void anExhaustedBudgetIsTriggeredThoughNothingBurnsIt() {
    Traffic traffic = new Traffic().steady(Duration.ofHours(1), 0.5).steady(Duration.ofHours(9), 0);
    SloMonitor monitor = watching(WATCHED, traffic);
    assertTrue(monitor.isTriggered(WATCHED, "4h", traffic.now()));
    assertTrue(monitor.alerts(WATCHED, traffic.now()).stream().noneMatch(a -> a.endedAt() == null));
  }

  @Test
  void aChangeOfTheBudgetingRecomputesThePast() {
    Traffic traffic =
        new Traffic().steady(Duration.ofMinutes(50), 0).steady(Duration.ofMinutes(10), 0.5);
    SloMonitor monitor = watching(Traffic.OBJECTIVE, traffic);
    Objective sliced =
        Traffic.OBJECTIVE.budgetedBy(new Budgeting.Timeslices(Duration.ofMinutes(1), 0.9, false));
    monitor.follow(List.of(sliced));
    assertEquals(
        new Counts(60, 10), monitor.budgetCounts(sliced, new TimeRange(START, traffic.now())));
    assertEquals(
        new Counts(36_000, 3_000), monitor.counts(sliced, new TimeRange(START, traffic.now())));
    List<SloMonitor.Point> history =
        monitor.history(sliced, new TimeRange(START, traffic.now()), Duration.ofMinutes(30));
    assertEquals(
        List.of(new Counts(30, 0), new Counts(30, 10)),
        history.stream().map(SloMonitor.Point::counts).toList());
  }

  @Test
  void aSliceAtItsTargetIsGoodOrNotAsItsOperatorSays() {
    Traffic traffic = new Traffic().steady(Duration.ofMinutes(10), 0.5);
    for (boolean above : new boolean[] {false, true}) {
      Objective objective =
          Traffic.OBJECTIVE.budgetedBy(new Budgeting.Timeslices(Duration.ofMinutes(1), 0.5, above));
      assertEquals(
          new Counts(10, above ? 10 : 0),
          watching(objective, traffic)
              .budgetCounts(objective, new TimeRange(START, traffic.now())));
    }
  }

  @Test
  void aCorrectionTakesABurnBackAndItsRemovalBringsItAgain() {
    Traffic traffic =
        new Traffic().steady(Duration.ofHours(2), 0).steady(Duration.ofMinutes(20), 0.5);
    SloMonitor monitor = watching(Traffic.OBJECTIVE, traffic);
    List<BurnAlert> burns = monitor.alerts(Traffic.OBJECTIVE, traffic.now());
    assertEquals(1, burns.size());
    TimeRange drill = TimeRange.before(traffic.now(), Duration.ofMinutes(20));
    Objective corrected = Traffic.OBJECTIVE.without(List.of(drill));
    monitor.follow(List.of(corrected));
    assertEquals(List.of(), monitor.alerts(corrected, traffic.now()));
    assertEquals(1.0, monitor.budgetRemaining(corrected, traffic.now()).orElseThrow());
    monitor.follow(List.of(Traffic.OBJECTIVE));
    assertEquals(burns, monitor.alerts(Traffic.OBJECTIVE, traffic.now()));
  }

  @Test
  void anIndicatorCanBeADerivedColumnThatIsNullTrueOrFalse() {
    Objective objective =
        Objective.ofColumn("fast", "Fast", List.of(DATASET), "sli", 0.9, SIX_HOURS)
            .deriving(Map.of("sli", "IF(EQUALS($name, \"query\"), LT($ms, 100))"));
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    List<Event> events =
        List.of(
            event("query", 99),
            event("query", 100),
            event("write", 5),
            event("query", 5),
            event("query", 500));
    store.append(DATASET, events);
    monitor.follow(List.of(objective));
    TimeRange hour = new TimeRange(START, START.plusSeconds(3_600));
    assertEquals(new Counts(4, 2), monitor.counts(objective, hour));
    store.append(DATASET, events);
    assertEquals(new Counts(8, 4), monitor.counts(objective, hour));
    Objective slower =
        objective.deriving(Map.of("sli", "IF(EQUALS($name, \"query\"), LT($ms, 200))"));
    monitor.follow(List.of(slower));
    assertEquals(new Counts(8, 2), monitor.counts(slower, hour));
  }

  private static Event event(String name, long ms) {
    return new Event(START, 1, Map.of("name", Value.of(name), "ms", Value.of(ms)));
  }
}
