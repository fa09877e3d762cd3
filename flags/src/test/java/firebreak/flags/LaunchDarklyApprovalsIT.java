package firebreak.flags;

import static firebreak.flags.FlagFixtures.applied;
import static firebreak.flags.FlagFixtures.customers;
import static firebreak.flags.FlagFixtures.shortCacheOff;
import static firebreak.flags.FlagFixtures.users;
import static firebreak.flags.FlagFixtures.withdrawal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.flags.FakeLaunchDarkly.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes that LaunchDarkly lets through only when one of its members approves. */
class LaunchDarklyApprovalsIT {
  private FakeLaunchDarkly fake;
  private LaunchDarkly flags;

  @BeforeEach
  void start() {
    fake = FakeLaunchDarkly.start();
    fake.addFlag(FlagFixtures.SHORT_CACHE);
    fake.addFlag(FlagFixtures.BUTTON);
    fake.addSegment(FlagJson.object(FlagFixtures.SEGMENTS).path("beta").toString());
    fake.requireApproval(true);
    flags = Flags.launchDarkly(fake.access(Duration.ofSeconds(5)));
  }

  @AfterEach
  void stop() {
    flags.close();
    fake.close();
  }

  private String asked(Withdrawal withdrawal) {
    assertInstanceOf(Outcome.NeedsApproval.class, flags.apply(withdrawal));
    var waiting = assertInstanceOf(Approval.Waiting.class, flags.approvals().ask(withdrawal));
    assertEquals(Approval.Review.PENDING, waiting.review());
    return waiting.id();
  }

  @Test
  void aRequestSaysWhatItWouldDoAndWhyAndChangesNothing() {
    Withdrawal retail = shortCacheOff(customers("retail"), "7");
    String id = asked(retail);

    JsonNode request = fake.approvals().of("short-cache").getFirst();
    assertEquals(id, request.path("_id").asText());
    assertTrue(request.path("description").asText().contains("intent=" + retail.intent()));
    assertEquals(
        List.of("removeTargets", "addTargets"),
        request.path("instructions").findValuesAsText("kind"));
    assertEquals(7, fake.targeting("short-cache").path("version").asInt());
    var shown = assertInstanceOf(Outcome.WouldApply.class, flags.dryRun(retail));
    assertTrue(shown.after().contains("retail"), "shown though it cannot be written");
  }

  @Test
  void whatIsAppliedIsWhatTheWithdrawalWouldHaveDone() {
    for (Withdrawal one :
        List.of(
            shortCacheOff(customers("retail", "acme"), "7"),
            withdrawal("button", users("ann"), "blue", "grey", "3"),
            withdrawal("button", new Audience.Segment("beta"), "blue", "grey", "4"),
            withdrawal("button", new Audience.Everyone(), "blue", "grey", "5"))) {
      String id = asked(one);
      fake.approvals().approve(id);
      var waiting = assertInstanceOf(Approval.Waiting.class, flags.approvals().look(one, id));
      assertEquals(Approval.Review.APPROVED, waiting.review());
      String before = fake.targeting(one.flag()).path("version").asText();
      fake.approvals().apply(id);

      var done = assertInstanceOf(Approval.Applied.class, flags.approvals().look(one, id));
      assertEquals(fake.targeting(one.flag()).path("version").asText(), done.fence());
      assertEquals(before, FlagJson.object(done.before()).path("version").asText());
      assertTrue(Targeting.holds(FlagJson.object(done.after()), one), done.after());
      assertTrue(done.inForce() && done.by().contains("@"), done.toString());
    }
    fake.requireApproval(false);
    Withdrawal everyone = withdrawal("button", new Audience.Everyone(), "blue", "grey", "5");
    var done = assertInstanceOf(Approval.Applied.class, flags.approvals().ask(everyone));
    applied(flags.undo(everyone, done.before(), done.fence()));
    assertTrue(fake.targeting("button").path("on").asBoolean());
  }

