package firebreak.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Change;
import firebreak.flags.Audience;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end that a person gives a mitigation, which the flag provider keeps. */
class LeasesTest {
  private static final Audience RETAIL = new Audience.Contexts("customer", List.of("retail"));

  private final Scene scene = new Scene();
  private Guard guard;
  private Instant end;

  @BeforeEach
  void burns() {
    guard = scene.guard(Mode.WATCH);
    scene.play(Scene.ONSET.plusSeconds(19));
    scene.patrol(guard, Duration.ofSeconds(30));
    end = scene.now.plus(Duration.ofMinutes(20));
  }

  private Reply ask(Audience audience, @Nullable Instant until, boolean dryRun) {
    return guard.request(
        scene.incident().id(), MemoryFlags.FLAG, audience, "", until, "ann", dryRun, scene.now);
  }

  private @Nullable Lease lease() {
    return scene.mitigation().lease();
  }

  @Test
  void theProviderIsToldOnceItIsInForceAndGivesItBack() {
    var would = assertInstanceOf(Reply.WouldChange.class, ask(RETAIL, end, true));
    assertTrue(would.notes().getFirst().contains("asks nobody"), would.notes().toString());
    assertInstanceOf(Reply.Done.class, ask(RETAIL, end, false));
    scene.patrol(guard, Duration.ofMinutes(3));
    assertEquals(new Lease(end, "ann", true), lease());
    assertEquals(scene.flags.fence(), scene.mitigation().fenceAfter());
    assertEquals(1, scene.flags.expiring.size());
    would = assertInstanceOf(Reply.WouldChange.class, ask(RETAIL, null, true));
    assertTrue(would.notes().getFirst().contains("customer retail at " + end));

    scene.patrol(guard, Duration.between(scene.now, end));
    scene.flags.removeTargets();
    scene.patrol(guard, Leases.REMOVED_WITHIN.plusSeconds(5));
    assertEquals(Mitigation.State.UNDONE, scene.mitigation().state());
    assertTrue(scene.mitigation().note().contains("as ann had asked"), scene.mitigation().note());
    Change last = scene.changes.getLast();
    assertEquals(end, last.time(), "on the timeline as what it was");
    assertEquals("ann", last.actor());
  }

  @Test
  void oneThatHasAnEndCanBeUndoneBefore() {
    ask(RETAIL, end, false);
    scene.patrol(guard, Duration.ofMinutes(3));
    assertInstanceOf(
        Reply.Done.class,
        guard.undo(scene.incident().id(), scene.mitigation().id(), "bea", scene.now));
    scene.patrol(guard, Duration.ofMinutes(30));
    assertEquals("Undone by bea.", scene.mitigation().note());
  }

  @Test
  void anEndThatCannotBeSetLeavesItAway() {
    scene.flags.expires = false;
    ask(RETAIL, end, false);
    scene.patrol(guard, Duration.ofMinutes(3));
    assertNull(lease());
    assertEquals(1, scene.audit.kinds().stream().filter("leased"::equals).count());
    scene.patrol(guard, Duration.ofMinutes(30));
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
  }

  @Test
  void anEndThatSomebodyTookAwayIsTold() {
    ask(RETAIL, end, false);
    scene.patrol(guard, Duration.ofMinutes(3));
    scene.flags.expiring.clear();
    scene.patrol(guard, Duration.ofMinutes(25));
    assertNull(lease());
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
    assertTrue(scene.mitigation().note().contains("took the end away"));
  }

  @Test
  void onlyContextsOfAProviderThatCanHaveAnEndThatLiesAhead() {
    assertInstanceOf(Reply.Refused.class, ask(new Audience.Everyone(), end, false));
    assertInstanceOf(Reply.Refused.class, ask(RETAIL, scene.now, false));
    scene.flags.removesTargets = false;
    assertInstanceOf(Reply.Refused.class, ask(RETAIL, end, false));
    assertEquals(List.of(), scene.flags.calls);
  }

  @Test
  void theGuardGivesNoEndOfItsOwnAccord() {
    guard = scene.guard(Mode.ACT);
    scene.patrol(guard, Duration.ofHours(1));
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
    assertNull(lease());
    assertEquals(List.of(), scene.flags.expiring);
  }
}
