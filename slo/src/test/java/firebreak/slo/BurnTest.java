package firebreak.slo;

import static firebreak.slo.Traffic.DATASET;
import static firebreak.slo.Traffic.OBJECTIVE;
import static firebreak.slo.Traffic.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BurnTest {

  private static Traffic threeGoodDays() {
    return new Traffic().steady(Duration.ofDays(3), 0);
  }

  @Test
  void firesAfterTheTimeThatTheRuleSays() {
    // 14.4 times a thousandth of an hour's events must be bad: 0.864 minutes of nothing but bad.
    for (double badShare : new double[] {1, 0.5, 0.2, 0.1, 0.05, 0.03}) {
      Traffic traffic = threeGoodDays();
      Instant onset = traffic.now();
      BurnAlert alert = only(traffic.steady(Duration.ofMinutes(40), badShare).alerts());
      double seconds = Duration.between(onset, alert.detectedAt()).toMillis() / 1e3;
      double expected = 0.864 * 60 / badShare;
      assertTrue(
          seconds >= expected - 1 && seconds <= expected + 20,
          badShare + ": " + seconds + " s for " + expected);
      // The first bad event comes 1 / badShare seconds in.
      long late = Duration.between(onset, alert.beganAt()).toSeconds();
      assertTrue(late >= 0 && late <= 1 / badShare, badShare + ": began " + late + " s late");
      assertTrue(alert.urgent());
      assertNull(alert.endedAt());
    }
  }

  @Test
  void spentBudgetAndBurnRateAreWhatHandArithmeticSays() {
    Traffic traffic = threeGoodDays().steady(Duration.ofMinutes(30), 0.1);
    BurnAlert alert = only(traffic.alerts());
    long seconds = Duration.between(alert.beganAt(), alert.detectedAt()).toSeconds();
    double eligible = (3 * 86_400 + seconds) * 10;
    assertEquals(seconds * 10 * (0.1 - 0.001) / (0.001 * eligible), alert.budgetSpent(), 0.001);
    // Half of the last hour was bad by a tenth: a twentieth, fifty times a thousandth.
    assertEquals(50, alert.burnRate(), 0.1);
  }

  @Test
  void endsWhenTheShortWindowNoLongerBurns() {
    Traffic traffic = threeGoodDays().steady(Duration.ofMinutes(20), 0.5);
    Instant fixed = traffic.now();
    assertNull(only(traffic.alerts()).endedAt());
    BurnAlert alert = only(traffic.steady(Duration.ofMinutes(90), 0).alerts());
    Instant ended = end(alert);
    assertTrue(ended.isAfter(fixed.plusSeconds(200)), "ended " + ended);
    assertFalse(ended.isAfter(fixed.plusSeconds(310)), "ended " + ended);
  }

  @Test
  void aRateThatNoRuleForbidsIsNoBurn() {
    assertEquals(List.of(), threeGoodDays().steady(Duration.ofHours(5), 0.0009).alerts());
  }

  @Test
  void aSlowBurnOpensATicketOnly() {
    Traffic traffic = threeGoodDays();
    Instant onset = traffic.now();
    BurnAlert alert = only(traffic.steady(Duration.ofHours(30), 0.004).alerts());
    assertFalse(alert.urgent());
    // Three times a thousandth of a day's events: three quarters of a day at four times.
    double hours = Duration.between(onset, alert.detectedAt()).toSeconds() / 3600.0;
    assertEquals(18, hours, 0.1);
    assertTrue(Duration.between(onset, alert.beganAt()).toSeconds() <= 250, alert.toString());
  }

  @Test
  void anUrgentBurnRaisesNoTicketOfItsOwn() {
    Traffic traffic = threeGoodDays().steady(Duration.ofHours(3), 0.5);
    List<BurnAlert> alerts = traffic.steady(Duration.ofHours(20), 0).alerts();
    assertTrue(only(alerts).urgent());
  }

  @Test
  void onAFreshServerTheTicketGivesWayToTheUrgentAlert() {
    Traffic traffic = new Traffic().steady(Duration.ofMinutes(40), 0);
    Instant onset = traffic.now();
    BurnAlert first = only(traffic.steady(Duration.ofSeconds(30), 0.1).alerts());
    assertFalse(first.urgent());
    BurnAlert second = only(traffic.steady(Duration.ofMinutes(10), 0.1).alerts());
    assertTrue(second.urgent());
    assertEquals(onset, second.beganAt());
  }

  @Test
  void aTicketThatBeganEarlierStaysBesideAnUrgentAlert() {
    Traffic traffic = threeGoodDays().steady(Duration.ofHours(30), 0.004);
    List<BurnAlert> alerts = traffic.steady(Duration.ofMinutes(10), 0.5).alerts();
    assertEquals(List.of(false, true), alerts.stream().map(BurnAlert::urgent).toList());
    assertNull(alerts.get(0).endedAt());
  }

  @Test
  void twoBurnsAreTwoAlerts() {
    Traffic traffic = threeGoodDays().steady(Duration.ofMinutes(10), 0.5);
    traffic.steady(Duration.ofMinutes(20), 0);
    Instant again = traffic.now();
    List<BurnAlert> alerts = traffic.steady(Duration.ofMinutes(10), 0.5).alerts();
    assertEquals(2, alerts.size(), alerts.toString());
    assertEquals(again, alerts.get(1).beganAt());
    assertNull(alerts.get(1).endedAt());
  }

  @Test
  void whatAnEndedBurnLeavesInTheLongWindowStartsNoNewOne() {
    Traffic traffic = threeGoodDays().steady(Duration.ofMinutes(10), 0.5);
    traffic.steady(Duration.ofMinutes(20), 0).steady(Duration.ofSeconds(10), 0.5);
    assertEquals(1, traffic.steady(Duration.ofMinutes(5), 0).alerts().size());
  }

  @Test
  void fewEventsDoNotFire() {
    // One request a minute with one error in two thousand, and a single error among sixty.
    Duration minute = Duration.ofMinutes(1);
    Traffic sparse = new Traffic().then(Duration.ofDays(4), minute, 0.0005, 1);
    assertEquals(List.of(), sparse.alerts());
    Traffic ninetyNine = new Traffic().then(Duration.ofSeconds(99), Duration.ofSeconds(1), 1, 1);
    assertEquals(List.of(), ninetyNine.alerts());
    Traffic hundred = new Traffic().then(Duration.ofSeconds(100), Duration.ofSeconds(1), 1, 1);
    assertEquals(START, only(hundred.alerts()).beganAt());
  }

  @Test
  void nineBadEventsDoNotFireAndTenDo() {
    for (int bad = 9; bad <= 10; bad++) {
      Traffic traffic = new Traffic().then(Duration.ofSeconds(200), Duration.ofSeconds(1), 0, 1);
      traffic.then(Duration.ofSeconds(bad), Duration.ofSeconds(1), 1, 1);
      boolean fires = traffic.alerts().stream().anyMatch(BurnAlert::urgent);
      assertEquals(bad == 10, fires, bad + " bad");
    }
  }

  @Test
  void silenceNeitherEndsNorBeginsABurn() {
    Traffic traffic = threeGoodDays().steady(Duration.ofMinutes(20), 0.5);
    BurnAlert before = only(traffic.alerts());
    SloMonitor monitor = traffic.monitor();
    Instant later = traffic.now().plus(Duration.ofHours(30));
    assertEquals(List.of(before), monitor.alerts(OBJECTIVE, later));
    // Good traffic after the silence ends it, and the end is where the good traffic is.
    traffic.silence(Duration.ofHours(2));
    Instant back = traffic.now();
    BurnAlert after = only(traffic.steady(Duration.ofMinutes(10), 0).alerts());
    assertTrue(end(after).isAfter(back), after.toString());
    assertTrue(end(after).isBefore(back.plusSeconds(60)), after.toString());
  }

  @Test
  void silenceAfterTooFewBadEventsStaysQuiet() {
    Traffic traffic = threeGoodDays().steady(Duration.ofSeconds(20), 1);
    SloMonitor monitor = traffic.monitor();
    assertEquals(List.of(), monitor.alerts(OBJECTIVE, traffic.now()));
    assertEquals(List.of(), monitor.alerts(OBJECTIVE, traffic.now().plusSeconds(7_200)));
  }

  @Test
  void firesWithinTheTenSecondsThatNowLiesIn() {
    Traffic traffic = threeGoodDays();
    Instant onset = traffic.now();
    traffic.steady(Duration.ofSeconds(53), 1);
    BurnAlert alert = only(traffic.alerts());
    assertEquals(onset.plusSeconds(60), alert.detectedAt());
  }

  @Test
  void aLooseTargetFiresWhenEverythingFails() {
    Objective half = Traffic.objective(0.5, Duration.ofDays(30));
    Traffic traffic = new Traffic().steady(Duration.ofMinutes(70), 1);
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    monitor.follow(List.of(half));
    store.append(DATASET, traffic.events());
    BurnAlert alert = only(monitor.alerts(half, traffic.now()));
    assertTrue(alert.urgent());
    assertEquals(START, alert.beganAt());
    assertEquals(2, alert.burnRate(), 1e-9);
  }

  @Test
  void oldBurnsLeaveTheList() {
    Traffic traffic = threeGoodDays().steady(Duration.ofMinutes(20), 0.5);
    traffic.steady(Duration.ofMinutes(20), 0);
    Instant ended = end(only(traffic.alerts()));
    SloMonitor monitor = traffic.monitor();
    assertEquals(
        1, monitor.alerts(OBJECTIVE, ended.plus(Duration.ofDays(3)).minusSeconds(1)).size());
    assertEquals(0, monitor.alerts(OBJECTIVE, ended.plus(Duration.ofDays(3))).size());
  }

  @Test
  void lateEventsChangeThePast() {
    Traffic traffic = threeGoodDays().steady(Duration.ofMinutes(20), 0.5);
    traffic.steady(Duration.ofMinutes(60), 0);
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    monitor.follow(List.of(OBJECTIVE));
    store.append(DATASET, traffic.events().stream().filter(e -> !OBJECTIVE.isBad(e)).toList());
    assertEquals(List.of(), monitor.alerts(OBJECTIVE, traffic.now()));
    store.append(DATASET, traffic.events().stream().filter(OBJECTIVE::isBad).toList());
    assertEquals(traffic.alerts(), monitor.alerts(OBJECTIVE, traffic.now()));
    assertEquals(1, monitor.alerts(OBJECTIVE, traffic.now()).size());
  }

  @Test
  void theOrderOfArrivalAndTheQuestionsInBetweenDoNotMatter() {
    int alerts = 0;
    for (long seed = 1; seed <= 8; seed++) {
      Random random = new Random(seed);
      Traffic traffic = new Traffic();
      for (int i = 0; i < 14; i++) {
        double badShare = random.nextInt(3) == 0 ? Math.pow(random.nextDouble(), 3) : 0.0005;
        Duration length = Duration.ofMinutes(5 + random.nextInt(100));
        traffic.then(length, Duration.ofSeconds(2 + random.nextInt(20)), badShare, 20);
        if (random.nextInt(4) == 0) {
          traffic.silence(Duration.ofMinutes(random.nextInt(300)));
        }
      }
      List<BurnAlert> expected = traffic.alerts();
      alerts += expected.size();
      assertEquals(expected, live(traffic), "seed " + seed);
      assertEquals(expected, shuffled(traffic, random), "seed " + seed);
    }
    assertTrue(alerts >= 16, alerts + " alerts are too few to tell");
  }

  /** What is said in the end by a monitor that was asked all the time, often about the past. */
  private static List<BurnAlert> live(Traffic traffic) {
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    List<Event> events = traffic.events();
    store.append(DATASET, events.subList(0, events.size() / 3));
    monitor.follow(List.of(OBJECTIVE));
    for (int i = events.size() / 3; i < events.size(); i += 7) {
      store.append(DATASET, events.subList(i, Math.min(events.size(), i + 7)));
      Instant now = events.get(i).time();
      monitor.alerts(OBJECTIVE, now);
      if (i % 11 == 0) {
        monitor.alerts(OBJECTIVE, now.minusSeconds(i % 20_000));
      }
    }
    return monitor.alerts(OBJECTIVE, traffic.now());
  }

  private static List<BurnAlert> shuffled(Traffic traffic, Random random) {
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    monitor.follow(List.of(OBJECTIVE));
    List<Event> events = new ArrayList<>(traffic.events());
    Collections.shuffle(events, random);
    for (int i = 0; i < events.size(); i += 150) {
      store.append(DATASET, events.subList(i, Math.min(events.size(), i + 150)));
      monitor.alerts(OBJECTIVE, traffic.now());
    }
    return monitor.alerts(OBJECTIVE, traffic.now());
  }

  private static Instant end(BurnAlert alert) {
    return Objects.requireNonNull(alert.endedAt(), alert.toString());
  }

  private static BurnAlert only(List<BurnAlert> alerts) {
    assertEquals(1, alerts.size(), alerts.toString());
    return alerts.getFirst();
  }
}