  @Test
  void whatPeopleThereDecideIsToldAsItIs() {
    Withdrawal retail = shortCacheOff(customers("retail"), "7");
    String id = asked(retail);
    fake.approvals().decline(id, "it is the back end");
    assertEquals(
        new Approval.Declined("member " + FakeApprovals.REVIEWER, "it is the back end"),
        flags.approvals().look(retail, id));
    fake.approvals().apply(id); // an environment may let a declined change be applied
    assertInstanceOf(Approval.Applied.class, flags.approvals().look(retail, id));

    Withdrawal acme = shortCacheOff(customers("acme"), "8");
    String second = asked(acme);
    fake.approvals().schedule(second);
    var later = assertInstanceOf(Approval.Waiting.class, flags.approvals().look(acme, second));
    assertEquals(Approval.Review.SCHEDULED, later.review());
    fake.approvals().fail(second, "acme is targeted elsewhere");
    assertEquals(
        new Approval.Failed("acme is targeted elsewhere"), flags.approvals().look(acme, second));
    fake.approvals().delete(second);
    assertEquals(new Approval.Deleted(), flags.approvals().look(acme, second));
  }

  @Test
  void oneThatWasTakenBackAfterItWasAppliedIsNoLongerInForce() {
    Withdrawal retail = shortCacheOff(customers("retail"), "7");
    String id = asked(retail);
    fake.approvals().apply(id);
    fake.change("short-cache", "contextTargets", "[]");

    var done = assertInstanceOf(Approval.Applied.class, flags.approvals().look(retail, id));
    assertFalse(done.inForce());
    assertEquals("8", done.fence());
  }

  @Test
  void anAnswerThatWasLostIsNotAskedForTwice() {
    Withdrawal retail = shortCacheOff(customers("retail"), "7");
    fake.failNext("POST", new Fault.ReplyLost());
    assertInstanceOf(Approval.Unavailable.class, flags.approvals().ask(retail));
    assertInstanceOf(Approval.Waiting.class, flags.approvals().ask(retail));
    assertEquals(1, fake.approvals().of("short-cache").size());
    assertEquals(new Approval.Deleted(), flags.approvals().takeBack(retail, ""));
    assertEquals(List.of(), fake.approvals().of("short-cache"));
    assertEquals(new Approval.Deleted(), flags.approvals().takeBack(retail, ""));
  }

  @Test
  void whatIsAppliedCannotBeTakenBackByDeletingTheRequest() {
    Withdrawal retail = shortCacheOff(customers("retail"), "7");
    String id = asked(retail);
    fake.approvals().apply(id);
    assertInstanceOf(Approval.Applied.class, flags.approvals().takeBack(retail, id));
    assertEquals(1, fake.approvals().of("short-cache").size());
  }

  @Test
  void aFlagThatMovedMeanwhileIsNotAskedFor() {
    Withdrawal stale = shortCacheOff(customers("retail"), "6");
    assertInstanceOf(Approval.Refused.class, flags.approvals().ask(stale));
    assertEquals(List.of(), fake.approvals().of("short-cache"));
  }

  @Test
  void troubleIsToldAndTheLimitIsKept() {
    Withdrawal retail = shortCacheOff(customers("retail"), "7");
    String id = asked(retail);
    fake.failNext("APPROVALS", new Fault.Status(429, Map.of("Retry-After", "42")));
    var busy = assertInstanceOf(Approval.Unavailable.class, flags.approvals().look(retail, id));
    assertEquals(Duration.ofSeconds(42), busy.retryAfter());
    fake.failNext("APPROVALS", new Fault.Status(503, Map.of()), new Fault.Html(502));
    assertInstanceOf(Approval.Unavailable.class, flags.approvals().look(retail, id));
    assertInstanceOf(Approval.Unavailable.class, flags.approvals().look(retail, id));
    fake.failNext("APPROVALS", new Fault.Status(403, Map.of()));
    assertInstanceOf(Approval.Refused.class, flags.approvals().look(retail, id));
    fake.approvals().apply(id);
    fake.auditLags(true);
    assertInstanceOf(
        Approval.Unavailable.class,
        flags.approvals().look(retail, id),
        "what it was before is not known yet");
  }
}
