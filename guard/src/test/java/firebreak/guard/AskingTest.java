package firebreak.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.flags.Approval;
import firebreak.flags.Audience;
import firebreak.guard.ApprovalRequest.Standing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a mitigation that people at the flag provider must approve first. */
class AskingTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Scene scene = new Scene();
  private Guard guard;

  @BeforeEach
  void needsApproval() {
    scene.flags.fault = MemoryFlags.Fault.NEEDS_APPROVAL;
    guard = scene.guard(Mode.ACT);
    scene.play(Scene.ONSET.plusSeconds(19));
  }

  private void awaiting() {
    scene.patrol(guard, MINUTE);
    assertEquals(Mitigation.State.AWAITING_APPROVAL, scene.mitigation().state());
    assertEquals(Incident.State.OPEN, scene.incident().state());
  }

  private Standing standing() {
    ApprovalRequest request = scene.mitigation().approval();
    assertNotNull(request);
    return request.standing();
  }

  /** People decide, and the guard hears of it within its pace. */
  private void decided(Approval answer) {
    scene.flags.approvals.answer = answer;
    scene.patrol(guard, MINUTE);
  }

  @Test
  void asksOnceAndLooksAtItsOwnPace() {
    awaiting();
    assertEquals(1, scene.flags.calls.size());
    assertEquals(1, scene.flags.approvals.asked.size());
    assertEquals(Standing.PENDING, standing());
    int looks = scene.flags.approvals.looks;
    scene.patrol(guard, MINUTE);
    assertEquals(2, scene.flags.approvals.looks - looks);
    assertEquals(1, scene.flags.calls.size());
    assertEquals(1, scene.flags.approvals.asked.size());
    assertEquals(
        List.of("opened", "verdict", "intended", "sent", "awaiting_approval", "awaiting_approval"),
        scene.audit.kinds());
  }

  @Test
  void whatIsAppliedIsVerifiedAndCanBeUndone() {
    awaiting();
    decided(new Approval.Waiting(MemoryApprovals.ID, Approval.Review.APPROVED, "It is approved."));
    assertEquals(Standing.APPROVED, standing());
    assertEquals(Mitigation.State.AWAITING_APPROVAL, scene.mitigation().state());

    Approval.Applied applied = scene.flags.applyByHand(scene.now);
    decided(applied);
    scene.patrol(guard, MINUTE);
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
    assertEquals(Standing.APPLIED, standing());
    assertEquals(applied.at(), scene.mitigation().appliedAt());
    assertEquals(Incident.State.CLOSED, scene.incident().state());
    assertTrue(
        scene.changes.stream().anyMatch(change -> change.actor().equals("bea@example.com")),
        "on the timeline as whose it is");
    assertInstanceOf(
        Reply.Done.class,
        guard.undo(scene.incident().id(), scene.mitigation().id(), "ann", scene.now));
    assertTrue(scene.flags.retailServed);
  }

  @Test
  void whatIsDeclinedIsNeverTriedAgain() {
    awaiting();
    decided(new Approval.Declined("member 7", "it is the back end"));
    scene.patrol(guard, Duration.ofMinutes(5));
    assertEquals(Mitigation.State.DECLINED, scene.mitigation().state());
    assertTrue(scene.mitigation().note().contains("member 7"), scene.mitigation().note());
    assertEquals(1, scene.flags.calls.size());
    assertEquals(1, scene.flags.approvals.asked.size());
    assertEquals(1, scene.incident().mitigations().size());
    assertEquals(1, scene.audit.kinds().stream().filter("declined"::equals).count());
  }

  @Test
  void oneThatIsAppliedThoughDeclinedIsToldAsItIs() {
    awaiting();
    decided(new Approval.Declined("member 7", ""));
    decided(scene.flags.applyByHand(scene.now));
    assertTrue(
        List.of(Mitigation.State.VERIFYING, Mitigation.State.EFFECTIVE)
            .contains(scene.mitigation().state()));
  }

  @Test
  void oneThatIsDeletedOrFailsIsLeftToPeople() {
    awaiting();
    decided(new Approval.Failed("retail is targeted elsewhere"));
    assertEquals(Mitigation.State.ESCALATED, scene.mitigation().state());
    assertEquals(Standing.FAILED, standing());
    decided(new Approval.Deleted());
    scene.patrol(guard, Duration.ofMinutes(5));
    assertEquals(Mitigation.State.CANCELLED, scene.mitigation().state());
    assertFalse(scene.mitigation().isByGuard());
    assertEquals(1, scene.flags.calls.size());
    assertEquals(1, scene.incident().mitigations().size());
  }

  @Test
  void whatIsAppliedAfterTheBurnHasEndedStoppedNothing() {
    awaiting();
    scene.endedAt = scene.now;
    scene.retailToBlame = false;
    scene.patrol(guard, Duration.ofHours(2));
    assertEquals(Incident.State.CLOSED, scene.incident().state());
    scene.patrol(guard, MINUTE);

    scene.flags.approvals.answer = scene.flags.applyByHand(scene.now);
    scene.patrol(guard, Asking.LOOKS_EVERY_WHEN_OLD.plusSeconds(5));
    assertEquals(Mitigation.State.ESCALATED, scene.mitigation().state());
    assertTrue(scene.mitigation().note().contains("stopped nothing"), scene.mitigation().note());
    assertEquals(Incident.State.CLOSED, scene.incident().state());
    assertFalse(scene.audit.kinds().contains("effective"));
    assertInstanceOf(
        Reply.Done.class,
        guard.undo(scene.incident().id(), scene.mitigation().id(), "ann", scene.now));
  }

  @Test
  void whatSomebodyHasTakenBackSinceIsNotInForce() {
    awaiting();
    Approval.Applied done = scene.flags.applyByHand(scene.now);
    scene.flags.changeByHand();
    decided(new Approval.Applied(done.at(), done.by(), done.fence(), done.before(), "{}", false));
    assertEquals(Mitigation.State.SUPERSEDED, scene.mitigation().state());
    assertTrue(scene.audit.kinds().contains("applied"));
    assertInstanceOf(
        Reply.Conflict.class,
        guard.undo(scene.incident().id(), scene.mitigation().id(), "ann", scene.now));
  }

  @Test
  void theProvidersLimitIsKept() {
    awaiting();
    scene.flags.approvals.answer = new Approval.Unavailable("busy", Duration.ofMinutes(4));
    scene.patrol(guard, MINUTE);
    int looks = scene.flags.approvals.looks;
    scene.patrol(guard, Duration.ofMinutes(3));
    assertEquals(looks, scene.flags.approvals.looks);
    assertEquals(Mitigation.State.AWAITING_APPROVAL, scene.mitigation().state());
  }

  @Test
  void aPersonWhoDismissesItTakesTheRequestBackToo() {
    awaiting();
    Reply other =
        guard.request(
            scene.incident().id(),
            MemoryFlags.FLAG,
            new Audience.Everyone(),
            "",
            "ann",
            false,
            scene.now);
    assertInstanceOf(Reply.Conflict.class, other);
    String id = scene.mitigation().id();
    scene.flags.approvals.answer = scene.flags.applyByHand(scene.now);
    assertInstanceOf(
        Reply.Conflict.class, guard.dismiss(scene.incident().id(), id, "ann", scene.now));
    scene.flags.approvals.answer = MemoryApprovals.PENDING;
    assertInstanceOf(Reply.Done.class, guard.dismiss(scene.incident().id(), id, "ann", scene.now));
    assertTrue(scene.flags.approvals.deleted);
    assertEquals(Mitigation.State.CANCELLED, scene.mitigation().state());
    scene.patrol(guard, Duration.ofMinutes(2));
    assertEquals(Mitigation.State.CANCELLED, scene.mitigation().state());
  }

  @Test
  void whatCannotBeAskedForGoesToAPersonInTime() {
    scene.flags.approvals.answer = new Approval.Unavailable("busy", Duration.ofSeconds(5));
    scene.patrol(guard, Duration.ofMinutes(12));
    assertEquals(Mitigation.State.ESCALATED, scene.mitigation().state());
    assertNull(scene.mitigation().approval());
  }

  @Test
  void nothingIsAskedWhileTheStopSwitchIsOn() {
    scene.flags.approvals.answer = new Approval.Unavailable("busy", Duration.ofSeconds(5));
    scene.patrol(guard, Duration.ofSeconds(10));
    int asked = scene.flags.approvals.asked.size();
    assertTrue(asked > 0);
    scene.stop = true;
    scene.patrol(guard, MINUTE);
    assertEquals(asked, scene.flags.approvals.asked.size());
  }

  @Test
  void aGuardThatIsBuiltAnewGoesOnWithTheSameRequest() {
    awaiting();
    guard = scene.guard(Mode.ACT);
    scene.patrol(guard, MINUTE);
    assertEquals(1, scene.flags.approvals.asked.size());
    decided(scene.flags.applyByHand(scene.now));
    scene.patrol(guard, MINUTE);
    assertEquals(Mitigation.State.EFFECTIVE, scene.mitigation().state());
  }
}
