package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.github.FakeGitHub;
import firebreak.deploytracker.github.GitHubApi;
import firebreak.deploytracker.github.GitHubCredential;
import firebreak.deploytracker.github.GitHubReports;
import firebreak.eventstore.EventStore;
import firebreak.guard.Gate;
import firebreak.records.Notice;
import firebreak.webhooks.GateRequest;
import firebreak.webhooks.outgoing.Sending.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to GitHub: what is allowed, what waits, what a gate's answer becomes. */
class GitHubPostTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path folder;

  @Test
  void whileGitHubWantsToBeLeftAloneItIsNotAskedHoweverMuchWaits() throws Exception {
    try (FakeGitHub gitHub = new FakeGitHub()) {
      GitHubPost post = post(gitHub, "[comment]", Gate.Verdict.YES);
      gitHub.fail(429, FakeGitHub.limited(60));
      for (int i = 0; i < 20; i++) {
        Outcome.Failed failed =
            assertInstanceOf(
                Outcome.Failed.class, post.deliver(comment("acme/query-api"), NOW.plusSeconds(i)));
        assertEquals(Duration.ofSeconds(60 - i), failed.after());
        assertEquals(true, failed.retry());
      }
      assertEquals(1, gitHub.asked().size());
      post.deliver(comment("acme/query-api"), NOW.plusSeconds(60));
      assertEquals(2, gitHub.asked().size());
    }
  }

  @Test
  void whatIsNoLongerConfiguredIsNotTold() throws Exception {
    try (FakeGitHub gitHub = new FakeGitHub()) {
      GitHubPost post = post(gitHub, "[gate]", Gate.Verdict.YES);
      assertEquals(false, failed(post.deliver(comment("acme/query-api"), NOW)).retry());
      GitHubPost other = post(gitHub, "[comment]", Gate.Verdict.YES);
      assertEquals(false, failed(other.deliver(comment("acme/other"), NOW)).retry());
      assertEquals(List.of(), gitHub.asked());
    }
  }

  @Test
  void theGatesAnswerIsGivenAndWhereThereIsNoneItIsSaidOnce() throws Exception {
    try (FakeGitHub gitHub = new FakeGitHub()) {
      assertInstanceOf(
          Outcome.Delivered.class, post(gitHub, "[gate]", Gate.Verdict.NO).deliver(gate(0), NOW));
      assertEquals("rejected", gitHub.gates().getFirst().path("state").asText());
      GitHubPost unsure = post(gitHub, "[gate]", Gate.Verdict.UNKNOWN);
      assertEquals(true, failed(unsure.deliver(gate(0), NOW)).retry());
      assertEquals(true, failed(unsure.deliver(gate(1), NOW)).retry());
      assertEquals(2, gitHub.gates().size(), "one answer, one remark");
    }
  }

  private static Outcome.Failed failed(Outcome outcome) {
    return assertInstanceOf(Outcome.Failed.class, outcome);
  }

  private static Notice.Waiting comment(String repository) {
    Notice notice =
        new Notice(
            "n",
            GitHubNotice.DESTINATION,
            "s",
            """
            {"tell": "COMMENT", "repository": "%s", "commit": "b2", "service": "query-api",
             "markdown": "It burns."}
            """
                .formatted(repository));
    return new Notice.Waiting(notice, 1, 0, NOW);
  }

  private static Notice.Waiting gate(int attempts) {
    GateRequest request =
        new GateRequest("acme/query-api", "4711", "production", "query-api", "b2");
    return new Notice.Waiting(GitHubNotice.of(request).notice("g"), 1, attempts, NOW);
  }

  /** That there may be no forecast is not read off the compiled record. */
  @SuppressWarnings("NullAway")
  private GitHubPost post(FakeGitHub gitHub, String tell, Gate.Verdict verdict) {
    Config config =
        ConfigReader.parse(
            "github: {token: {env: T}, repositories: [acme/query-api], tell: %s}".formatted(tell),
            "test",
            folder,
            Map.of("T", "token"));
    return new GitHubPost(
        new GitHubReports(
            new GitHubApi(
                gitHub.api(), new GitHubCredential.Token("token"), InstantSource.fixed(NOW))),
        (question, now) -> new Gate.Answer(verdict, List.of("Because."), Double.NaN, null),
        new ChangeLog(EventStore.inMemory()),
        config.github(),
        "https://fb.example/");
  }
}
