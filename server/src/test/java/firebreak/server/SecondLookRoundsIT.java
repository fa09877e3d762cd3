package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.Change.BuildState;
import firebreak.deploytracker.Change.DeployState;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.github.CurrentState;
import firebreak.deploytracker.github.FakeGitHub;
import firebreak.deploytracker.github.GitHubApi;
import firebreak.deploytracker.github.GitHubCredential;
import firebreak.deploytracker.github.GitHubShapes;
import firebreak.deploytracker.github.GitHubSubject;
import firebreak.eventstore.EventStore;
import firebreak.webhooks.Delivery;
import firebreak.webhooks.Inbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When GitHub is read again, and what comes of it, minute by minute. */
class SecondLookRoundsIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String PATH = "/repos/" + FakeGitHub.REPOSITORY;
  private static final String ENDED = "2026-03-01T12:03:00Z";
  private static final GitHubSubject RUN = new GitHubSubject.Run(FakeGitHub.REPOSITORY, "77", "1");
  private static final GitHubSubject DEPLOYMENT =
      new GitHubSubject.Deployment(FakeGitHub.REPOSITORY, "7");
  private static final GitHubSubject MERGE =
      new GitHubSubject.PullRequest(FakeGitHub.REPOSITORY, "12");

  @TempDir Path folder;

  private final ChangeLog log = new ChangeLog(EventStore.inMemory());
  private final Inbox inbox = new Inbox(log, _ -> {}, Map.of("github", List.of(SECRET)));
  private Instant now = Instant.parse("2026-03-01T12:05:00Z");

  @SuppressWarnings("NullAway.Init")
  private FakeGitHub gitHub;

  @SuppressWarnings("NullAway.Init")
  private SecondLook look;

  @BeforeEach
  void start() throws IOException {
    gitHub = new FakeGitHub();
    look = look();
    inbox.onSpokenOf(subject -> look.spokenOf(subject));
  }

  private SecondLook look() {
    Config config =
        ConfigReader.parse(
            "github: {token: {env: T}, repositories: [acme/query-api]}",
            "test",
            folder,
            Map.of("T", "token"));
    return new SecondLook(
        new CurrentState(
            new GitHubApi(gitHub.api(), new GitHubCredential.Token("token"), () -> now)),
        log,
        inbox,
        config.github(),
        () -> now);
  }

  @AfterEach
  void stop() {
    gitHub.close();
  }

  @Test
  void whileGitHubIsDownTheHintStandsAndNothingIsLost() throws Exception {
    gitHub.fail(502, Map.of());
    deliverRun("failure", ENDED);
    pass(Duration.ofMinutes(10));
    assertEquals(BuildState.FAILED, build());
    int asked = gitHub.asked().size();
    assertTrue(asked > 3 && asked < 20, "later and later: " + asked);
    gitHub.fail(0, Map.of());
    says("success", ENDED);
    pass(Duration.ofMinutes(11));
    assertEquals(BuildState.SUCCEEDED, build());
  }

  @Test
  void aLimitIsWaitedOutWithoutAskingHoweverMuchWaits() throws Exception {
    gitHub.fail(429, FakeGitHub.limited(600));
    says("success", ENDED);
    deliverRun("failure", ENDED);
    deliver("pull_request", "\"pull_request\": " + GitHubShapes.pull(12, GitHubShapes.SHA));
    pass(Duration.ofSeconds(590));
    assertEquals(1, gitHub.asked().size());
    gitHub.fail(0, Map.of());
    pass(Duration.ofMinutes(2));
    assertEquals(BuildState.SUCCEEDED, build());
  }

  @Test
  void whatGitHubDoesNotKnowStandsAsItWasToldAndIsNotAskedForAgain() throws Exception {
    deliverRun("failure", ENDED);
    pass(Duration.ofHours(1));
    assertEquals(BuildState.FAILED, build());
    assertEquals(1, gitHub.asked().size(), gitHub.asked().toString());
  }

  @Test
  void deliveriesOfOneRunAreOneQuestion() throws Exception {
    says("success", ENDED);
    for (int job = 0; job < 20; job++) {
      deliver("workflow_job", "\"workflow_job\": " + GitHubShapes.job(job, 77, "in_progress"));
    }
    pass(Duration.ofSeconds(50));
    assertEquals(0, gitHub.asked().size(), "more is to come");
    deliverRun("success", ENDED);
    deliverRun("failure", ENDED);
    pass(Duration.ofHours(3));
    assertEquals(1, gitHub.asked().size(), gitHub.asked().toString());
    assertEquals(BuildState.SUCCEEDED, build());
  }

  @Test
  void aRunWhoseEndWasNotDeliveredIsFoundToBeOver() throws Exception {
    gitHub.answer(run(77), GitHubShapes.run(77, 1, "in_progress", "", "2026-03-01T12:01:00Z"));
    deliver("workflow_job", "\"workflow_job\": " + GitHubShapes.job(1, 77, "in_progress"));
    pass(Duration.ofMinutes(5));
    assertEquals(BuildState.RUNNING, build());
    says("success", ENDED);
    pass(Duration.ofMinutes(10));
    assertEquals(BuildState.SUCCEEDED, build());
    assertEquals(2, gitHub.asked().size(), gitHub.asked().toString());
  }

  @Test
  void whatGitHubSaysIsNotBelievedAtOnceWhereItIsOlderThanWhatItSent() throws Exception {
    gitHub.answer(run(77), GitHubShapes.run(77, 1, "in_progress", "", "2026-03-01T12:01:00Z"));
    deliverRun("success", ENDED);
    pass(Duration.ofSeconds(30));
    assertEquals(BuildState.SUCCEEDED, build());
    pass(Duration.ofMinutes(3));
    assertEquals(BuildState.RUNNING, build(), "GitHub has said so for two minutes");
    says("success", ENDED);
    pass(Duration.ofMinutes(15));
    assertEquals(BuildState.SUCCEEDED, build());
  }

  @Test
  void anOldStatusThatIsReplayedAfterARestartEndsInWhatGitHubSays() throws Exception {
    gitHub.answer(PATH + "/deployments/7", GitHubShapes.deployment(7));
    gitHub.answer(
        PATH + "/deployments/7/statuses",
        "[%s, %s, %s, %s]"
            .formatted(
                GitHubShapes.status("failure", "2026-03-01T12:40:00Z", "Firebreak: it burns"),
                GitHubShapes.status("inactive", "2026-03-01T12:30:00Z", ""),
                GitHubShapes.status("success", "2026-03-01T12:20:00Z", ""),
                GitHubShapes.status("failure", "2026-03-01T12:06:00Z", "")));
    deliverStatus("failure", "2026-03-01T12:06:00Z");
    assertEquals(DeployState.FAILED, deploy());
    pass(Duration.ofMinutes(1));
    assertEquals(DeployState.SUCCEEDED, deploy());
    deliverStatus("failure", "2026-03-01T12:06:00Z");
    deliverStatus("error", "2026-03-01T12:06:01Z");
    assertEquals(DeployState.SUCCEEDED, deploy(), "what is older tells nothing new");
    deliverStatus("error", "2026-03-01T12:50:00Z");
    assertEquals(DeployState.FAILED, deploy(), "the hint stands meanwhile");
    pass(Duration.ofMinutes(5));
    assertEquals(DeployState.SUCCEEDED, deploy());
  }

  @Test
  void aDeploymentOfWhichNothingWasSaidHasOnlyStarted() throws Exception {
    gitHub.answer(PATH + "/deployments/7", GitHubShapes.deployment(7));
    gitHub.answer(PATH + "/deployments/7/statuses", "[]");
    deliverStatus("success", "2026-03-01T12:06:00Z");
    pass(Duration.ofMinutes(5));
    assertEquals(DeployState.STARTED, deploy());
  }

  @Test
  void theCommitOfAMergeIsTheOneThatGitHubSays() throws Exception {
    gitHub.answer(PATH + "/pulls/12", GitHubShapes.pull(12, "a0"));
    deliver("pull_request", "\"pull_request\": " + GitHubShapes.pull(12, GitHubShapes.SHA));
    pass(Duration.ofMinutes(1));
    assertEquals("a0", ((Change.Marker) find(MERGE)).commit());
    gitHub.answer(PATH + "/pulls/12", GitHubShapes.pull(12, ""));
    deliver("pull_request", "\"pull_request\": " + GitHubShapes.pull(12, "b1"));
    pass(Duration.ofMinutes(5));
    assertEquals("a0", ((Change.Marker) find(MERGE)).commit(), "a merge cannot be taken away");
  }

  @Test
  void afterARestartWhatIsKnownIsLookedThroughAndNothingElse() throws Exception {
    deliverRun("failure", ENDED);
    deliverStatus("success", "2026-03-01T12:06:00Z");
    look = look();
    says("success", ENDED);
    gitHub.answer(PATH + "/deployments/7", GitHubShapes.deployment(7));
    gitHub.answer(
        PATH + "/deployments/7/statuses",
        "[" + GitHubShapes.status("error", "2026-03-01T12:08:00Z", "") + "]");
    gitHub.answer(run(78), GitHubShapes.run(78, 1, "completed", "success", ENDED));
    gitHub.answer(
        PATH + "/actions/runs",
        "{\"total_count\": 2, \"workflow_runs\": [%s, %s]}"
            .formatted(
                GitHubShapes.run(78, 1, "completed", "success", ENDED),
                GitHubShapes.run(77, 1, "completed", "success", ENDED)));
    gitHub.answer(
        PATH + "/deployments",
        "[%s, %s]".formatted(GitHubShapes.deployment(8), GitHubShapes.deployment(7)));
    gitHub.fail(503, Map.of());
    look.remember(now);
    pass(Duration.ofMinutes(1));
    gitHub.fail(0, Map.of());
    pass(Duration.ofMinutes(3));
    assertEquals(BuildState.SUCCEEDED, build());
    assertEquals(DeployState.FAILED, deploy());
    assertEquals(2, log.changes(MissedDeliveriesIT.ALWAYS).size(), "nobody told of the others");
  }

  @Test
  void beyondWhatMayWaitTheWholeRepositoryIsLookedThrough() throws Exception {
    gitHub.fail(502, Map.of());
    for (int i = 0; i < SecondLookQueue.WAITING_AT_MOST; i++) {
      look.spokenOf(new GitHubSubject.Run(FakeGitHub.REPOSITORY, "" + (1_000 + i), "1"));
    }
    deliverRun("failure", ENDED);
    pass(Duration.ofMinutes(1));
    gitHub.fail(0, Map.of());
    says("success", ENDED);
    gitHub.answer(
        PATH + "/actions/runs",
        "{\"workflow_runs\": [%s]}"
            .formatted(GitHubShapes.run(77, 1, "completed", "success", ENDED)));
    gitHub.answer(PATH + "/deployments", "[]");
    pass(Duration.ofMinutes(20));
    assertEquals(BuildState.SUCCEEDED, build());
  }

  @Test
  void aRepositoryThatIsNotConfiguredIsNotAskedAbout() {
    look.spokenOf(new GitHubSubject.Run("acme/other", "1", "1"));
    look.lookThrough("acme/other");
    pass(Duration.ofMinutes(5));
    assertEquals(List.of(), gitHub.asked());
  }

  @Test
  void whatMayNotBeSeenOfOneThingHoldsUpNoOther() throws Exception {
    gitHub.fail(403, Map.of());
    deliverStatus("success", "2026-03-01T12:06:00Z");
    pass(Duration.ofMinutes(1));
    assertEquals(1, gitHub.asked().size(), "not again for half an hour");
    gitHub.fail(0, Map.of());
    says("success", ENDED);
    deliverRun("failure", ENDED);
    pass(Duration.ofMinutes(1));
    assertEquals(BuildState.SUCCEEDED, build());
  }

  /** Lets so much time go by, half a second a round, and everything be done that comes due. */
  private void pass(Duration length) {
    Instant end = now.plus(length);
    for (; now.isBefore(end); now = now.plusMillis(500)) {
      while (look.step(now)) {
        assertFalse(gitHub.asked().size() > 5_000, "no end");
      }
    }
  }

  private void says(String conclusion, String updatedAt) {
    gitHub.answer(run(77), GitHubShapes.run(77, 1, "completed", conclusion, updatedAt));
  }

  private static String run(long id) {
    return PATH + "/actions/runs/" + id + "/attempts/1";
  }

  private BuildState build() {
    return ((Change.Build) find(RUN)).state();
  }

  private DeployState deploy() {
    return ((Change.Deploy) find(DEPLOYMENT)).state();
  }

  private Change find(GitHubSubject subject) {
    return log.find(subject.changeId()).orElseThrow();
  }

  private void deliverRun(String conclusion, String updatedAt) throws Exception {
    deliver(
        "workflow_run",
        "\"workflow_run\": " + GitHubShapes.run(77, 1, "completed", conclusion, updatedAt));
  }

  private void deliverStatus(String state, String createdAt) throws Exception {
    deliver(
        "deployment_status",
        "\"deployment_status\": %s, \"deployment\": %s"
            .formatted(GitHubShapes.status(state, createdAt, ""), GitHubShapes.deployment(7)));
  }

  private void deliver(String event, String about) throws Exception {
    byte[] body =
        "{\"action\": \"closed\", %s, \"repository\": %s}"
            .formatted(about, GitHubShapes.repository())
            .getBytes(StandardCharsets.UTF_8);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    inbox.receive(
        new Delivery(
            "github",
            Map.of(
                "x-github-event",
                event,
                "x-hub-signature-256",
                "sha256=" + HexFormat.of().formatHex(mac.doFinal(body))),
            body),
        now);
  }
}
