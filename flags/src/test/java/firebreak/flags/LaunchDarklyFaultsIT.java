package firebreak.flags;

import static firebreak.flags.FlagFixtures.applied;
import static firebreak.flags.FlagFixtures.customers;
import static firebreak.flags.FlagFixtures.shortCacheOff;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.flags.FakeLaunchDarkly.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LaunchDarkly down, slow, or wrong: what each fault is called, and that it changes nothing. */
class LaunchDarklyFaultsIT {
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final Duration IMPATIENT = Duration.ofMillis(500);

  private final Withdrawal withdrawal = shortCacheOff(customers("retail"), "7");
  private FakeLaunchDarkly fake;
  private LaunchDarkly flags;

  @BeforeEach
  void start() {
    fake = FakeLaunchDarkly.start();
    fake.addFlag(FlagFixtures.SHORT_CACHE);
    flags = Flags.launchDarkly(fake.access(PATIENT));
  }

  @AfterEach
  void stop() {
    flags.close();
    fake.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, 400, Refused",
    "GET, 401, Refused",
    "GET, 403, Refused",
    "GET, 404, Refused",
    "GET, 302, Refused",
    "GET, 408, Unavailable",
    "GET, 429, Unavailable",
    "GET, 500, Unavailable",
    "GET, 503, Unavailable",
    "GET, html, Unavailable",
    "GET, hang, Unavailable",
    "GET, cut, Unavailable",
    "PATCH, 400, Refused",
    "PATCH, 401, Refused",
    "PATCH, 403, Refused",
    "PATCH, 404, Refused",
    "PATCH, 405, NeedsApproval",
    "PATCH, 409, Unavailable",
    "PATCH, 429, Unavailable",
    "PATCH, 302, Refused",
    "PATCH, 408, Unknown",
    "PATCH, 500, Unknown",
    "PATCH, 502, Unknown",
    "PATCH, html, Unknown",
    "PATCH, hang, Unknown",
    "PATCH, cut, Unknown",
    "PATCH, lost, Unknown",
    "PATCH, late, Unknown",
  })
  void eachFaultHasItsOutcome(String method, String name, String expected) {
    fail(method, name);
    Outcome outcome = flags.apply(withdrawal);
    long writes = fake.requests().stream().filter(r -> r.startsWith("PATCH")).count();
    assertEquals(method.equals("GET") ? 0 : 1, writes, "a write is never repeated by itself");
    assertEquals(expected, outcome.getClass().getSimpleName(), outcome.toString());
    assertEquals(
        name.equals("lost") ? 8 : 7, fake.targeting("short-cache").path("version").asInt());
    assertTrue(!outcome.toString().contains(FakeLaunchDarkly.TOKEN));
    if (outcome instanceof Outcome.Refused(String why)) {
      assertTrue(why.contains("LaunchDarkly"), why);
    }
    if (expected.equals("Unknown") && !name.equals("lost")) {
      assertEquals(new FlagSwitch.Landing.Absent(), flags.landed(withdrawal));
    }
  }

  @ParameterizedTest
  @CsvSource({"hang", "cut", "500", "429"})
  void aDryRunThatFailsIsNeverUnknownSinceItWritesNothing(String name) {
    fail("DRY_RUN", name);
    assertInstanceOf(Outcome.Unavailable.class, flags.dryRun(withdrawal));
  }

  /** Only what hangs is worth a short timeout, which a busy machine may exceed by itself. */
  private void fail(String method, String name) {
    flags.close();
    flags = Flags.launchDarkly(fake.access(name.equals("hang") ? IMPATIENT : PATIENT));
    flags.read("short-cache");
    // The HTTP client repeats a read whose connection is cut, so a cut must last.
    boolean lasts = name.equals("cut") && !method.equals("PATCH");
    for (int i = 0; i < (lasts ? 5 : 1); i++) {
      fake.failNext(method, fault(name));
    }
  }

  private static Fault fault(String name) {
    return switch (name) {
      case "html" -> new Fault.Html(200);
      case "hang" -> new Fault.Hang();
      case "cut" -> new Fault.CutBefore();
      case "lost" -> new Fault.ReplyLost();
      case "late" -> new Fault.AppliedLate();
      default -> new Fault.Status(Integer.parseInt(name), Map.of());
    };
  }

  @Test
  void aServerThatIsDownMeansThatNothingWasSent() {
    fake.close();
    var unavailable = assertInstanceOf(Outcome.Unavailable.class, flags.apply(withdrawal));
    assertTrue(unavailable.why().contains("ConnectException"), unavailable.why());
    assertInstanceOf(FlagSwitch.Landing.Unreachable.class, flags.landed(withdrawal));
    assertTrue(!flags.preconditionsEnforced());
  }

  @Test
  void aReplyThatWasLostIsUnknownUntilTheAuditLogShowsThatItLanded() {
    fake.failNext("PATCH", new Fault.ReplyLost());
    assertInstanceOf(Outcome.Unknown.class, flags.apply(withdrawal));
    var landed = assertInstanceOf(FlagSwitch.Landing.Landed.class, flags.landed(withdrawal));
    assertEquals("8", landed.fence());
    assertTrue(landed.after().contains("retail") && !landed.before().contains("retail"));
    assertInstanceOf(Outcome.Superseded.class, flags.apply(withdrawal), "a retry changes nothing");
    assertEquals(1, fake.comments().size());
    applied(flags.undo(withdrawal, landed.before(), landed.fence()));
  }

  @Test
  void aRequestThatIsCarriedOutLateLandsOnlyIfNobodyWasThereBefore() {
    fake.failNext("PATCH", new Fault.AppliedLate());
    assertInstanceOf(Outcome.Unknown.class, flags.apply(withdrawal));
    assertEquals(new FlagSwitch.Landing.Absent(), flags.landed(withdrawal));
    fake.carryOutLateRequests();
    assertInstanceOf(FlagSwitch.Landing.Landed.class, flags.landed(withdrawal));

    Withdrawal second = shortCacheOff(customers("acme"), "8");
    fake.failNext("PATCH", new Fault.AppliedLate());
    assertInstanceOf(Outcome.Unknown.class, flags.apply(second));
    fake.change("short-cache", "on", "false");
    fake.carryOutLateRequests();
    assertEquals(new FlagSwitch.Landing.Absent(), flags.landed(second));
    assertEquals(List.of("by hand", Targeting.mark(withdrawal)), marks());
  }

  private List<String> marks() {
    return fake.comments().stream().map(comment -> comment.replaceFirst(" burn.*", "")).toList();
  }

  @Test
  void anAuditLogThatFailsLeavesItOpenWhetherAWriteLanded() {
    fake.failNext("PATCH", new Fault.ReplyLost());
    assertInstanceOf(Outcome.Unknown.class, flags.apply(withdrawal));
    for (String fault : List.of("hang", "500", "429", "403", "html", "cut")) {
      fail("AUDIT", fault);
      assertInstanceOf(FlagSwitch.Landing.Unreachable.class, flags.landed(withdrawal), fault);
    }
    fake.carryOnAsUsual();
    assertInstanceOf(FlagSwitch.Landing.Landed.class, flags.landed(withdrawal));
  }

  @Test
  void aSlowAnswerIsWaitedForAndOneThatComesTooLateIsFoundInTheAuditLog() {
    Duration moment = Duration.ofMillis(200);
    fake.failNext("GET", new Fault.Slow(moment, Duration.ZERO));
    fake.failNext("PATCH", new Fault.Slow(moment, moment));
    applied(flags.apply(withdrawal));

    flags.close();
    flags = Flags.launchDarkly(fake.access(Duration.ofSeconds(2)));
    Withdrawal second = shortCacheOff(customers("acme"), "8");
    fake.failNext("PATCH", new Fault.Slow(Duration.ofSeconds(4), Duration.ZERO));
    assertInstanceOf(Outcome.Unknown.class, flags.apply(second));
    FlagFixtures.await("it is carried out", () -> fake.comments().size() == 2);
    assertInstanceOf(FlagSwitch.Landing.Landed.class, flags.landed(second));
    assertInstanceOf(Outcome.Superseded.class, flags.apply(second));
    assertEquals(2, fake.comments().size());
  }

  @Test
  void aSuccessThatChangedNothingIsNotBelieved() {
    fake.failNext("PATCH", new Fault.Lie());
    assertInstanceOf(Outcome.Unknown.class, flags.apply(withdrawal));
    assertEquals(new FlagSwitch.Landing.Absent(), flags.landed(withdrawal));
    applied(flags.apply(withdrawal));
    assertEquals(1, fake.comments().size());
  }

  @Test
  void anArchivedFlagIsLeftAloneAndADeletedOneIsNotThere() {
    fake.archive("short-cache");
    assertTrue(flags.read("short-cache").orElseThrow().archived());
    var refused = assertInstanceOf(Outcome.Refused.class, flags.apply(withdrawal));
    assertTrue(refused.why().contains("archived"), refused.why());

    fake.delete("short-cache");
    assertTrue(flags.read("short-cache").isEmpty());
    assertInstanceOf(Outcome.Refused.class, flags.apply(withdrawal));
    assertInstanceOf(FlagSwitch.Landing.Unreachable.class, flags.landed(withdrawal));
    assertEquals(List.of(), fake.comments());
  }

  @Test
  void aFlagThatIsDeletedAfterALostReplyLeavesItOpenWhetherItLanded() {
    fake.failNext("PATCH", new Fault.ReplyLost());
    assertInstanceOf(Outcome.Unknown.class, flags.apply(withdrawal));
    fake.delete("short-cache");
    assertInstanceOf(FlagSwitch.Landing.Unreachable.class, flags.landed(withdrawal));
  }

  @Test
  void whereStreamAndApiDifferTheApiDecides() {
    try (FlagReader application = Flags.followLaunchDarkly(fake.follow("application"))) {
      fake.muteStreams(true);
      fake.change("short-cache", "fallthrough", "{\"variation\": 1}");
      assertEquals("true", FlagFixtures.served(application, "short-cache", "customer", "retail"));
      assertEquals("8", FlagFixtures.fence(flags, "short-cache"));
      assertInstanceOf(Outcome.Superseded.class, flags.apply(withdrawal));
      assertEquals(List.of("by hand"), fake.comments());
    }
  }

  @Test
  void anAuditLogThatLagsDoesNotSayThatNothingLanded() {
    fake.failNext("PATCH", new Fault.ReplyLost());
    assertInstanceOf(Outcome.Unknown.class, flags.apply(withdrawal));
    fake.auditLags(true);
    assertInstanceOf(FlagSwitch.Landing.Unreachable.class, flags.landed(withdrawal));
    fake.auditLags(false);
    assertInstanceOf(FlagSwitch.Landing.Landed.class, flags.landed(withdrawal));
  }

  @ParameterizedTest
  @CsvSource({
    "Retry-After, 30, 30", "Retry-After, 0, 1", "Retry-After, 86400, 300",
    "Retry-After, soon, 10", "X-Ratelimit-Reset, 99999999999999, 300", "X-Ratelimit-Reset, 1, 1",
    "X-Other, 1, 10",
  })
  void tooManyRequestsSayHowLongToWaitWithinLimits(String header, String value, long seconds) {
    fake.failNext("PATCH", new Fault.Status(429, Map.of(header, value)));
    var unavailable = assertInstanceOf(Outcome.Unavailable.class, flags.apply(withdrawal));
    assertEquals(Duration.ofSeconds(seconds), unavailable.retryAfter());
  }
}
