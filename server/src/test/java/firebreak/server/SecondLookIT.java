package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.deploytracker.github.FakeGitHub;
import firebreak.deploytracker.github.GitHubShapes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A delivery is a hint: what is on the timeline in the end is what GitHub's API says. */
class SecondLookIT {
  private static final Duration SOON = Duration.ofSeconds(45);
  private static final String PATH = "/repos/" + FakeGitHub.REPOSITORY;
  private static final String ALWAYS = "/api/v1/changes?since=2015-01-01T00:00:00Z";

  /** Another run, which comes after the others on the timeline. */
  private static final String LATER =
      GitHubShapes.run(78, 1, "queued", "", "2026-03-01T12:03:00Z")
          .replace(
              "\"run_started_at\": \"2026-03-01T12:00:00Z\"",
              "\"run_started_at\": \"2026-03-01T12:03:00Z\"");

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private FakeGitHub gitHub;

  @SuppressWarnings("NullAway.Init")
  private App app;

  @SuppressWarnings("NullAway.Init")
  private Api api;

  @BeforeEach
  void start() throws IOException {
    gitHub = new FakeGitHub();
    Files.writeString(folder.resolve("secret"), "It's a Secret to Everybody");
    Files.createDirectories(folder.resolve("slos"));
    open();
  }

  private void open() {
    Config config =
        ConfigReader.parse(
                """
                slos: ./slos
                webhooks: {github: {secrets: [{file: ./secret}]}}
                github: {api: "%s", token: {file: ./secret}, repositories: [acme/query-api]}
                """
                    .formatted(gitHub.api()),
                "test",
                folder,
                Map.of())
            .with(0, folder.resolve("data"));
    app = App.start(config, InstantSource.system());
    api = new Api(app.port());
  }

  @AfterEach
  void stop() {
    api.close();
    app.close();
    gitHub.close();
  }

  @Test
  void aRunThatIsSaidToHaveFailedHasSucceededWhenGitHubSaysSo() throws Exception {
    deliverFailureOfARunThatSucceeded();
    assertEquals("failed", change("build").path("state").asText(), "the hint stands meanwhile");
    awaitState("build", "succeeded");
  }

  @Test
  void anOldStatusOfADeploymentThatIsSentAgainEndsInWhatGitHubSays() throws Exception {
    gitHub.answer(PATH + "/deployments/7", GitHubShapes.deployment(7));
    gitHub.answer(
        PATH + "/deployments/7/statuses",
        "[%s, %s]"
            .formatted(
                GitHubShapes.status("failure", "2026-03-01T12:20:00Z", ""),
                GitHubShapes.status("success", "2026-03-01T12:06:00Z", "")));
    deliver(
        "deployment_status",
        "\"deployment_status\": %s, \"deployment\": %s"
            .formatted(
                GitHubShapes.status("success", "2026-03-01T12:06:00Z", ""),
                GitHubShapes.deployment(7)));
    awaitState("deploy", "failed");
    assertEquals("2026-03-01T12:20:00Z", change("deploy").path("finished_at").asText());
  }

  @Test
  void aPullRequestThatGitHubHasMergedIsMerged() throws Exception {
    gitHub.answer(PATH + "/pulls/12", GitHubShapes.pull(12, GitHubShapes.SHA));
    deliver("pull_request", "\"pull_request\": " + GitHubShapes.pull(12, ""));
    JsonNode marker =
        api.await("the merge is on the timeline", SOON, () -> Optional.ofNullable(find("marker")));
    assertEquals(GitHubShapes.SHA, marker.path("commit").asText());
  }

  @Test
  void whoDeliversDoesNotWaitForGitHub() throws Exception {
    gitHub.take(Duration.ofSeconds(5));
    deliverFailureOfARunThatSucceeded();
    api.await("GitHub is asked", SOON, () -> gitHub.asked().stream().findFirst());
    long before = System.nanoTime();
    deliver("workflow_run", "\"workflow_run\": " + LATER);
    assertTrue(System.nanoTime() - before < Duration.ofSeconds(3).toNanos());
    awaitState("build", "succeeded");
  }

  private void deliverFailureOfARunThatSucceeded() throws Exception {
    gitHub.answer(
        PATH + "/actions/runs/77/attempts/2",
        GitHubShapes.run(77, 2, "completed", "success", "2026-03-01T12:03:00Z"));
    deliver(
        "workflow_run",
        "\"workflow_run\": "
            + GitHubShapes.run(77, 2, "completed", "failure", "2026-03-01T12:03:00Z"));
  }

  private void deliver(String event, String about) throws Exception {
    byte[] body =
        "{\"action\": \"closed\", %s, \"repository\": %s}"
            .formatted(about, GitHubShapes.repository())
            .getBytes(StandardCharsets.UTF_8);
    Api.Reply reply = api.send("POST", "/webhooks/github", body, GitHubIT.headers(event, body));
    assertEquals(2, reply.status() / 100, reply.toString());
  }

  private void awaitState(String kind, String state) {
    api.await(
        "the %s has %s".formatted(kind, state),
        SOON,
        () ->
            change(kind).path("state").asText().equals(state)
                ? Optional.of(true)
                : Optional.empty());
  }

  private JsonNode change(String kind) {
    JsonNode found = find(kind);
    return found == null ? Json.MAPPER.createObjectNode() : found;
  }

  private @Nullable JsonNode find(String kind) {
    for (JsonNode change : api.get(ALWAYS).path("changes")) {
      if (change.path("kind").asText().equals(kind)) {
        return change;
      }
    }
    return null;
  }
}
