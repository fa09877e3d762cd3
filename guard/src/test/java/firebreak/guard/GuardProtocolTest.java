package firebreak.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.flags.FlagSwitch;
import firebreak.flags.Outcome;
import firebreak.flags.Withdrawal;
import firebreak.guard.Mishaps.Mishap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the protocol promises, with every mishap at every step, and two of them together. */
class GuardProtocolTest {
  private static final long SEED = 20_260_504;
  private static final int PAIRS = 1_000;
  private static final Set<Mitigation.State> AT_REST =
      EnumSet.complementOf(
          EnumSet.of(
              Mitigation.State.INTENDED,
              Mitigation.State.SENT,
              Mitigation.State.UNKNOWN,
              Mitigation.State.APPLIED,
              Mitigation.State.VERIFYING));

  /** One life of the incident, through as many guards as there are crashes. */
  private static final class Life {
    final Scene scene = new Scene();
    final Mishaps mishaps = new Mishaps(scene);
    final FlagSwitch flags;
    UnaryOperator<AuditLog> audit = log -> log;

    Life(UnaryOperator<FlagSwitch> provider) {
      flags = mishaps.flags(provider.apply(scene.flags));
    }

    Life() {
      this(flags -> flags);
    }

    private Guard guard() {
      World world =
          new World(
              scene.burns(),
              scene.world(flags).explainer(),
              scene.world(flags).blame(),
              mishaps.timeline(),
              flags);
      return new Guard(
          world,
          mishaps.incidents(),
          audit.apply(mishaps.audit()),
          Scene.settings(),
          Mode.ACT,
          () -> scene.stop);
    }

    /** Patrols by the second at first, then by thirty, until every limit has passed. */
    Life run() {
      scene.play(Scene.ONSET.plusSeconds(19));
      Guard guard = guard();
      Instant end = Scene.ONSET.plus(Duration.ofMinutes(13));
      while (scene.now.isBefore(end)) {
        boolean early = scene.now.isBefore(Scene.ONSET.plusSeconds(60));
        scene.play(scene.now.plusSeconds(early ? 1 : 30));
        try {
          guard.patrol(scene.now);
        } catch (Mishaps.PowerCut _) {
          guard = guard();
        }
      }
      return this;
    }

    /** The promises that do not hold. */
    List<String> violations() {
      List<String> violations = new ArrayList<>();
      List<String> writes = scene.flags.writes.stream().map(MemoryFlags.Write::by).toList();
      List<String> own = writes.stream().filter(by -> !by.equals("human")).toList();
      if (own.size() > 1) {
        violations.add("exactly once: " + writes);
      }
      if (!own.isEmpty() && writes.indexOf("human") == 0) {
        violations.add("humans win: " + writes);
      }
      if (mishaps.intentMissing) {
        violations.add("the intent is on disk first");
      }
      if (mishaps.callsAfterStop > 0) {
        violations.add("nothing is sent after a stop");
      }
      for (Mitigation one :
          scene.incidents.incidents().stream()
              .flatMap(incident -> incident.mitigations().stream())
              .toList()) {
        if (!AT_REST.contains(one.state())) {
          violations.add("comes to rest: " + one.state());
        }
        boolean landed = own.contains(one.id());
        if (landed != (one.appliedAt() != null) && one.state() != Mitigation.State.RECOMMENDED) {
          violations.add("the record is what happened: " + one.state() + " " + writes);
        }
        if (landed && !scene.audit.has("applied", one.id())) {
          violations.add("what happened is on record");
        }
      }
      return violations;
    }

    Mitigation mitigation() {
      return scene.mitigation();
    }
  }

  @Test
  void exactlyOneChangeWhateverStepTheGuardDiesAt() {
    int steps = new Life().run().mishaps.steps;
    assertTrue(steps > 12, "steps " + steps);
    for (int step = 1; step <= steps; step++) {
      for (Mishap crash : List.of(Mishap.CRASH_BEFORE, Mishap.CRASH_AFTER)) {
        Life life = new Life();
        life.mishaps.plan(step, crash);
        life.run();
        String at = crash + " at step " + step;
        assertEquals(List.of(), life.violations(), at);
        assertEquals(1, life.scene.flags.writes.size(), at);
        assertEquals(Mitigation.State.EFFECTIVE, life.mitigation().state(), at);
        assertEquals(Incident.State.CLOSED, life.scene.incident().state(), at);
      }
    }
  }

  @Test
  void everyPromiseHoldsUnderTwoMishaps() {
    int steps = new Life().run().mishaps.steps + 4;
    Mishap[] kinds = Mishap.values();
    Random random = new Random(SEED);
    for (int i = 0; i < PAIRS; i++) {
      int first = 1 + random.nextInt(steps - 1);
      int second = first + 1 + random.nextInt(steps - first);
      Mishap one = kinds[random.nextInt(kinds.length)];
      Mishap two = kinds[random.nextInt(kinds.length)];
      Life life = new Life();
      life.mishaps.plan(first, one);
      life.mishaps.plan(second, two);
      life.run();
      assertEquals(
          List.of(),
          life.violations(),
          "%s at step %d, %s at step %d, seed %d".formatted(one, first, two, second, SEED));
    }
  }

