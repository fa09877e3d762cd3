package firebreak.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InboxTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:10:00Z");
  private static final Map<String, List<String>> SECRETS =
      Map.of("github", List.of("the new one", Mail.SECRET), "launchdarkly", List.of(Mail.SECRET));
  private static final String DEPLOYMENT =
      """
      {"action": "created",
       "deployment": {"id": 5, "sha": "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00", "ref": "main",
         "environment": "production", "payload": {"build_id": 8812},
         "created_at": "2026-03-01T12:00:00Z", "creator": {"login": "pat"}},
       "repository": {"full_name": "acme/query-api", "default_branch": "main",
         "html_url": "https://github.com/acme/query-api"}}
      """;

  private final EventStore store = EventStore.inMemory();
  private final ChangeLog log = new ChangeLog(store);
  private final Inbox inbox = new Inbox(log, Mail.NO_TRACES, SECRETS);

  @Test
  void aSignedDeliveryIsRecorded() {
    Receipt receipt = inbox.receive(Mail.github("deployment", DEPLOYMENT), NOW);
    Receipt.Recorded recorded = assertInstanceOf(Receipt.Recorded.class, receipt);
    Change.Deploy deploy =
        assertInstanceOf(Change.Deploy.class, log.find(recorded.ids().getFirst()).orElseThrow());
    assertEquals("8812", deploy.buildId());
    assertEquals("query-api 8812", deploy.name());
    assertEquals(Instant.parse("2026-03-01T12:00:00Z"), deploy.time());
  }

  @Test
  void aForgedDeliveryIsTurnedAwayAndLeavesNoTrace() {
    String hex = Mail.hex(DEPLOYMENT, Mail.SECRET);
    List<Map<String, String>> forgeries =
        List.of(
            Map.of(),
            Map.of("X-Hub-Signature-256", ""),
            Map.of("X-Hub-Signature-256", hex),
            Map.of("X-Hub-Signature-256", "sha256=" + hex.substring(0, 63)),
            Map.of("X-Hub-Signature-256", "SHA256=" + hex),
            Map.of("X-Hub-Signature-256", "sha1=" + hex),
            Map.of("X-Hub-Signature-256", "sha256=" + hex + ",sha256=" + hex),
            Map.of("X-Hub-Signature-256", "sha256=" + hex, "x-hub-signature-256", "sha256=" + hex),
            Map.of("X-Hub-Signature-256", "sha256=" + Mail.hex(DEPLOYMENT, "guessed")),
            Map.of("X-Hub-Signature-256", "sha256=" + Mail.hex(DEPLOYMENT.strip(), Mail.SECRET)),
            Map.of("X-Hub-Signature", "sha1=2d1b7a9f0c5b1c8d4f8f6f0d2a9c1e3b5a7d9f01"),
            Map.of("X-LD-Signature", hex));
    for (Map<String, String> headers : forgeries) {
      Receipt receipt = inbox.receive(Mail.github("deployment", DEPLOYMENT, headers), NOW);
      Receipt.Rejected rejected = assertInstanceOf(Receipt.Rejected.class, receipt, "" + headers);
      assertEquals(401, rejected.status());
      assertTrue(rejected.why().contains("webhooks.github.secrets"), rejected.why());
    }
    assertEquals(List.of(), all());
  }

  @Test
  void aSenderWithoutASecretIsTurnedAwayWithTheKeyThatHelps() {
    Inbox closed = new Inbox(log, Mail.NO_TRACES, Map.of());
    assertEquals(
        new Receipt.Rejected(
            401, "github sends webhooks only once webhooks.github.secrets is configured"),
        closed.receive(Mail.github("deployment", DEPLOYMENT), NOW));
    Inbox emptied = new Inbox(log, Mail.NO_TRACES, Map.of("launchdarkly", List.of()));
    assertEquals(401, rejected(emptied.receive(Mail.launchDarkly("{}"), NOW)).status());
  }

  @Test
  void secretsThatCannotBeMeantAreRefusedAtOnce() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Inbox(log, Mail.NO_TRACES, Map.of("github", List.of(""))));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Inbox(log, Mail.NO_TRACES, Map.of("gitbuh", List.of("x"))));
  }

  @Test
  void aReplayIsADuplicateWhateverItsDeliveryIdAndAcrossARestart() {
    inbox.receive(Mail.github("deployment", DEPLOYMENT), NOW);
    Map<String, String> headers = new HashMap<>();
    headers.put("x-hub-signature-256", "sha256=" + Mail.hex(DEPLOYMENT, Mail.SECRET));
    headers.put("x-github-delivery", "another");
    Delivery replay = Mail.github("deployment", DEPLOYMENT, headers);
    assertEquals(new Receipt.Duplicate(), inbox.receive(replay, NOW.plusSeconds(60)));
    Inbox restarted = new Inbox(new ChangeLog(store), Mail.NO_TRACES, SECRETS);
    assertEquals(new Receipt.Duplicate(), restarted.receive(replay, NOW.plusSeconds(120)));
    assertEquals(1, store.datasets().get(ChangeLog.DATASET));
  }

  @Test
  void aCapturedBodyIsNotTakenForAnotherEvent() {
    String status =
        DEPLOYMENT.replace("\"action\":", "\"deployment_status\": {\"a\": 1}, \"action\":");
    String run = DEPLOYMENT.replace("\"action\":", "\"workflow_run\": {\"a\": 1}, \"action\":");
    assertEquals(400, rejected(inbox.receive(Mail.github("push", DEPLOYMENT), NOW)).status());
    assertEquals(400, rejected(inbox.receive(Mail.github("release", DEPLOYMENT), NOW)).status());
    assertEquals(400, rejected(inbox.receive(Mail.github("deployment", status), NOW)).status());
    assertEquals(400, rejected(inbox.receive(Mail.github("workflow_run", run), NOW)).status());
    assertEquals(List.of(), all());
  }

  @Test
  void aBodyThatIsNotUnderstoodIsAnsweredWithTheFieldThatIsWrong() {
    assertWrong("the body is not JSON", "deployment", "{\"deployment\": ");
    assertWrong("the body is not JSON", "deployment", DEPLOYMENT + "{}");
    assertWrong("the body is not JSON", "deployment", "{\"id\": 1, \"id\": 2}");
    assertWrong("the body is not JSON", "deployment", "[".repeat(100_000));
    assertWrong("a JSON object", "deployment", "[]");
    assertWrong("a JSON object", "deployment", "");
    assertWrong("not that of the event", "deployment", "{}");
    assertWrong("deployment.id is missing", "deployment", DEPLOYMENT.replace("\"id\": 5,", ""));
    assertWrong(
        "deployment.id must be a whole number, was true",
        "deployment",
        DEPLOYMENT.replace("\"id\": 5", "\"id\": true"));
    assertWrong(
        "deployment.sha must be a string, was 7",
        "deployment",
        DEPLOYMENT.replace("\"c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00\"", "7"));
    assertWrong(
        "deployment.created_at must be a time",
        "deployment",
        DEPLOYMENT.replace("2026-03-01T12:00:00Z", "yesterday"));
    assertWrong(
        "time must lie between",
        "deployment",
        DEPLOYMENT.replace("2026-03-01T12:00:00Z", "1812-06-24T00:00:00Z"));
    assertWrong(
        "repository.full_name is missing",
        "deployment",
        DEPLOYMENT.replace("full_name", "half_name"));
    assertWrong(
        "repository must be an object, was [1]",
        "deployment",
        "{\"deployment\": {}, \"repository\": [1]}");
    assertWrong("x-github-event is missing", "", DEPLOYMENT);
    assertEquals(List.of(), all());
  }

  @Test
  void aFormIsAnsweredWithTheSettingThatHelps() {
    String form = "payload=%7B%7D";
    Delivery delivery =
        new Delivery(
            "github",
            Map.of(
                "x-github-event", "push",
                "content-type", "application/x-www-form-urlencoded",
                "x-hub-signature-256", "sha256=" + Mail.hex(form, Mail.SECRET)),
            Mail.bytes(form));
    Receipt.Rejected rejected = rejected(inbox.receive(delivery, NOW));
    assertEquals(400, rejected.status());
    assertTrue(rejected.why().contains("application/json"), rejected.why());
  }

  @Test
  void aBodyBeyondTheCapIsNotEvenHashed() {
    byte[] body = new byte[Inbox.BODY_BYTES_AT_MOST + 1];
    Receipt receipt = inbox.receive(new Delivery("github", Map.of(), body), NOW);
    assertEquals(413, rejected(receipt).status());
    byte[] allowed = new byte[Inbox.BODY_BYTES_AT_MOST];
    receipt = inbox.receive(new Delivery("github", Map.of(), allowed), NOW);
    assertEquals(401, rejected(receipt).status());
  }

  @Test
  void anUnknownSenderIsToldWhoIsKnown() {
    Receipt receipt = inbox.receive(new Delivery("travis", Map.of(), new byte[0]), NOW);
    assertEquals(
        new Receipt.Rejected(
            400,
            "no sender \"travis\", there are [alertmanager, buildkite, cdevents, circleci, github,"
                + " gitlab, launchdarkly]"),
        receipt);
  }

  @Test
  void pingsAndOtherEventsAreIgnoredByName() {
    assertEquals(
        new Receipt.Ignored("ping: the webhook is set up"),
        inbox.receive(Mail.github("ping", "{\"zen\": \"Design for failure.\"}"), NOW));
    assertEquals(
        new Receipt.Ignored("the event star tells of no change"),
        inbox.receive(Mail.github("star", "{}"), NOW));
  }

  private void assertWrong(String expected, String event, String body) {
    Receipt.Rejected rejected = rejected(inbox.receive(Mail.github(event, body), NOW));
    assertEquals(400, rejected.status());
    assertTrue(rejected.why().contains(expected), rejected.why());
  }

  private static Receipt.Rejected rejected(Receipt receipt) {
    return assertInstanceOf(Receipt.Rejected.class, receipt);
  }

  private List<Change> all() {
    return log.changes(TimeRange.before(NOW.plusSeconds(1), Duration.ofDays(10_000)));
  }
}
