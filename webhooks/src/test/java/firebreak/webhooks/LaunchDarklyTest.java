package firebreak.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.EventStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchDarklyTest {
  private static final Instant NOW = Instant.parse("2026-03-01T13:00:00Z");

  /** An entry as LaunchDarkly's audit log writes it when a flag is turned on in one environment. */
  private static final String ENTRY =
      """
      {"_id": "65e1c0ffee", "_accountId": "65e0", "date": 1772366400123, "kind": "flag",
       "name": "Short cache", "description": "", "shortDescription": "", "comment": "for beta",
       "accesses": [{"action": "updateOn",
         "resource": "proj/default:env/production;prod:flag/short-cache;beta"}],
       "member": {"_id": "m1", "email": "pat@example.org", "firstName": "Pat", "lastName": "Lee"},
       "titleVerb": "turned on the flag",
       "target": {"name": "Short cache",
         "resources": ["proj/default:env/production;prod:flag/short-cache;beta"]},
       "_links": {"site": {"href": "https://app.launchdarkly.com/default/production", "type": "x"}},
       "previousVersion": {"key": "short-cache", "variations": [{"value": true}, {"value": false}],
         "environments": {
           "production": {"on": false, "version": 41, "lastModified": 1, "_site": {"href": "a"}},
           "test": {"on": false, "version": 7, "lastModified": 1}}},
       "currentVersion": {"key": "short-cache", "variations": [{"value": true}, {"value": false}],
         "environments": {
           "production": {"on": true, "version": 42, "lastModified": 2, "_site": {"href": "b"}},
           "test": {"on": false, "version": 7, "lastModified": 1}}}}
      """;

  private final ChangeLog log = new ChangeLog(EventStore.inMemory());
  private final Inbox inbox =
      new Inbox(log, Mail.NO_TRACES, Map.of("launchdarkly", List.of("old secret", Mail.SECRET)));

  @Test
  void aFlagTurnedOnIsAChangeOfItsEnvironmentWithTheVersionAsFence() {
    Change.FlagChange change = only(ENTRY);
    assertEquals("short-cache", change.flag());
    assertEquals("production", change.environment());
    assertEquals("42", change.fence());
    assertEquals(Instant.parse("2026-03-01T12:00:00.123Z"), change.time());
    assertEquals("turned on the flag short-cache in production", change.summary());
    assertEquals("pat@example.org", change.actor());
    assertTrue(change.before().contains("\"on\":false"), change.before());
    assertTrue(change.after().contains("\"on\":true"), change.after());
    assertTrue(change.after().contains("\"variations\":[{\"value\":true}"), change.after());
    assertFalse(change.own());
    assertFalse(change.isFirstSight());
    assertEquals(change, log.find(change.id()).orElseThrow());
  }

  @Test
  void whoeverElseTellsOfTheSameVersionTellsOfTheSameChange() {
    assertEquals(Change.flagChangeId("short-cache", "production", "42"), only(ENTRY).id());
    String retried = ENTRY.replace("for beta", "for beta, told again");
    assertEquals(new Receipt.Duplicate(), receive(ENTRY));
    assertInstanceOf(Receipt.Duplicate.class, receive(retried));
  }

  @Test
  void aChangeOfOursIsKnownByTheIntentInItsComment() {
    assertTrue(only(ENTRY.replace("for beta", "slow for retail [firebreak intent=i-7]")).own());
  }

  @Test
  void anotherCommentIsNotOurs() {
    assertFalse(only(ENTRY.replace("for beta", "firebreak intent= unknown")).own());
  }

  @Test
  void aForgedEntryIsTurnedAway() {
    for (Map<String, String> headers :
        List.of(
            Map.<String, String>of(),
            Map.of("X-LD-Signature", Mail.hex(ENTRY, "guessed")),
            Map.of("X-LD-Signature", "sha256=" + Mail.hex(ENTRY, Mail.SECRET)),
            Map.of("X-Hub-Signature-256", "sha256=" + Mail.hex(ENTRY, Mail.SECRET)))) {
      Receipt receipt =
          inbox.receive(new Delivery("launchdarkly", headers, Mail.bytes(ENTRY)), NOW);
      Receipt.Rejected rejected = assertInstanceOf(Receipt.Rejected.class, receipt);
      assertEquals(401, rejected.status());
      assertTrue(rejected.why().contains("webhooks.launchdarkly.secrets"), rejected.why());
    }
  }

  @Test
  void aChangeOfAllEnvironmentsIsAChangeOfEachThatServesOtherwise() {
    String everywhere =
        ENTRY
            .replace("env/production;prod", "env/*")
            .replaceFirst(
                "(?s)\"currentVersion\": \\{(.*?)\\{\"value\": false}",
                "\"currentVersion\": {$1{\"value\": \"off\"}");
    Receipt.Recorded recorded = assertInstanceOf(Receipt.Recorded.class, receive(everywhere));
    List<String> environments =
        recorded.changes().stream().map(change -> change.environment()).toList();
    assertEquals(List.of("production", "test"), environments);
    Change.FlagChange test = (Change.FlagChange) recorded.changes().getLast();
    assertEquals("7", test.fence());
    // The version of "test" did not move, so it cannot name this change.
    assertFalse(test.id().equals(Change.flagChangeId("short-cache", "test", "7")));
  }

  @Test
  void anEntryThatLeavesTheTargetingAsItWasIsIgnored() {
    String metadata = ENTRY.replace("\"on\": true", "\"on\": false");
    Receipt.Ignored ignored = assertInstanceOf(Receipt.Ignored.class, receive(metadata));
    assertEquals("the entry changes no targeting: turned on the flag", ignored.why());
    String tags =
        ENTRY
            .replace("env/production;prod", "env/*")
            .replace("true, \"version\": 42", "false, \"version\": 42");
    assertInstanceOf(Receipt.Ignored.class, receive(tags));
  }

  @Test
  void anEntryWithoutTheVersionsIsStillAChange() {
    String bare = ENTRY.replace("previousVersion", "a").replace("currentVersion", "b");
    Change.FlagChange change = only(bare);
    assertEquals("", change.fence());
    assertEquals("null", change.before());
    assertFalse(change.isFirstSight());
  }

  @Test
  void aCreatedAndADeletedFlagHaveNothingOnOneSide() {
    Change.FlagChange created = only(ENTRY.replace("previousVersion", "a"));
    assertEquals("null", created.before());
    assertEquals("42", created.fence());
    Change.FlagChange deleted =
        only(ENTRY.replace("currentVersion", "b").replace("65e1c0ffee", "65e1c0fff0"));
    assertEquals("null", deleted.after());
    assertFalse(created.id().equals(deleted.id()));
  }

  @Test
  void entriesAboutOtherThingsAreIgnoredByName() {
    Receipt receipt = receive(ENTRY.replace("\"kind\": \"flag\"", "\"kind\": \"member\""));
    assertEquals(
        new Receipt.Ignored("an entry about a member tells of no change to a flag"), receipt);
  }

  @Test
  void aBodyThatIsNotUnderstoodIsAnsweredWithTheFieldThatIsWrong() {
    assertWrong("date is missing", ENTRY.replace("\"date\"", "\"day\""));
    assertWrong("date must be a whole number", ENTRY.replace("1772366400123", "\"today\""));
    assertWrong("date must lie between", ENTRY.replace("1772366400123", "-1"));
    assertWrong("kind is missing", ENTRY.replace("\"kind\"", "\"sort\""));
    assertWrong("target.resources must name a flag", ENTRY.replace("flag/short-cache", "x/y"));
    assertWrong(
        "currentVersion must be an object",
        ENTRY.replace("\"currentVersion\":", "\"currentVersion\": 3, \"b\":"));
    assertWrong("not JSON", ENTRY.substring(0, 100));
  }

  private void assertWrong(String expected, String body) {
    Receipt.Rejected rejected = assertInstanceOf(Receipt.Rejected.class, receive(body));
    assertEquals(400, rejected.status());
    assertTrue(rejected.why().contains(expected), rejected.why());
  }

  private Change.FlagChange only(String entry) {
    Receipt.Recorded recorded = assertInstanceOf(Receipt.Recorded.class, receive(entry));
    assertEquals(1, recorded.changes().size());
    return assertInstanceOf(Change.FlagChange.class, recorded.changes().getFirst());
  }

  private Receipt receive(String entry) {
    return inbox.receive(Mail.launchDarkly(entry), NOW);
  }
}
