package firebreak.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.Finding;
import firebreak.deploytracker.Verdict;
import firebreak.flags.Audience;
import firebreak.slo.Objective;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardTest {
  private static final Duration TWO_MINUTES = Duration.ofMinutes(2);

  private static final Objective BROKEN =
      new Objective(
          "broken",
          "broken",
          "query-api",
          List.of("query-api"),
          Scene.OBJECTIVE.eligible(),
          Scene.OBJECTIVE.good(),
          0.9,
          Duration.ofDays(1));

  private final Scene scene = new Scene();

  private Guard after(Mode mode, Duration length) {
    Guard guard = scene.guard(mode);
    scene.play(Scene.ONSET.plusSeconds(19));
    scene.patrol(guard, length);
    return guard;
  }

  @Test
  void turnsOneCustomerOffAndClosesOnceTheBurnHasStopped() {
    after(Mode.ACT, TWO_MINUTES);
    assertEquals(Incident.State.CLOSED, scene.incident().state());
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
    assertEquals(
        new Audience.Contexts("customer", List.of("retail")),
        scene.mitigation().withdrawal().audience());
    assertEquals(0, scene.mitigation().observedBurnRate());
    assertEquals(
        List.of(
            "opened", "verdict", "intended", "sent", "applied", "verifying", "effective", "closed"),
        scene.audit.kinds());
    assertEquals(1, scene.flags.writes.size());
  }

  @Test
  void asksOfAProviderThatMayNotTestVersionsNothingByItself() {
    scene.flags.preconditionsEnforced = false;
    Guard guard = after(Mode.ACT, TWO_MINUTES);
    assertEquals(Mitigation.State.RECOMMENDED, scene.mitigation().state());
    assertEquals(List.of(), scene.flags.calls);
    scene.flags.preconditionsEnforced = true;
    scene.patrol(guard, TWO_MINUTES);
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
  }

  /** A fault of ours in one place is no reason to let something else burn. */
  @Test
  void troubleWithOneObjectiveKeepsItFromNoOther() {
    scene.play(Scene.ONSET.plusSeconds(19));
    World world = scene.world(scene.flags);
    World.Burns burns =
        (World.Burns)
            Proxy.newProxyInstance(
                World.Burns.class.getClassLoader(),
                new Class<?>[] {World.Burns.class},
                (_, method, arguments) ->
                    switch (method.getName()) {
                      case "objectives" -> List.of(BROKEN, Scene.OBJECTIVE);
                      case "alerts" -> {
                        if (arguments[0].equals(BROKEN)) {
                          throw new IllegalStateException("a bug");
                        }
                        yield method.invoke(world.burns(), arguments);
                      }
                      default -> method.invoke(world.burns(), arguments);
                    });
    Guard guard =
        new Guard(
            new World(burns, world.explainer(), world.blame(), world.timeline(), world.flags()),
            scene.incidents,
            scene.audit,
            Settings.of("production", List.of("short-cache")),
            Mode.WATCH,
            () -> false);
    Instant seen = Scene.ONSET.plusSeconds(60);
    assertThrows(IllegalStateException.class, () -> guard.patrol(seen));
    assertEquals(1, guard.incidents().size());
  }

  @Test
  void putsItsOwnChangeOnTheTimeline() {
    after(Mode.ACT, TWO_MINUTES);
    Change last = scene.changes.getLast();
    assertTrue(last instanceof Change.FlagChange change && change.own(), last.toString());
  }

  @Test
  void onlyRecommendsInModeWatch() {
    after(Mode.WATCH, TWO_MINUTES);
    assertEquals(Mitigation.State.RECOMMENDED, scene.mitigation().state());
    assertEquals(
        List.of("The mode is watch: the guard says what it would do."),
        scene.mitigation().refusals());
    assertEquals(List.of(), scene.flags.calls);
    assertEquals(List.of("opened", "verdict", "recommended"), scene.audit.kinds());
    assertEquals(Incident.State.OPEN, scene.incident().state());
  }

  @Test
  void actsOnceApprovedInModeAsk() {
    Guard guard = after(Mode.ASK, Duration.ofSeconds(10));
    Reply reply = guard.approve(scene.incident().id(), scene.mitigation().id(), "ada", scene.now);
    assertInstanceOf(Reply.Done.class, reply);
    scene.patrol(guard, TWO_MINUTES);
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
    assertEquals("ada", scene.mitigation().actor());
    assertTrue(scene.audit.kinds().contains("approved"));
  }

  @Test
  void approvesNothingThatIsNoLongerRecommended() {
    Guard guard = after(Mode.ASK, Duration.ofSeconds(10));
    String old = scene.mitigation().id();
    scene.flags.changeByHand();
    scene.patrol(guard, Duration.ofSeconds(10));
    assertInstanceOf(
        Reply.NotFound.class, guard.approve(scene.incident().id(), old, "ada", scene.now));
    assertEquals(List.of(), scene.flags.calls);
  }

  @Test
  void leavesItWhenAPersonDismissesIt() {
    Guard guard = after(Mode.ASK, Duration.ofSeconds(10));
    guard.dismiss(scene.incident().id(), scene.mitigation().id(), "ada", scene.now);
    guard.setMode(Mode.ACT, "ada", scene.now);
    scene.patrol(guard, TWO_MINUTES);
    assertEquals(Mitigation.State.CANCELLED, scene.mitigation().state());
    assertEquals(List.of(), scene.flags.calls);
  }

  @Test
  void undoesAtAPersonsWordAndDoesNotDoItAgain() {
    Guard guard = after(Mode.ACT, Duration.ofSeconds(40));
    Reply reply = guard.undo(scene.incident().id(), scene.mitigation().id(), "ada", scene.now);
    assertInstanceOf(Reply.Done.class, reply);
    scene.patrol(guard, TWO_MINUTES);
    assertEquals(Mitigation.State.UNDONE, scene.mitigation().state());
    assertEquals(2, scene.flags.writes.size());
    assertTrue(scene.flags.retailServed);
  }

  @Test
  void undoesNothingOnceSomebodyElseHasChangedTheFlag() {
    Guard guard = after(Mode.ACT, Duration.ofSeconds(40));
    scene.flags.changeByHand();
    assertInstanceOf(
        Reply.Conflict.class,
        guard.undo(scene.incident().id(), scene.mitigation().id(), "ada", scene.now));
    assertEquals(2, scene.flags.writes.size());
  }

  @Test
  void doesWhatAPersonAsksAndShowsItFirst() {
    scene.finding = Finding.UNSURE;
    Guard guard = after(Mode.WATCH, Duration.ofSeconds(10));
    String id = scene.incident().id();
    Audience retail = new Audience.Contexts("customer", List.of("retail"));
    Reply shown = guard.request(id, MemoryFlags.FLAG, retail, "", "ada", true, scene.now);
    assertInstanceOf(Reply.WouldChange.class, shown);
    assertEquals(List.of(), scene.flags.writes);
    Reply done = guard.request(id, MemoryFlags.FLAG, retail, "", "ada", false, scene.now);
    assertInstanceOf(Reply.Done.class, done);
    scene.patrol(guard, TWO_MINUTES);
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
    assertInstanceOf(
        Reply.Refused.class,
        guard.request(id, MemoryFlags.FLAG, retail, "blue", "ada", false, scene.now));
  }

  @Test
  void saysSoWhenItDidNotHelpAndVetoesTheSuspect() {
    scene.retailToBlame = false;
    after(Mode.ACT, Duration.ofMinutes(3));
    assertEquals(Mitigation.State.INEFFECTIVE, scene.mitigation().state());
    assertEquals(Incident.State.OPEN, scene.incident().state());
    assertEquals(0, scene.incident().finding().suspects().getLast().posterior());
    assertEquals(1, scene.flags.calls.size(), "no second flag for the same episode");
  }

  @Test
  void aBurnThatIsOverAppearsClosedWithItsVerdict() {
    scene.endedAt = Scene.ONSET.plusSeconds(300);
    Guard guard = scene.guard(Mode.ACT);
    scene.play(Scene.ONSET.plusSeconds(3_000));
    guard.patrol(scene.now);
    assertEquals(Incident.State.CLOSED, scene.incident().state());
    assertEquals("8812", scene.incident().finding().verdict().buildId());
    assertEquals(Mitigation.State.RECOMMENDED, scene.mitigation().state());
    assertEquals(List.of(), scene.flags.calls);
  }

  @Test
  void reopensWhatLateEventsShowToBurnOn() {
    scene.endedAt = Scene.ONSET.plusSeconds(300);
    Guard guard = scene.guard(Mode.WATCH);
    scene.play(Scene.ONSET.plusSeconds(310));
    guard.patrol(scene.now);
    assertEquals(Incident.State.CLOSED, scene.incident().state());
    scene.endedAt = null;
    scene.patrol(guard, Duration.ofSeconds(2));
    assertEquals(Incident.State.OPEN, scene.incident().state());
    assertNull(scene.incident().closedAt());
    assertEquals(1, scene.incidents.incidents().size());
  }

  @Test
  void keepsOneIncidentWhileTheOnsetMoves() {
    Guard guard = after(Mode.WATCH, Duration.ofSeconds(10));
    Incident first = scene.incident();
    assertEquals(Casebook.id(scene.alert()), first.id());
    scene.endedAt = scene.now;
    scene.patrol(guard, Duration.ofSeconds(10));
    assertEquals(1, scene.incidents.incidents().size());
    assertEquals(first.openedAt(), scene.incident().openedAt());
  }

  @Test
  void standsDownWithoutALever() {
    scene.finding = Finding.UNSURE;
    after(Mode.ACT, TWO_MINUTES);
    assertNull(scene.incident().mitigation());
    assertEquals(List.of("opened"), scene.audit.kinds());
  }

  @Test
  void tellsListenersOfEachChange() {
    List<Incident.State> seen = new ArrayList<>();
    Guard guard = scene.guard(Mode.ACT);
    guard.onChange(incident -> seen.add(incident.state()));
    scene.play(Scene.ONSET.plusSeconds(19));
    scene.patrol(guard, TWO_MINUTES);
    assertEquals(Incident.State.OPEN, seen.getFirst());
    assertTrue(seen.contains(Incident.State.MITIGATING) && seen.contains(Incident.State.MITIGATED));
    assertEquals(Incident.State.CLOSED, seen.getLast());
  }

  @Test
  void recordsWhoTurnedTheModeAndTheStopSwitch() {
    Guard guard = scene.guard(Mode.WATCH);
    guard.setMode(Mode.ACT, "ada", scene.now);
    scene.stop = true;
    guard.noticeStop("ada", scene.now);
    guard.patrol(scene.now);
    assertEquals(List.of("mode", "stopped"), scene.audit.kinds());
    assertTrue(guard.isStopped());
    assertFalse(scene.audit.head().startsWith("0000000000"));
  }

  @Test
  void aSlowAlertThatBecomesUrgentStaysOneIncident() {
    scene.urgent = false;
    Guard guard = after(Mode.ACT, Duration.ofSeconds(20));
    assertEquals(
        List.of("The burn is slow enough to wait for a person."), scene.mitigation().refusals());
    scene.urgent = true;
    scene.patrol(guard, TWO_MINUTES);
    assertEquals(1, scene.incidents.incidents().size());
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
  }

  @Test
  void closesTheIncidentOfAnObjectiveThatIsGone() {
    Guard guard = after(Mode.WATCH, Duration.ofSeconds(10));
    scene.objectives = List.of();
    scene.patrol(guard, Duration.ofSeconds(2));
    assertEquals(Incident.State.CLOSED, scene.incident().state());
  }

  @Test
  void doesNotActOnDataThatHasStopped() {
    Guard guard = scene.guard(Mode.ACT);
    scene.play(Scene.ONSET.plusSeconds(60));
    scene.silent = true;
    scene.play(Scene.ONSET.plusSeconds(110));
    scene.patrol(guard, TWO_MINUTES);
    assertEquals(List.of(), scene.flags.calls);
    assertTrue(
        scene.mitigation().refusals().getFirst().contains("not fresh"),
        scene.mitigation().refusals().toString());
  }

  @Test
  void doesNotActWhereTheFlagWasChangedBetweenOnsetAndAlert() {
    scene.changes.add(Scene.flagChange("2", "{}", Scene.ONSET.plusSeconds(5)));
    scene.flags.changeByHand();
    after(Mode.ACT, TWO_MINUTES);
    assertEquals(List.of(), scene.flags.calls);
    assertEquals(
        List.of("The flag short-cache has been changed since the burn began."),
        scene.mitigation().refusals());
  }

  @Test
  void undoesTheFlagChangeThatIsToBlameItself() {
    scene.changes.add(Scene.flagChange("2", "{}", Scene.ONSET.plusSeconds(5)));
    scene.flags.changeByHand();
    scene.finding =
        new Finding(
            new Verdict(Verdict.Kind.FLAG, "flag-2", "", Scene.LEVER, List.of(), 0.99),
            List.of(),
            Scene.TALK.prediction(),
            1e-6,
            List.of());
    after(Mode.ACT, TWO_MINUTES);
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
  }

  @Test
  void doesNotActWhereAPersonChangedTheFlagSinceAndPutItBack() {
    String fence = scene.flags.read(MemoryFlags.FLAG).orElseThrow().fence();
    scene.changes.add(Scene.flagChange("off", "{}", Scene.ONSET.plusSeconds(5)));
    Change.FlagChange back = Scene.flagChange(fence, "{}", Scene.ONSET.plusSeconds(15));
    scene.changes.add(
        new Change.FlagChange(
            "flag-back",
            back.time(),
            back.flag(),
            back.service(),
            back.environment(),
            back.fence(),
            back.before(),
            back.after(),
            false,
            "",
            "",
            ""));
    after(Mode.ACT, TWO_MINUTES);
    assertEquals(List.of(), scene.flags.calls);
    assertEquals(
        List.of("The flag short-cache has been changed since the burn began."),
        scene.mitigation().refusals());
  }
}