  @Test
  void aPersonWhoTurnsTheFlagFirstWins() {
    Life life = new Life();
    life.mishaps.plan(stepOf("sent"), Mishap.HUMAN_AFTER);
    life.run();
    assertEquals(Mitigation.State.SUPERSEDED, life.mitigation().state());
    assertEquals(List.of("human"), life.scene.flags.writes.stream().map(w -> w.by()).toList());
  }

  @Test
  void aLostReplyMakesOneChange() {
    Life life = new Life();
    life.scene.flags.fault = MemoryFlags.Fault.REPLY_LOST;
    life.run();
    assertEquals(1, life.scene.flags.writes.size());
    assertEquals(1, life.scene.flags.calls.size());
    assertEquals(Mitigation.State.EFFECTIVE, life.mitigation().state());
  }

  @Test
  void aLostRequestIsSentAgainWithTheSameFence() {
    Life life = new Life();
    life.scene.flags.fault = MemoryFlags.Fault.REQUEST_LOST;
    life.run();
    assertEquals(2, life.scene.flags.calls.size());
    assertEquals(life.scene.flags.calls.getFirst(), life.scene.flags.calls.getLast());
    assertEquals(Mitigation.State.EFFECTIVE, life.mitigation().state());
  }

  @Test
  void theStopSwitchIsAskedRightBeforeSending() {
    Life life = new Life();
    life.mishaps.plan(stepOf("sent"), Mishap.STOP);
    life.run();
    assertEquals(List.of(), life.scene.flags.calls);
    assertEquals(
        Mitigation.State.CANCELLED, life.scene.incident().mitigations().getFirst().state());
    assertEquals(Mitigation.State.RECOMMENDED, life.mitigation().state());
  }

  @Test
  void aProviderThatStaysAwayEndsWithAPerson() {
    Scene scene = new Scene();
    Guard guard = scene.guard(Mode.ACT);
    scene.flags.fault = MemoryFlags.Fault.REQUEST_LOST;
    scene.play(Scene.ONSET.plusSeconds(19));
    scene.patrol(guard, Duration.ofSeconds(1));
    assertEquals(Mitigation.State.UNKNOWN, scene.mitigation().state());
    scene.flags.reachable = false;
    scene.patrol(guard, Duration.ofMinutes(11));
    assertEquals(Mitigation.State.ESCALATED, scene.mitigation().state());
    assertEquals(1, scene.flags.calls.size(), "not sent again without knowing");
  }

  @Test
  void anIntentWaitsForAProviderThatIsAwayAndFallsWhenItIsTooOld() {
    Scene scene = new Scene();
    Guard guard = scene.guard(Mode.ACT);
    scene.flags.fault = MemoryFlags.Fault.UNAVAILABLE;
    scene.play(Scene.ONSET.plusSeconds(19));
    scene.patrol(guard, Duration.ofSeconds(1));
    scene.flags.reachable = false;
    scene.patrol(guard, Duration.ofMinutes(1));
    assertEquals(Mitigation.State.INTENDED, scene.mitigation().state());
    scene.patrol(guard, Duration.ofMinutes(10));
    assertEquals(Mitigation.State.ESCALATED, scene.mitigation().state());
    assertEquals(List.of(), scene.flags.writes);
  }

  @Test
  void aRecommendationStandsWhileTheProviderIsAway() {
    Scene scene = new Scene();
    Guard guard = scene.guard(Mode.ASK);
    scene.play(Scene.ONSET.plusSeconds(19));
    scene.patrol(guard, Duration.ofSeconds(10));
    scene.flags.reachable = false;
    scene.patrol(guard, Duration.ofSeconds(30));
    assertEquals(Mitigation.State.RECOMMENDED, scene.mitigation().state());
  }

  @Test
  void whatCouldNotBeSentIsOnRecordAtOnce() {
    Scene scene = new Scene();
    Guard guard = scene.guard(Mode.ACT);
    scene.flags.fault = MemoryFlags.Fault.UNAVAILABLE;
    scene.play(Scene.ONSET.plusSeconds(19));
    scene.patrol(guard, Duration.ofSeconds(1));
    assertTrue(
        scene.audit.has("postponed", scene.mitigation().id()), scene.audit.kinds().toString());
  }

  /** Another replica, which knows nothing of this one, has had the same thought. */
  @Test
  void aChangeThatAnotherReplicaMadeUnderTheSameIntentIsOurs() {
    Life life =
        new Life(
            flags ->
                new ForwardingFlags(flags) {
                  @Override
                  public Outcome apply(Withdrawal withdrawal) {
                    to.apply(withdrawal);
                    return to.apply(withdrawal);
                  }
                });
    assertEquals(List.of(), life.run().violations());
    assertEquals(Mitigation.State.EFFECTIVE, life.mitigation().state());
  }

