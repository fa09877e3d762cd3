package firebreak.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.SideBySide;
import firebreak.flags.Audience;
import firebreak.flags.Restoration.Portion;
import firebreak.slo.Counts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The way back in steps, each of them a person's and watched before the next. */
class WayBackTest {
  private static final Duration WATCHED = StepWatch.WATCHED_FOR.plusSeconds(1);
  private static final SideBySide WELL = new SideBySide(new Counts(400, 0), new Counts(30_000, 15));

  private final Scene scene = new Scene();
  private Guard guard;

  @BeforeEach
  void withdrawn() {
    guard = scene.guard(Mode.WATCH);
    scene.play(Scene.ONSET.plusSeconds(19));
    scene.patrol(guard, Duration.ofSeconds(30));
    scene.slices.sides = WELL;
  }

  private void withdraw(Audience audience) {
    assertInstanceOf(
        Reply.Done.class,
        guard.request(
            scene.incident().id(), MemoryFlags.FLAG, audience, "", "ann", false, scene.now));
    scene.patrol(guard, Duration.ofMinutes(3));
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
  }

  private Reply step(WayBack.Wish wish, boolean dryRun) {
    return guard.step(
        scene.incident().id(), scene.mitigation().id(), wish, "bea", dryRun, scene.now);
  }

  private Reply step(int percent) {
    return step(new WayBack.Wish(percent, List.of(), "", ""), false);
  }

  private Reply step(String... contexts) {
    return step(new WayBack.Wish(0, List.of(contexts), "", ""), false);
  }

  private NextStep next(String build) {
    return guard
        .nextStep(scene.incident().id(), scene.mitigation().id(), build, scene.now)
        .orElseThrow();
  }

  private static String refused(Reply reply) {
    return assertInstanceOf(Reply.Conflict.class, reply).why();
  }

  @Test
  void whatWasTakenFromEveryoneComesBackAsOneFiveTwentyFiveAndAHundred() {
    withdraw(new Audience.Everyone());
    List<Integer> given = new ArrayList<>();
    for (int percent : List.of(1, 5, 25, 100)) {
      assertEquals(percent, next("").percent());
      assertInstanceOf(
          Reply.WouldChange.class, step(new WayBack.Wish(percent, List.of(), "", ""), true));
      assertInstanceOf(Reply.Done.class, step(percent));
      given.add(((Portion.Share) scene.flags.steps.getLast().portion()).percent());
      assertEquals(
          percent == 100 ? Mitigation.State.UNDONE : Mitigation.State.RETURNING,
          scene.mitigation().state());
      scene.patrol(guard, WATCHED);
    }
    assertEquals(List.of(1, 5, 25, 100), given);
    assertEquals(4, scene.flags.steps.stream().map(one -> one.intent()).distinct().count());
    assertEquals(4, scene.mitigation().wayBack().size());
    assertEquals(3, scene.audit.kinds().stream().filter("stepped"::equals).count());
    assertEquals(4, scene.audit.kinds().stream().filter("step"::equals).count());
    assertTrue(
        guard.nextStep(scene.incident().id(), scene.mitigation().id(), "", scene.now).isEmpty());
    assertInstanceOf(Reply.Conflict.class, step(100));
  }

  @Test
  void noStepIsLeftOutNorTakenTwice() {
    withdraw(new Audience.Everyone());
    assertTrue(refused(step(5)).contains("to 1 %"));
    assertTrue(refused(step("retail")).contains("to 1 %"));
    assertInstanceOf(Reply.Done.class, step(1));
    scene.patrol(guard, WATCHED);
    assertTrue(refused(step(1)).contains("to 5 %"));
    assertThrows(
        IllegalArgumentException.class, () -> new WayBack.Wish(1, List.of("retail"), "", ""));
    assertThrows(IllegalArgumentException.class, () -> new WayBack.Wish(0, List.of(), "", ""));
  }

