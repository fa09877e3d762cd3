package firebreak.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.bubbleup.Explanation;
import firebreak.flags.Audience;
import firebreak.flags.Withdrawal;
import firebreak.slo.BurnAlert;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final Instant NOW = Scene.ONSET;
  private final MemoryIncidentLog log = new MemoryIncidentLog();

  private static BurnAlert alertAt(Instant began) {
    return new BurnAlert(
        Scene.OBJECTIVE, BurnAlert.Detector.BURN_RATE, began, began, began.plusSeconds(1), 50, 0.1);
  }

  private void turned(String flag, String actor, Instant sentAt, Mitigation.State state) {
    Withdrawal withdrawal =
        new Withdrawal(
            Intent.hash(flag, sentAt.toString()),
            flag,
            new Audience.Everyone(),
            "true",
            "false",
            "1",
            "");
    Incident incident = Incident.opened(sentAt.toString(), alertAt(sentAt), 0.9, sentAt);
    log.save(
        incident.proposing(
            Mitigation.proposed(
                    Mitigation.State.INTENDED,
                    withdrawal,
                    actor,
                    List.of(),
                    Scene.TALK.prediction(),
                    sentAt)
                .sent(sentAt)
                .to(state, "")));
  }

  /** As a guard that starts now would count. */
  private Situation.Toggles toggles(String flag) {
    return new Casebook(log).toggles(Incident.opened("this", alertAt(NOW), 0.9, NOW), flag, NOW);
  }

  @Test
  void countsWhatTheGuardTurnedInTheLastHourAndDayAcrossRestarts() {
    turned("a", Mitigation.GUARD, NOW.minus(Duration.ofMinutes(59)), Mitigation.State.EFFECTIVE);
    turned("b", Mitigation.GUARD, NOW.minus(Duration.ofHours(1)), Mitigation.State.INEFFECTIVE);
    turned("a", Mitigation.GUARD, NOW.minus(Duration.ofHours(23)), Mitigation.State.SUPERSEDED);
    turned("a", Mitigation.GUARD, NOW.minus(Duration.ofHours(24)), Mitigation.State.EFFECTIVE);
    turned("a", "ada", NOW.minus(Duration.ofMinutes(1)), Mitigation.State.EFFECTIVE);
    assertEquals(new Situation.Toggles(1, 3, 2, 0), toggles("a"));
    assertEquals(new Situation.Toggles(1, 3, 1, 0), toggles("b"));
  }

  @Test
  void countsWhatIsUnderWayWhoeverAskedForIt() {
    turned("a", "ada", NOW.minusSeconds(1), Mitigation.State.VERIFYING);
    turned("b", Mitigation.GUARD, NOW.minusSeconds(2), Mitigation.State.UNKNOWN);
    turned("c", Mitigation.GUARD, NOW.minusSeconds(3), Mitigation.State.UNDONE);
    assertEquals(2, toggles("d").inFlight());
  }

  @Test
  void noWindowHoldsMoreTogglesThanItsLimitHoweverOftenTheBurnComesBack() {
    long seed = 7;
    Random random = new Random(seed);
    Limits limits = Limits.DEFAULT;
    Instant end = NOW.plus(Duration.ofDays(30));
    int burns = 0;
    for (Instant at = NOW; at.isBefore(end); at = at.plusSeconds(60 + random.nextInt(3_000))) {
      String flag = "short-" + random.nextInt(50);
      Incident incident =
          Incident.opened(at.toString(), alertAt(at), 0.9, at)
              .explained(Explanation.NOTHING, Scene.TALK);
      Situation.Toggles toggles = new Casebook(log).toggles(incident, flag, at);
      burns++;
      if (PolicyTest.decide(toggles) instanceof Decision.Withdraw) {
        turned(flag, Mitigation.GUARD, at, Mitigation.State.EFFECTIVE);
      }
      if (log.incidents().size() > 60) {
        break;
      }
    }
    List<Mitigation> turned =
        log.incidents().stream().map(one -> one.mitigations().getLast()).toList();
    assertTrue(turned.size() > 20 && turned.size() < burns / 3, turned.size() + " of " + burns);
    for (Mitigation first : turned) {
      String why = "seed " + seed + " from " + first.sentAt();
      assertTrue(within(turned, first, Duration.ofHours(1), "") <= limits.togglesPerHour(), why);
      assertTrue(within(turned, first, Duration.ofDays(1), "") <= limits.togglesPerDay(), why);
      assertTrue(
          within(turned, first, Duration.ofDays(1), first.withdrawal().flag())
              <= limits.togglesPerFlagPerDay(),
          why);
    }
  }

  /** How many of that flag, or of any, were sent in the window that begins with the first. */
  private static long within(
      List<Mitigation> turned, Mitigation first, Duration length, String flag) {
    Instant from = first.proposedAt();
    return turned.stream()
        .filter(one -> flag.isEmpty() || one.withdrawal().flag().equals(flag))
        .filter(one -> !one.proposedAt().isBefore(from))
        .filter(one -> one.proposedAt().isBefore(from.plus(length)))
        .count();
  }
}
