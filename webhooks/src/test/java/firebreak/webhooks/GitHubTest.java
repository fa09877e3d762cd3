package firebreak.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.Change.BuildState;
import firebreak.deploytracker.Change.DeployState;
import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.EventStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GitHubTest {
  private static final Instant NOW = Instant.parse("2026-03-01T13:00:00Z");
  private static final String SHA = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";
  private static final String REPOSITORY =
      """
      "repository": {"full_name": "acme/query-api", "default_branch": "main",
        "pushed_at": 1772366400, "html_url": "https://github.com/acme/query-api"},
      "sender": {"login": "sam"}
      """;

  private final ChangeLog log = new ChangeLog(EventStore.inMemory());
  private final Inbox inbox = inbox(log);

  @Test
  void aRunsDeliveriesEndInTheSameBuildInEveryOrder() {
    List<Delivery> deliveries =
        List.of(
            run("queued", "null", "2026-03-01T12:00:00Z"),
            run("in_progress", "null", "2026-03-01T12:00:05Z"),
            run("completed", "\"success\"", "2026-03-01T12:03:00Z"),
            job("queued", "null"),
            job("in_progress", "null"),
            job("completed", "\"failure\""),
            run("pending", "null", "2026-03-01T12:00:01Z"));
    Change.Build expected =
        new Change.Build(
            Change.id("build", "github", "acme/query-api", "77", "2"),
            Instant.parse("2026-03-01T12:00:00Z"),
            Instant.parse("2026-03-01T12:03:00Z"),
            "query-api",
            "77",
            SHA,
            "main",
            "acme/query-api",
            BuildState.SUCCEEDED,
            "CI: Shorten the cache",
            "pat",
            "https://github.com/acme/query-api/actions/runs/77");
    int orders = 0;
    for (List<Delivery> order : permutations(deliveries)) {
      ChangeLog fresh = new ChangeLog(EventStore.inMemory());
      Inbox own = inbox(fresh);
      order.forEach(delivery -> own.receive(delivery, NOW));
      assertEquals(expected, fresh.find(expected.id()).orElseThrow());
      orders++;
    }
    assertEquals(5040, orders);
  }

  @Test
  void aFinishedJobDoesNotFinishItsRun() {
    Change.Build build =
        assertInstanceOf(Change.Build.class, recorded(job("completed", "\"success\"")));
    assertEquals(BuildState.RUNNING, build.state());
    assertNull(build.finishedAt());
  }

  @Test
  void everyConclusionOfARunHasItsState() {
    Map<String, BuildState> states =
        Map.of(
            "success", BuildState.SUCCEEDED,
            "neutral", BuildState.SUCCEEDED,
            "failure", BuildState.FAILED,
            "timed_out", BuildState.FAILED,
            "startup_failure", BuildState.FAILED,
            "cancelled", BuildState.CANCELLED,
            "skipped", BuildState.CANCELLED,
            "stale", BuildState.CANCELLED,
            "something_new", BuildState.CANCELLED,
            "action_required", BuildState.QUEUED);
    states.forEach(
        (conclusion, state) -> {
          ChangeLog fresh = new ChangeLog(EventStore.inMemory());
          Delivery delivery = run("completed", "\"" + conclusion + "\"", "2026-03-01T12:03:00Z");
          Receipt.Recorded receipt =
              assertInstanceOf(Receipt.Recorded.class, inbox(fresh).receive(delivery, NOW));
          assertEquals(state, ((Change.Build) receipt.changes().getFirst()).state(), conclusion);
        });
  }

  @Test
  void aDeploymentGoesFromStartedToSucceededAndIsNotFinishedByItsSuccessor() {
    Change.Deploy started = assertInstanceOf(Change.Deploy.class, recorded(deployment("", "{}")));
    assertEquals(DeployState.STARTED, started.state());
    assertEquals("c0ffee0", started.buildId());
    recorded(deployment(status("success", "2026-03-01T12:05:00Z"), "{}"));
    Delivery inactive = deployment(status("inactive", "2026-03-01T15:00:00Z"), "{}");
    assertEquals(new Receipt.Duplicate(), inbox.receive(inactive, NOW));
    Change.Deploy deploy =
        assertInstanceOf(Change.Deploy.class, log.find(started.id()).orElseThrow());
    assertEquals(DeployState.SUCCEEDED, deploy.state());
    assertEquals(Instant.parse("2026-03-01T12:05:00Z"), deploy.finishedAt());
    assertEquals(Instant.parse("2026-03-01T12:04:00Z"), deploy.time());
    assertEquals("production", deploy.environment());
    assertEquals(SHA, deploy.commit());
    assertEquals("acme/query-api", deploy.repository());
  }

  @Test
  void aDeploymentsPayloadNamesItsBuildAsObjectAndAsText() {
    for (String payload : List.of("{\"build_id\": 8812}", "\"{\\\"build_id\\\": \\\"8812\\\"}\"")) {
      ChangeLog fresh = new ChangeLog(EventStore.inMemory());
      Receipt receipt = inbox(fresh).receive(deployment("", payload), NOW);
      Change change = assertInstanceOf(Receipt.Recorded.class, receipt).changes().getFirst();
      assertEquals("8812", ((Change.Deploy) change).buildId(), payload);
    }
    for (String payload : List.of("\"ship it\"", "null", "\"\"", "[1]")) {
      ChangeLog fresh = new ChangeLog(EventStore.inMemory());
      Receipt receipt = inbox(fresh).receive(deployment("", payload), NOW);
      Change change = assertInstanceOf(Receipt.Recorded.class, receipt).changes().getFirst();
      assertEquals("c0ffee0", ((Change.Deploy) change).buildId(), payload);
    }
  }

  @Test
  void anAddressThatIsAScriptIsNotKept() {
    String status =
        status("success", "2026-03-01T12:05:00Z")
            .replace("\"state\"", "\"log_url\": \"javascript:alert(1)\", \"state\"");
    assertEquals(
        "https://github.com/acme/query-api/deployments", recorded(deployment(status, "{}")).url());
  }

  @Test
  void pushesToTheDefaultBranchAreMarkersAndOthersAreNot() {
    String push =
        """
        {"ref": "refs/heads/main", "before": "b1", "after": "%s", "deleted": false,
         "pusher": {"name": "pat"}, "compare": "https://github.com/acme/query-api/compare/a...b",
         "head_commit": {"message": "Shorten the cache\\n\\nFor beta", "timestamp":
           "2026-03-01T11:00:00+02:00"}, %s}
        """
            .formatted(SHA, REPOSITORY);
    Change.Marker marker =
        assertInstanceOf(Change.Marker.class, recorded(Mail.github("push", push)));
    assertEquals("push to main: Shorten the cache", marker.name());
    assertEquals(Instant.parse("2026-03-01T12:00:00Z"), marker.time());
    assertEquals(SHA, marker.commit());
    assertIgnored("push", push.replace("refs/heads/main", "refs/heads/topic"), "refs/heads/topic");
    assertIgnored("push", push.replace("refs/heads/main", "refs/tags/main"), "refs/tags/main");
    assertIgnored("push", push.replace("\"deleted\": false", "\"deleted\": true"), "deleted");
  }

  @Test
  void aMergedPullRequestIsAMarkerAndAClosedOneIsNot() {
    String pull =
        """
        {"action": "closed", "number": 12, "pull_request": {"number": 12, "merged": true,
          "merge_commit_sha": "%s", "merged_at": "2026-03-01T12:01:00Z", "title": "Shorten it",
          "merged_by": {"login": "pat"},
          "html_url": "https://github.com/acme/query-api/pull/12"}, %s}
        """
            .formatted(SHA, REPOSITORY);
    Change.Marker marker =
        assertInstanceOf(Change.Marker.class, recorded(Mail.github("pull_request", pull)));
    assertEquals("merge", marker.type());
    assertEquals("#12 Shorten it", marker.summary());
    assertEquals(Instant.parse("2026-03-01T12:01:00Z"), marker.time());
    assertIgnored(
        "pull_request", pull.replace("\"merged\": true", "\"merged\": false"), "unmerged");
    assertIgnored("pull_request", pull.replace("\"closed\"", "\"opened\""), "opened");
  }

  private void assertIgnored(String event, String body, String why) {
    Receipt receipt = inbox.receive(Mail.github(event, body), NOW);
    String said = assertInstanceOf(Receipt.Ignored.class, receipt).why();
    assertTrue(said.contains(why), said);
  }

  private Change recorded(Delivery delivery) {
    Receipt receipt = inbox.receive(delivery, NOW);
    return assertInstanceOf(Receipt.Recorded.class, receipt).changes().getFirst();
  }

  private static Inbox inbox(ChangeLog log) {
    return new Inbox(log, Mail.NO_TRACES, Map.of("github", List.of(Mail.SECRET)));
  }

  private static Delivery run(String status, String conclusion, String updatedAt) {
    return Mail.github(
        "workflow_run",
        """
        {"action": "any", "workflow_run": {"id": 77, "run_attempt": 2, "run_number": 8,
          "name": "CI", "display_title": "Shorten the cache", "head_sha": "%s",
          "head_branch": "main", "status": "%s", "conclusion": %s,
          "created_at": "2026-03-01T09:00:00Z", "run_started_at": "2026-03-01T12:00:00Z",
          "updated_at": "%s", "actor": {"login": "pat"}}, %s}
        """
            .formatted(SHA, status, conclusion, updatedAt, REPOSITORY));
  }

  private static Delivery job(String status, String conclusion) {
    return Mail.github(
        "workflow_job",
        """
        {"action": "any", "workflow_job": {"id": 901, "run_id": 77, "run_attempt": 2,
          "workflow_name": "CI", "name": "test", "head_sha": "%s", "head_branch": "main",
          "status": "%s", "conclusion": %s, "created_at": "2026-03-01T12:00:02Z",
          "started_at": "2026-03-01T12:00:04Z", "completed_at": "2026-03-01T12:02:00Z"}, %s}
        """
            .formatted(SHA, status, conclusion, REPOSITORY));
  }

  private static Delivery deployment(String status, String payload) {
    return Mail.github(
        status.isEmpty() ? "deployment" : "deployment_status",
        """
        {"action": "created", %s "deployment": {"id": 5, "sha": "%s", "ref": "main",
          "environment": "production", "payload": %s, "created_at": "2026-03-01T12:04:00Z",
          "creator": {"login": "pat"}}, %s}
        """
            .formatted(status, SHA, payload, REPOSITORY));
  }

  private static String status(String state, String createdAt) {
    return "\"deployment_status\": {\"state\": \"%s\", \"created_at\": \"%s\"},"
        .formatted(state, createdAt);
  }

  private static <T> List<List<T>> permutations(List<T> items) {
    if (items.isEmpty()) {
      return List.of(List.of());
    }
    List<List<T>> all = new ArrayList<>();
    for (List<T> rest : permutations(items.subList(1, items.size()))) {
      for (int at = 0; at <= rest.size(); at++) {
        List<T> one = new ArrayList<>(rest);
        one.add(at, items.getFirst());
        all.add(one);
      }
    }
    return all;
  }
}