  @Test
  void anIntentThatAnotherReplicaCarriedOutBeforeItWasSentIsOurs() {
    Scene scene = new Scene();
    Guard guard = scene.guard(Mode.ACT);
    scene.flags.fault = MemoryFlags.Fault.UNAVAILABLE;
    scene.play(Scene.ONSET.plusSeconds(19));
    scene.patrol(guard, Duration.ofSeconds(1));
    assertEquals(Mitigation.State.INTENDED, scene.mitigation().state());
    scene.flags.fault = MemoryFlags.Fault.NONE;
    scene.flags.apply(scene.flags.calls.getFirst());
    scene.changes.add(Scene.flagChange("2", "{}", scene.now));
    scene.patrol(guard, Duration.ofMinutes(5));
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
    assertEquals(1, scene.flags.writes.size());
  }

  @Test
  void nothingIsSentSoonAfterTheClockWasSet() {
    Scene scene = new Scene();
    Guard guard = scene.guard(Mode.ACT);
    scene.play(Scene.ONSET.minusSeconds(60));
    guard.noticeClockStep(scene.now);
    scene.patrol(guard, Duration.ofMinutes(4));
    assertEquals(List.of(), scene.flags.calls);
    scene.patrol(guard, Duration.ofMinutes(2));
    assertEquals(1, scene.flags.calls.size());
  }

  /** A person's change may stand on the timeline as if it had come before the burn. */
  @Test
  void aPersonDecidesWhereTheClockWasSetDuringTheBurn() {
    Scene scene = new Scene();
    Guard guard = scene.guard(Mode.ACT);
    scene.play(Scene.ONSET.plusSeconds(10));
    guard.noticeClockStep(scene.now);
    scene.patrol(guard, Duration.ofMinutes(8));
    Guard restarted = scene.guard(Mode.ACT);
    scene.patrol(restarted, Duration.ofMinutes(1));
    assertEquals(List.of(), scene.flags.calls);
    assertTrue(
        scene.mitigation().refusals().getFirst().contains("clock"),
        scene.mitigation().refusals().toString());
  }

  @Test
  void aRequestThatLandsAfterItWasGivenUpIsOursAfterAll() {
    Scene scene = new Scene();
    Guard guard = scene.guard(Mode.ACT);
    scene.flags.fault = MemoryFlags.Fault.REQUEST_LOST;
    scene.play(Scene.ONSET.plusSeconds(19));
    scene.patrol(guard, Duration.ofMinutes(11));
    assertEquals(Mitigation.State.ESCALATED, scene.mitigation().state());
    scene.flags.fault = MemoryFlags.Fault.NONE;
    scene.flags.apply(scene.flags.calls.getFirst());
    scene.patrol(guard, Duration.ofMinutes(5));
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
  }

  @Test
  void whatTheProviderForbidsIsNotTriedAgain() {
    for (MemoryFlags.Fault fault :
        List.of(MemoryFlags.Fault.REFUSED, MemoryFlags.Fault.NEEDS_APPROVAL)) {
      Scene scene = new Scene();
      scene.flags.fault = fault;
      Guard guard = scene.guard(Mode.ACT);
      scene.play(Scene.ONSET.plusSeconds(19));
      scene.patrol(guard, Duration.ofMinutes(2));
      assertEquals(1, scene.flags.calls.size(), fault.toString());
      assertEquals(List.of(), scene.flags.writes);
    }
  }

  @Test
  void aSwitchWithoutFenceIsCaught() {
    Life life =
        new Life(
            flags -> {
              ((MemoryFlags) flags).fenced = false;
              return flags;
            });
    life.mishaps.plan(stepOf("sent"), Mishap.HUMAN_AFTER);
    assertNotEquals(List.of(), life.run().violations());
  }

  @Test
  void aFenceReadAnewIsCaught() {
    Life life = new Life(WrongFlags.Rereading::new);
    life.mishaps.plan(stepOf("sent"), Mishap.HUMAN_AFTER);
    assertNotEquals(List.of(), life.run().violations());
  }

  @Test
  void actingBeforeTheIntentIsOnDiskIsCaught() {
    Life life = new Life();
    life.audit = Forgetful::new;
    assertTrue(life.run().violations().contains("the intent is on disk first"));
  }

  /** The step at which the audit record of that kind is written when nothing goes wrong. */
  private static int stepOf(String kind) {
    Life life = new Life();
    List<Integer> at = new ArrayList<>();
    life.audit =
        log ->
            new ForwardingAudit(log) {
              @Override
              public AuditRecord append(
                  Instant time,
                  String actor,
                  String kindNow,
                  String incident,
                  String mitigation,
                  String body) {
                if (kindNow.equals(kind)) {
                  at.add(life.mishaps.steps + 1);
                }
                return super.append(time, actor, kindNow, incident, mitigation, body);
              }
            };
    life.run();
    return at.getFirst();
  }
}