  @Test
  void aStepIsWatchedBeforeTheNext() {
    withdraw(new Audience.Everyone());
    assertInstanceOf(Reply.Done.class, step(1));
    scene.patrol(guard, Duration.ofMinutes(1));
    assertTrue(refused(step(5)).contains("watched for 5 minutes"));
    scene.patrol(guard, WATCHED);
    scene.slices.sides = new SideBySide(new Counts(99, 0), new Counts(30_000, 15));
    assertTrue(refused(step(5)).contains("100 events"));
    scene.slices.sides = new SideBySide(new Counts(400, 40), new Counts(30_000, 15));
    assertTrue(refused(step(5)).contains("fare worse"));
    NextStep next = next("");
    assertTrue(next.watched().getFirst().contains("40 of 400"), next.watched().toString());
    assertTrue(next.pValue() < 0.01);
    assertEquals(1, scene.flags.steps.size());
    scene.slices.sides = WELL;
    assertInstanceOf(Reply.Done.class, step(5));
  }

  @Test
  void whereEventsDoNotSayWhatTheyWereServedAllOfThemMustBeWell() {
    scene.slices.sides = new SideBySide(Counts.NONE, Counts.NONE);
    withdraw(new Audience.Everyone());
    assertInstanceOf(Reply.Done.class, step(1));
    scene.flags.retailServed = true; // and all burns again
    scene.patrol(guard, WATCHED);
    assertTrue(refused(step(5)).contains("burns at"));
    assertFalse(next("").watched().isEmpty());
  }

  @Test
  void aBuildThatIsNotThereHoldsTheStepBack() {
    withdraw(new Audience.Everyone());
    WayBack.Wish fixed = new WayBack.Wish(1, List.of(), "", "8813");
    assertTrue(refused(step(fixed, false)).contains("serves no traffic yet"));
    scene.slices.ofBuild = 6_000;
    assertTrue(refused(step(fixed, false)).contains("needs 95 %"));
    scene.slices.ofBuild = 29_500;
    assertInstanceOf(Reply.Done.class, step(fixed, false));
    assertEquals("8813", scene.mitigation().wayBack().getFirst().build());
    scene.patrol(guard, WATCHED);
    scene.slices.ofBuild = 100;
    assertTrue(refused(step(5)).contains("8813"), "the way back stays bound to it");
    assertTrue(next("").buildShare() < 0.95);
  }

  @Test
  void aFewContextsComeBackOneByOneOrAllWhenFew() {
    withdraw(new Audience.Contexts("customer", List.of("retail", "acme", "nimbus", "orbit")));
    assertTrue(refused(step("retail", "acme")).contains("one of acme, nimbus, orbit, retail"));
    assertTrue(refused(step("acme", "nimbus", "orbit", "retail")).contains("one of"));
    assertTrue(refused(step("other")).contains("one of"));
    assertInstanceOf(Reply.Done.class, step("acme"));
    assertEquals(List.of("nimbus", "orbit", "retail"), next("").contexts());
    scene.patrol(guard, WATCHED);
    assertInstanceOf(Reply.Done.class, step("nimbus", "orbit", "retail"));
    assertEquals(Mitigation.State.UNDONE, scene.mitigation().state());
    assertInstanceOf(Portion.Contexts.class, scene.flags.steps.getLast().portion());
  }

  @Test
  void peopleWinAndAStopHoldsAndAnAnswerThatWasLostIsFound() {
    withdraw(new Audience.Everyone());
    scene.stop = true;
    assertInstanceOf(Reply.Refused.class, step(1));
    scene.stop = false;
    scene.flags.fault = MemoryFlags.Fault.REPLY_LOST;
    assertInstanceOf(Reply.Done.class, step(1));
    scene.patrol(guard, WATCHED);
    scene.flags.changeByHand();
    assertTrue(refused(step(5)).contains("has been changed since"));
    assertEquals(1, scene.flags.steps.size());
    assertInstanceOf(
        Reply.Conflict.class,
        guard.undo(scene.incident().id(), scene.mitigation().id(), "bea", scene.now));
  }

  @Test
  void aStepIsAChangeThatMayBeBlamed() {
    withdraw(new Audience.Everyone());
    step(1);
    Change last = scene.changes.getLast();
    assertEquals("bea", last.actor());
    assertFalse(((Change.FlagChange) last).own());
  }

  @Test
  void nothingIsGivenBackWithoutAPerson() {
    withdraw(new Audience.Everyone());
    step(1);
    scene.patrol(guard, Duration.ofHours(1));
    guard = scene.guard(Mode.ACT);
    scene.patrol(guard, Duration.ofMinutes(10));
    assertEquals(1, scene.flags.steps.size());
    assertEquals(Mitigation.State.RETURNING, scene.mitigation().state());
  }
}
