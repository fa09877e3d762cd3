package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import firebreak.slo.BurnAlert;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
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
  private static final Change CHANGE = change("change", CHANGED);

  private final EventStore store = EventStore.inMemory();
  private final ContrastWatch watch = begun(store);

  @AfterEach
  void close() {
    store.close();
  }

  /** A watch that was there before the change. */
  private static ContrastWatch begun(EventStore store) {
    ContrastWatch watch = new ContrastWatch(store, FieldRoles.DEFAULT);
    alerts(watch, List.of(), CHANGED.minusSeconds(60));
    return watch;
  }

  private static List<BurnAlert> alerts(ContrastWatch watch, List<Change> changes, Instant now) {
    watch.look(() -> List.of(OBJECTIVE), range -> within(range, changes), now);
    return watch.alerts(OBJECTIVE);
  }

  private static List<Change> within(TimeRange range, List<Change> changes) {
    return changes.stream().filter(change -> range.contains(change.time())).toList();
  }

  private static Change change(String id, Instant time) {
    return new Change.FlagChange(id, time, "new-path", "", "", "2", "{}", "{}", false, "", "", "");
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
      List<BurnAlert> alerts = second % 5 == 4 ? alerts(watch, List.of(CHANGE), now) : List.of();
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
        ContrastWatch looking = begun(own);
        List<Customer> sickOnes = customers(random, 0, 0.05, 0.5);
        for (int second = 0; second < 130; second++) {
          own.append("api", second(CHANGED.plusSeconds(second), sickOnes, random));
        }
        for (int second = 5; second <= 130; second += 5) {
          Instant now = CHANGED.plusSeconds(second);
          assertEquals(List.of(), alerts(looking, List.of(CHANGE), now), "seed " + seed);
        }
      }
    }
  }

  @Test
  void noDataIsNoBurnAndEndsNone() {
    assertEquals(List.of(), alerts(watch, List.of(CHANGE), CHANGED.plusSeconds(31)));
    SplittableRandom random = new SplittableRandom(2);
    assertTrue(watch(customers(random, 1, 0, 0), 70, random).isPresent());
    Instant later = CHANGED.plus(Duration.ofMinutes(20));
    assertNull(alerts(watch, List.of(CHANGE), later).getFirst().endedAt());
    for (int second = 0; second < 300; second++) {
      store.append("api", second(later.plusSeconds(second), customers(random, 0, 0, 0), random));
    }
    Instant end = later.plusSeconds(300);
    assertEquals(end, alerts(watch, List.of(CHANGE), end).getFirst().endedAt());
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
    assertEquals(List.of(), alerts(watch, passive, CHANGED.plusSeconds(60)));
  }

  @Test
  void whatFailsForFewIsNotOverBecauseTheWholeIsWell() {
    SplittableRandom random = new SplittableRandom(4);
    List<Customer> few = new ArrayList<>();
    for (int i = 0; i < CUSTOMERS; i++) {
      few.add(new Customer(i < 12, i < 12 ? 0.5 : 0));
    }
    List<Event> wellOnes = new ArrayList<>();
    assertTrue(watch(few, 70, random).isPresent());
    Instant later = CHANGED.plusSeconds(70);
    for (int second = 0; second < 300; second++) {
      store.append("api", second(later.plusSeconds(second), few, random));
      wellOnes.addAll(many(later.plusSeconds(second)));
    }
    store.append("api", wellOnes); // the whole is within its budget
    Instant then = later.plusSeconds(300);
    assertNull(alerts(watch, List.of(CHANGE), then).getFirst().endedAt());
    List<Customer> nobody = customers(random, 0, 0, 0);
    for (int second = 0; second < 330; second++) {
      store.append("api", second(then.plusSeconds(second), nobody, random));
    }
    Instant end = then.plusSeconds(330);
    assertEquals(end, alerts(watch, List.of(CHANGE), end).getFirst().endedAt());
  }

  /** So many of others that nothing of what the few do shows. */
  private static List<Event> many(Instant time) {
    return List.of(
        new Event(
            time,
            20_000,
            new FieldMap.Builder()
                .put("status_code", Value.of(200))
                .put("customer_id", Value.of("others"))
                .put("flag.new-path", Value.of("false"))
                .build()));
  }

  @Test
  void aRestartMakesNoLookTwice() {
    SplittableRandom random = new SplittableRandom(5);
    List<Customer> customers = customers(random, 0.2, 0, 0);
    for (int second = 0; second < 70; second++) {
      store.append("api", second(CHANGED.plusSeconds(second), customers, random));
    }
    ContrastWatch restarted = new ContrastWatch(store, FieldRoles.DEFAULT);
    for (int second = 61; second < 119; second++) {
      Instant now = CHANGED.plusSeconds(second);
      assertEquals(List.of(), alerts(restarted, List.of(CHANGE), now), "second " + second);
    }
    assertEquals(1, alerts(restarted, List.of(CHANGE), CHANGED.plusSeconds(125)).size());
  }

  @Test
  void aLookSeesWhatItWouldHaveSeenInTimeHoweverLateItIs() {
    SplittableRandom random = new SplittableRandom(6);
    List<Customer> wellOnes = customers(random, 0, 0, 0);
    List<Customer> sickOnes = customers(random, 1, 0, 0);
    for (int second = 0; second < 115; second++) {
      store.append(
          "api", second(CHANGED.plusSeconds(second), second < 60 ? wellOnes : sickOnes, random));
    }
    assertEquals(List.of(), alerts(watch, List.of(CHANGE), CHANGED.plusSeconds(115)));
    BurnAlert found = alerts(watch, List.of(CHANGE), CHANGED.plusSeconds(121)).getFirst();
    assertEquals(CHANGED.plusSeconds(120), found.detectedAt());
  }

  @Test
  void whatIsOnRecordIsFollowedToItsEndAfterARestart() {
    SplittableRandom random = new SplittableRandom(7);
    BurnAlert alert = watch(customers(random, 0.2, 0, 0), 70, random).orElseThrow();
    ContrastWatch restarted = new ContrastWatch(store, FieldRoles.DEFAULT);
    restarted.resume(alert);
    restarted.resume(alert);
    Instant later = CHANGED.plusSeconds(70);
    assertEquals(List.of(alert), alerts(restarted, List.of(CHANGE), later));
    List<Customer> wellOnes = customers(random, 0, 0, 0);
    for (int second = 0; second < 330; second++) {
      store.append("api", second(later.plusSeconds(second), wellOnes, random));
    }
    Instant end = later.plusSeconds(330);
    assertEquals(List.of(alert.until(end)), alerts(restarted, List.of(CHANGE), end));
    restarted.resume(alert);
    assertEquals(List.of(alert.until(end)), restarted.alerts(OBJECTIVE));
    assertEquals(List.of(), alerts(restarted, List.of(), end.plus(Duration.ofHours(2))));
  }

  @Test
  void onlyWhatIsRecentIsRememberedAndOnlyNowAndThenIsItAskedWhatChanged() {
    AtomicInteger asked = new AtomicInteger();
    List<Change> changes = new ArrayList<>();
    int most = 0;
    for (int second = 0; second < 86_400; second++) {
      Instant now = CHANGED.plusSeconds(second);
      if (second % 300 == 0) {
        changes.add(change("change " + second, now));
      }
      watch.look(
          () -> List.of(OBJECTIVE),
          range -> {
            asked.incrementAndGet();
            return within(range, changes);
          },
          now);
      watch.look(() -> List.of(), _ -> List.of(), now); // as for a second objective
      most = Math.max(most, watch.remembered());
    }
    assertEquals(86_400 / 5, asked.get());
    assertEquals(13, most, "of the last 64 minutes");
    Instant after = CHANGED.plus(Duration.ofDays(2));
    assertEquals(List.of(), alerts(watch, List.of(), after));
    assertEquals(0, watch.remembered());
  }

  @Test
  void aFloodOfChangesIsLookedAtABitAtATimeAndNotWithoutEnd() {
    SplittableRandom random = new SplittableRandom(8);
    List<Customer> customers = customers(random, 0.2, 0, 0);
    List<Change> flood = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      flood.add(change("change " + (1_000 + i), CHANGED.plusMillis(i)));
    }
    for (int second = 0; second < 40; second++) {
      store.append("api", second(CHANGED.plusSeconds(second), customers, random));
      alerts(watch, flood, CHANGED.plusSeconds(second));
    }
    assertTrue(watch.remembered() <= ContrastWatch.CHANGES_AT_MOST + 1, "" + watch.remembered());
  }

  @Test
  void allLooksAtAllChangesTogetherTakeNoMoreThanTheChanceOfAFalseAlarm() {
    double sum = 0;
    for (int rank = 1; rank <= ContrastWatch.CHANGES_AT_MOST; rank++) {
      sum += ContrastWatch.LOOKS * ContrastWatch.chance(rank);
    }
    assertTrue(sum <= ContrastWatch.FALSE_ALARM && sum > ContrastWatch.FALSE_ALARM / 2, "" + sum);
  }

  /**
   * Four flags that do nothing while one customer in ten is sick, with restarts between the looks:
   * of 40 lives at most 0.04 should have a false alarm, and 2 come by chance once in 1,200 times.
   */
  @Test
  void lookingOftenAndRestartingRaisesNoMoreFalseAlarmsThanPromised() {
    int alarms = 0;
    for (int life = 0; life < 40; life++) {
      alarms += falseAlarms(new SplittableRandom(1_000 + life));
    }
    assertTrue(alarms < 2, alarms + " false alarms");
  }

  private static int falseAlarms(SplittableRandom random) {
    try (EventStore counts = EventStore.inMemory()) {
      List<Change> changes = new ArrayList<>();
      for (int flag = 0; flag < 4; flag++) {
        changes.add(
            new Change.FlagChange(
                "c" + flag, CHANGED, "f" + flag, "", "", "2", "{}", "{}", false, "", "", ""));
      }
      boolean[] sick = new boolean[40];
      FieldMap[] fields = new FieldMap[80];
      for (int unit = 0; unit < 40; unit++) {
        sick[unit] = random.nextInt(10) == 0;
        FieldMap.Builder builder = new FieldMap.Builder().put("customer_id", Value.of("c" + unit));
        for (int flag = 0; flag < 4; flag++) {
          builder.put("flag.f" + flag, Value.of(random.nextBoolean()));
        }
        FieldMap good = builder.put("status_code", Value.of(200)).build();
        fields[2 * unit] = good;
        fields[2 * unit + 1] = builder.put("status_code", Value.of(500)).build();
      }
      ContrastWatch watch = null;
      int found = 0;
      for (int second = 0; second < 1_930; second += 30) {
        Instant now = CHANGED.plusSeconds(second);
        if (watch == null || second == 90 || second == 300 || second == 1_000) {
          watch = ContrastWatch.ofCounts(counts, FieldRoles.DEFAULT);
        }
        found = Math.max(found, alerts(watch, changes, now).isEmpty() ? 0 : 1);
        List<Event> events = new ArrayList<>();
        for (int unit = 0; unit < 40; unit++) {
          int bad = sick[unit] && random.nextInt(3) == 0 ? 1 : 0;
          events.add(new Event(now.plusSeconds(5), 6, fields[2 * unit + bad]));
        }
        counts.append("api", events);
      }
      return found;
    }
  }
}
