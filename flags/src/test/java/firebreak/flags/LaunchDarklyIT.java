package firebreak.flags;

import static firebreak.flags.FlagFixtures.applied;
import static firebreak.flags.FlagFixtures.await;
import static firebreak.flags.FlagFixtures.customers;
import static firebreak.flags.FlagFixtures.fence;
import static firebreak.flags.FlagFixtures.served;
import static firebreak.flags.FlagFixtures.shortCacheOff;
import static firebreak.flags.FlagFixtures.users;
import static firebreak.flags.FlagFixtures.withdrawal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.flags.FakeLaunchDarkly.Fault;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LaunchDarklyIT {
  private FakeLaunchDarkly fake;
  private LaunchDarkly flags;

  @BeforeEach
  void start() {
    fake = FakeLaunchDarkly.start();
    fake.addFlag(FlagFixtures.SHORT_CACHE);
    fake.addFlag(FlagFixtures.BUTTON);
    fake.addSegment(FlagJson.object(FlagFixtures.SEGMENTS).path("beta").toString());
    flags = Flags.launchDarkly(fake.access(Duration.ofSeconds(10)));
  }

  @AfterEach
  void stop() {
    flags.close();
    fake.close();
  }

  @Test
  void theAuditLogTellsWhatHappenedSinceWithWhatWasBefore() {
    Instant start = Instant.EPOCH;
    applied(flags.apply(shortCacheOff(customers("retail"), fence(flags, "short-cache"))));
    applied(flags.apply(shortCacheOff(customers("acme"), fence(flags, "short-cache"))));

    List<String> ids = flags.auditedSince(start);
    assertEquals(2, ids.size());
    JsonNode newest = FlagJson.object(flags.audited(ids.getFirst()));
    assertEquals("flag", newest.path("kind").asText());
    assertTrue(newest.has("previousVersion") && newest.has("currentVersion"), newest.toString());
    assertEquals(List.of(), flags.auditedSince(Instant.parse("2099-01-01T00:00:00Z")));
    fake.failNext("AUDIT", new Fault.Status(503, Map.of()));
    assertThrows(UncheckedIOException.class, () -> flags.auditedSince(start));
  }

  @Test
  void theSdkThatStreamsFollowsWhatTheRestApiChanged() {
    try (FlagReader reader = Flags.followLaunchDarkly(fake.follow("query-api"))) {
      List<String> changed = new CopyOnWriteArrayList<>();
      reader.onChange(changed::add);
      assertTrue(reader.isReady());
      assertEquals("true", served(reader, "short-cache", "customer", "retail"));

      Withdrawal withdrawal = shortCacheOff(customers("retail"), fence(flags, "short-cache"));
      var done = applied(flags.apply(withdrawal));
      await(
          "retail is off",
          () -> served(reader, "short-cache", "customer", "retail").equals("false"));
      assertEquals("true", served(reader, "short-cache", "customer", "acme"));
      await("the change was told", () -> changed.equals(List.of("short-cache")));

      applied(flags.undo(withdrawal, done.before(), done.fence()));
      await(
          "retail is on again",
          () -> served(reader, "short-cache", "customer", "retail").equals("true"));

      var segment = shortCacheOff(new Audience.Segment("beta"), fence(flags, "short-cache"));
      var ruled = applied(flags.apply(segment));
      await("beta is off", () -> served(reader, "short-cache", "customer", "acme").equals("false"));
      assertEquals("true", served(reader, "short-cache", "customer", "other"));
      applied(flags.undo(segment, ruled.before(), ruled.fence()));
      assertTrue(fake.targeting("short-cache").path("rules").isEmpty());

      applied(flags.apply(shortCacheOff(new Audience.Everyone(), fence(flags, "short-cache"))));
      await("all is off", () -> served(reader, "short-cache", "user", "any").equals("false"));
    }
    assertTrue(fake.requests().stream().noneMatch(r -> r.contains("bulk")), "sends no events");
  }

  @Test
  void readsFlagsAsTheApiHasThem() {
    assertEquals(List.of("short-cache", "button"), flags.keys());
    FlagState state = flags.read("button").orElseThrow();
    assertEquals("3", state.fence());
    assertEquals(List.of("blue", "green", "grey"), state.variations());
    assertEquals("grey", state.offVariation());
    assertTrue(state.on() && state.temporary() && !state.archived());
    assertEquals(
        "[\"blue\",\"green\",\"grey\"]",
        FlagJson.object(state.definition()).path("variations").toString());
    assertTrue(flags.read("unheard-of").isEmpty());
  }

  @Test
  void fewRequestsTellOfManyFlags() {
    for (int i = 0; i < 60; i++) {
      fake.addFlag(FlagJson.object(FlagFixtures.SHORT_CACHE).put("key", "flag-" + i).toString());
    }
    int before = fake.requests().size();
    List<FlagState> all = flags.all();
    assertEquals(3, fake.requests().size() - before, "25 at a time");
    assertEquals(62, all.size());
    all.forEach(state -> assertEquals(state, flags.read(state.key()).orElseThrow()));
  }

  @Test
  void tellsWhichFlagsAskAnotherFirst() {
    String asking =
        FlagFixtures.SHORT_CACHE.replace(
            "\"prerequisites\": []",
            "\"prerequisites\": [{\"key\": \"button\", \"variation\": 0}]");
    fake.addFlag(FlagJson.object(asking).put("key", "asks").toString());
    fake.addFlag(FlagJson.object(asking).put("key", "asleep").put("on", false).toString());
    assertEquals(Set.of("asks"), flags.read("button").orElseThrow().dependents());
    assertEquals(Set.of(), flags.read("asks").orElseThrow().dependents());
  }

  @Test
  void theChangeIsOneWriteThatCarriesTheIntentAndTheEvidence() {
    Withdrawal withdrawal = shortCacheOff(customers("retail", "acme"), "7");
    var done = applied(flags.apply(withdrawal));
    assertEquals("8", done.fence());
    assertEquals(
        List.of(
            "firebreak intent="
                + withdrawal.intent()
                + " burn of query-api-fast; evidence at http://127.0.0.1/incidents/1"),
        fake.comments());
    JsonNode targets = fake.targeting("short-cache").path("contextTargets");
    assertEquals(
        "[{\"contextKind\":\"customer\",\"variation\":1,\"values\":[\"retail\",\"acme\"]}]",
        targets.toString());
  }

  @Test
  void aStaleFenceNeverWritesWhetherItIsSeenBeforeOrOnlyByTheTest() {
    Withdrawal withdrawal = shortCacheOff(customers("retail"), "7");
    for (int status : List.of(400, 409)) {
      fake.answerFailedTests(status);
      LaunchDarklyFlag stale =
          LaunchDarklyFlag.of(fake.flag("short-cache"), FakeLaunchDarkly.ENVIRONMENT).orElseThrow();
      fake.change("short-cache", "trackEvents", status == 400 ? "true" : "false");
      JsonNode now = fake.targeting("short-cache");

      assertInstanceOf(Outcome.Superseded.class, flags.apply(withdrawal));
      // The flag as it was read a moment before the person's change.
      Outcome outcome = flags.send(withdrawal, stale, FlagJson.object(after(stale)), "", "");
      assertEquals(new Outcome.Superseded(now.path("version").asText()), outcome);
      assertEquals(now, fake.targeting("short-cache"));
      withdrawal = shortCacheOff(customers("retail"), now.path("version").asText());
    }
    assertEquals(List.of("by hand", "by hand"), fake.comments());
  }

  private static String after(LaunchDarklyFlag flag) {
    return flag.definition().deepCopy().put("on", false).toString();
  }

  @Test
  void aDryRunShowsWhatWouldBeAndChangesNothing() {
    JsonNode before = fake.flag("short-cache");
    var would =
        assertInstanceOf(
            Outcome.WouldApply.class, flags.dryRun(shortCacheOff(customers("retail"), "7")));
    assertTrue(would.after().contains("retail") && !would.before().contains("retail"));
    assertEquals(before, fake.flag("short-cache"));
    assertInstanceOf(
        Outcome.Superseded.class, flags.dryRun(shortCacheOff(customers("retail"), "6")));
  }

  @Test
  void undoIsFencedAndKeepsWhatAPersonChanged() {
    Withdrawal withdrawal = withdrawal("button", users("ann"), "blue", "green", "3");
    var done = applied(flags.apply(withdrawal));
    fake.change("button", "fallthrough", "{\"variation\": 0}");
    assertInstanceOf(Outcome.Superseded.class, flags.undo(withdrawal, done.before(), done.fence()));
    var undone = applied(flags.undo(withdrawal, done.before(), fence(flags, "button")));
    JsonNode now = FlagJson.object(undone.after());
    assertEquals(0, now.path("fallthrough").path("variation").asInt());
    assertEquals(
        "[{\"variation\":0,\"values\":[\"ann\"]},{\"variation\":1,\"values\":[\"bob\"]}]",
        now.path("targets").toString());
    assertInstanceOf(
        Outcome.Refused.class, flags.undo(withdrawal, done.before(), fence(flags, "button")));
  }

  @Test
  void theAuditLogTellsWhatLandedEvenAfterManyOtherChanges() {
    Withdrawal ours = shortCacheOff(customers("retail"), "7");
    assertEquals(new FlagSwitch.Landing.Absent(), flags.landed(ours));
    var done = applied(flags.apply(ours));
    for (int i = 0; i < 50; i++) {
      fake.change("short-cache", "trackEvents", i % 2 == 0 ? "true" : "false");
      fake.change("button", "trackEvents", i % 2 == 0 ? "true" : "false");
    }
    assertEquals(
        new FlagSwitch.Landing.Landed(done.fence(), done.before(), done.after()),
        flags.landed(ours));
  }

  @Test
  void aPersonsChangeIsNotTakenForOurs() {
    fake.change(
        "short-cache",
        "contextTargets",
        "[{\"contextKind\":\"customer\",\"variation\":1,\"values\":[\"retail\"]}]");
    Withdrawal ours = shortCacheOff(customers("retail"), "7");
    assertEquals(new FlagSwitch.Landing.Absent(), flags.landed(ours));
    fake.auditLags(true);
    assertInstanceOf(FlagSwitch.Landing.Unreachable.class, flags.landed(ours));
  }

  @Test
  void noticesAnApiThatDoesNotTestVersions() {
    assertTrue(flags.preconditionsEnforced());
    assertTrue(fake.requests().stream().filter(r -> r.startsWith("PATCH")).count() == 2);
    assertEquals(List.of(), fake.comments());
    fake.ignoreTests(true);
    assertFalse(flags.preconditionsEnforced());
    fake.ignoreTests(false);
    fake.failNext("DRY_RUN", new Fault.Status(400, Map.of()));
    fake.failNext("DRY_RUN", new Fault.Status(405, Map.of()));
    assertFalse(flags.preconditionsEnforced());
    fake.failNext("DRY_RUN", new Fault.Html(200));
    assertFalse(flags.preconditionsEnforced());
  }

  @Test
  void theTokenIsNeverShown() {
    var access =
        new Flags.Access(
            fake.uri(), FakeLaunchDarkly.PROJECT, FakeLaunchDarkly.ENVIRONMENT, "secret-token");
    assertFalse(access.toString().contains("secret-token"));
    assertFalse(fake.follow("a").toString().contains(FakeLaunchDarkly.SDK_KEY));
    try (LaunchDarkly unwelcome = Flags.launchDarkly(access)) {
      var complaint = assertThrows(UncheckedIOException.class, () -> unwelcome.read("button"));
      String message = String.valueOf(complaint.getMessage());
      assertTrue(message.contains("flags.launchdarkly.token"), message);
      assertFalse(message.contains("secret-token"), message);
    }
  }

  @Test
  void aFenceThatIsNoVersionIsNonsense() {
    Withdrawal nonsense = shortCacheOff(customers("retail"), "abc");
    assertThrows(IllegalArgumentException.class, () -> flags.apply(nonsense));
  }
}
