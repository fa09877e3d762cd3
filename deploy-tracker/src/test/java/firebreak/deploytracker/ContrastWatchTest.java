package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Value;
import firebreak.slo.BurnAlert;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContrastWatchTest {
  private static final Instant CHANGED = Instant.parse("2026-03-02T12:00:00Z");
  private static final int CUSTOMERS = 120;
  private static final int PER_SECOND = 20;
  private static final Objective OBJECTIVE =
      new Objective(
          "answers",
          "Requests are answered",
          "api",
          List.of("api"),
          Filter.ALL,
          new Filter.Compare("status_code", Relation.LESS, Value.of(500)),
          0.999,
          Duration.ofDays(30));
  private static final Change CHANGE =
      new Change.FlagChange(
          "change", CHANGED, "new-path", "", "", "2", "{}", "{}", false, "", "", "");

  private final EventStore store = EventStore.inMemory();
  private final ContrastWatch watch = new ContrastWatch(store, FieldRoles.DEFAULT);

  @AfterEach
  void close() {
    store.close();
  }

  /** Whether a customer is reached, and the share of its requests that fails. */
  private record Customer(boolean reached, double badShare) {}

  private static List<Customer> customers(
      SplittableRandom random, double reachedBad, double sick, double sickBad) {
    List<Customer> customers = new ArrayList<>();
    for (int i = 0; i < CUSTOMERS; i++) {
      boolean reached = random.nextBoolean();
      boolean isSick = random.nextDouble() < sick;
      customers.add(new Customer(reached, isSick ? sickBad : reached ? reachedBad : 0));
    }
    return customers;
  }

  private static List<Event> second(Instant time, List<Customer> all, SplittableRandom random) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < PER_SECOND; i++) {
      int name = random.nextInt(CUSTOMERS);
      Customer customer = all.get(name);
      boolean bad = random.nextDouble() < customer.badShare;
      events.add(
          new Event(
              time,
              1,
              new FieldMap.Builder()
                  .put("status_code", Value.of(bad ? 500 : 200))
                  .put("customer_id", Value.of("c" + name))
                  .put("flag.new-path", Value.of(customer.reached ? "true" : "false"))
                  .build()));
    }
    return events;
  }

  /** The first alert within so many seconds of a watch that looks every five. */
  private Optional<BurnAlert> watch(
      List<Customer> customers, int seconds, SplittableRandom random) {
    for (int second = 0; second < seconds; second++) {
      store.append("api", second(CHANGED.plusSeconds(second), customers, random));
      Instant now = CHANGED.plusSeconds(second + 1);
      List<BurnAlert> alerts =
          second % 5 == 4 ? watch.alerts(OBJECTIVE, List.of(CHANGE), now) : List.of();
      if (!alerts.isEmpty()) {
        return Optional.of(alerts.getFirst());
      }
    }
    return Optional.empty();
  }

  @Test
  void findsWhatAFlagDoesToThoseWhomItReachesWithinAMinute() {
    SplittableRandom random = new SplittableRandom(1);
    BurnAlert alert = watch(customers(random, 0.2, 0, 0), 70, random).orElseThrow();
    assertEquals(BurnAlert.Detector.CONTRAST, alert.detector());
    assertEquals(CHANGED, alert.beganAt());
    assertTrue(alert.urgent());
    assertTrue(alert.burnRate() > 50, "burn rate " + alert.burnRate());
    assertTrue(alert.budgetSpent() > 0, "spent " + alert.budgetSpent());
  }

  @Test
  void whatFailsWithAndWithoutTheFlagRaisesNoAlarm() {
    for (int seed = 0; seed < 40; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      try (EventStore own = EventStore.inMemory()) {
        ContrastWatch looking = new ContrastWatch(own, FieldRoles.DEFAULT);
        List<Customer> sickOnes = customers(random, 0, 0.05, 0.5);
        for (int second = 0; second < 130; second++) {
          own.append("api", second(CHANGED.plusSeconds(second), sickOnes, random));
        }
        for (int second = 5; second <= 130; second += 5) {
          Instant now = CHANGED.plusSeconds(second);
          assertEquals(List.of(), looking.alerts(OBJECTIVE, List.of(CHANGE), now), "seed " + seed);
        }
      }
    }
  }

  @Test
  void noDataIsNoBurnAndEndsNone() {
    assertEquals(List.of(), watch.alerts(OBJECTIVE, List.of(CHANGE), CHANGED.plusSeconds(31)));
    SplittableRandom random = new SplittableRandom(2);
    assertTrue(watch(customers(random, 1, 0, 0), 70, random).isPresent());
    Instant later = CHANGED.plus(Duration.ofMinutes(20));
    assertNull(watch.alerts(OBJECTIVE, List.of(CHANGE), later).getFirst().endedAt());
    for (int second = 0; second < 300; second++) {
      store.append("api", second(later.plusSeconds(second), customers(random, 0, 0, 0), random));
    }
    Instant end = later.plusSeconds(300);
    assertEquals(end, watch.alerts(OBJECTIVE, List.of(CHANGE), end).getFirst().endedAt());
  }

  @Test
  void ourOwnChangesAndFirstSightsAreNotLookedAt() {
    SplittableRandom random = new SplittableRandom(3);
    List<Customer> customers = customers(random, 1, 0, 0);
    for (int second = 0; second < 60; second++) {
      store.append("api", second(CHANGED.plusSeconds(second), customers, random));
    }
    List<Change> passive =
        List.of(
            new Change.FlagChange(
                "own", CHANGED, "new-path", "", "", "2", "{}", "{}", true, "", "", ""),
            new Change.FlagChange(
                "first", CHANGED, "new-path", "", "", "2", "", "{}", false, "", "", ""));
    assertEquals(List.of(), watch.alerts(OBJECTIVE, passive, CHANGED.plusSeconds(60)));
  }
}
