package firebreak.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.EventStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Deployment protection rules: who waits is handed over, and nothing is answered here. */
class GitHubGateTest {
  private static final Instant NOW = Instant.parse("2026-03-01T13:00:00Z");
  private static final String RUN =
      "https://api.github.com/repos/acme/query-api/actions/runs/4711/deployment_protection_rule";

  private final ChangeLog log = new ChangeLog(EventStore.inMemory());
  private final Inbox inbox =
      new Inbox(log, Mail.NO_TRACES, Map.of("github", List.of(Mail.SECRET)));
  private final List<GateRequest> asked = new ArrayList<>();

  @Test
  void whoWaitsIsHandedOverOnce() {
    inbox.onGate(asked::add);
    assertInstanceOf(Receipt.Recorded.class, receive(RUN, "{}"));
    assertInstanceOf(Receipt.Duplicate.class, receive(RUN, "{}"));
    assertEquals(
        List.of(new GateRequest("acme/query-api", "4711", "production", "query-api", "c0ffee")),
        asked);
  }

  @Test
  void thePayloadOfTheDeploymentMayNameTheService() {
    inbox.onGate(asked::add);
    receive(RUN, "{\"service\": \"checkout\"}");
    assertEquals("checkout", asked.getFirst().service());
  }

  @Test
  void anAddressThatLeadsElsewhereIsRefused() {
    inbox.onGate(asked::add);
    for (String elsewhere :
        List.of(
            "https://evil.example/steal",
            RUN.replace("acme/query-api", "acme/other"),
            RUN.replace("4711", "../../x"),
            RUN + "/../x")) {
      Receipt.Rejected rejected =
          assertInstanceOf(Receipt.Rejected.class, receive(elsewhere, "{}"), elsewhere);
      assertEquals(400, rejected.status());
    }
    assertEquals(List.of(), asked);
  }

  @Test
  void withoutAnybodyToAnswerItIsIgnoredInWords() {
    Receipt.Ignored ignored = assertInstanceOf(Receipt.Ignored.class, receive(RUN, "{}"));
    assertTrue(ignored.why().contains("github.tell"), ignored.why());
  }

  @Test
  void aStatusThatWeGaveOurselvesIsNoNews() {
    Receipt receipt =
        inbox.receive(
            Mail.github(
                "deployment_status",
                """
                {"deployment_status": {"state": "failure", "description": "Firebreak: it burns"},
                 "deployment": {"id": 7, "sha": "c0ffee", "environment": "production"},
                 "repository": {"full_name": "acme/query-api", "default_branch": "main"}}
                """),
            NOW);
    assertInstanceOf(Receipt.Ignored.class, receipt);
  }

  private Receipt receive(String callback, String payload) {
    return inbox.receive(
        Mail.github(
            "deployment_protection_rule",
            """
            {"action": "requested", "environment": "production", "event": "push",
             "deployment_callback_url": "%s",
             "deployment": {"id": 7, "sha": "c0ffee", "environment": "production", "payload": %s},
             "repository": {"full_name": "acme/query-api", "default_branch": "main"}}
            """
                .formatted(callback, payload)),
        NOW);
  }
}
