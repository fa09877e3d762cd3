package firebreak.deploytracker.github;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.github.CommitHistory.Commit;
import firebreak.deploytracker.github.CommitHistory.Comparison;
import firebreak.deploytracker.github.CommitHistory.PullRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitHistoryIT {
  private static final Instant TIME = Instant.parse("2026-03-01T11:58:00Z");
  private static final String PATCH = "@@ -7 +7 @@\n-old\n+if (is('short-cache'))";

  @SuppressWarnings("NullAway.Init")
  private FakeGitHub gitHub;

  @BeforeEach
  void startGitHub() throws IOException {
    gitHub = new FakeGitHub();
  }

  @AfterEach
  void stopGitHub() {
    gitHub.close();
  }

  @Test
  void tellsTheCommitsBetweenTwoBuildsWithTheirFilesAndFlags() {
    String cache = FakeGitHub.file("Cache.java", PATCH);
    gitHub.compares(
        "a0",
        "b2",
        List.of(
            gitHub.commit("b1", "Shorten the cache\\n\\nFor beta"),
            gitHub.commit("b2", "Merge #12")),
        cache);
    gitHub.commits("b1", "Shorten the cache", cache);
    gitHub.commits("b2", "Merge #12");
    FlagReference reference = new FlagReference("short-cache", "Cache.java", 7, true);
    assertEquals(
        new GitHubAnswer.Found<>(
            new Comparison(
                List.of(
                    new Commit(
                        "b1",
                        "Shorten the cache",
                        "Pat",
                        TIME,
                        List.of("Cache.java"),
                        List.of(reference)),
                    new Commit("b2", "Merge #12", "Pat", TIME, List.of(), List.of())),
                2,
                List.of("Cache.java"),
                List.of(reference))),
        history("token").between(FakeGitHub.REPOSITORY, "a0", "b2", Set.of("short-cache")));
    assertFalse(gitHub.asked().contains("GET /user"), "a token need not belong to a user");
    assertTrue(
        gitHub.authorizations().stream().allMatch("Bearer token"::equals),
        gitHub.authorizations().toString());
  }

  @Test
  void asksForTheFilesOfTheNewestCommitsOnly() {
    int count = CommitHistory.COMMITS_WITH_FILES_AT_MOST + 5;
    List<String> commits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      commits.add(gitHub.commit("c" + i, "Commit " + i));
      gitHub.commits("c" + i, "Commit", FakeGitHub.file("File" + i + ".java", ""));
    }
    gitHub.compares("a0", "head", commits);
    Comparison found = found(history("").between(FakeGitHub.REPOSITORY, "a0", "head", Set.of()));
    assertEquals(count, found.total());
    assertEquals(List.of(), found.commits().get(4).files());
    assertEquals(List.of("File5.java"), found.commits().get(5).files());
    assertEquals(
        CommitHistory.COMMITS_WITH_FILES_AT_MOST,
        gitHub.asked().stream().filter(path -> path.contains("/commits/")).count());
    assertEquals("null", gitHub.authorizations().getFirst());
  }

  @Test
  void tellsThePullRequestOfAMergeCommit() {
    gitHub.commits("b2", "Merge #12");
    gitHub.merges(12, "b2");
    assertEquals(
        new GitHubAnswer.Found<>(
            List.of(
                new PullRequest(
                    12,
                    "Shorten the cache",
                    "pat",
                    "https://github.com/acme/query-api/pull/12",
                    Instant.parse("2026-03-01T12:01:00Z")))),
        history("token").pullRequests(FakeGitHub.REPOSITORY, "b2"));
  }

  @Test
  void aRateLimitIsAnAnswerAtOnceThatSaysForHowLong() {
    gitHub.fail(403, FakeGitHub.limited(30));
    assertLimited("GitHub answered 403", Duration.ofSeconds(30));
    gitHub.fail(
        403,
        Map.of(
            "X-RateLimit-Remaining", "0",
            "X-RateLimit-Reset", "4102444800"));
    assertLimited("GitHub answered 403", LimitReached.AFTER_AT_MOST);
    gitHub.fail(429, FakeGitHub.limited(30));
    assertLimited("GitHub answered 429", Duration.ofSeconds(30));
  }

  @Test
  void whatGoesWrongIsSaidInOneLineWithoutTheToken() {
    assertUnavailable("no such repository or commit", false);
    String compare = "/repos/acme/query-api/compare/a0...b2";
    gitHub.answer(compare, "{\"commits\": []}");
    assertUnavailable("GitHub's answer lacks something", true);
    gitHub.answer(compare, "\"<html>Unicorn</html>\"");
    assertUnavailable("GitHub", true);
    gitHub.fail(502, Map.of());
    assertUnavailable("GitHub answered 502", true);
    gitHub.fail(401, Map.of());
    assertEquals(GitHubApi.AFTER_A_REFUSAL, assertUnavailable("GitHub answered 401", true).after());
    gitHub.close();
    assertUnavailable("GitHub did not answer", true);
  }

  @Test
  void aNameThatLeadsElsewhereIsRefused() {
    CommitHistory history = history("");
    assertRefused(history, "acme/../../user", "a", "b");
    assertRefused(history, "acme", "a", "b");
    assertRefused(history, "acme/x", "a...b", "b");
    assertThrows(IllegalArgumentException.class, () -> history.pullRequests("acme/x", "b?c=d"));
    assertEquals(List.of(), gitHub.asked());
  }

  private static void assertRefused(
      CommitHistory history, String repository, String base, String head) {
    assertThrows(
        IllegalArgumentException.class, () -> history.between(repository, base, head, Set.of()));
  }

  private void assertLimited(String why, Duration after) {
    long start = System.nanoTime();
    assertEquals(after, assertUnavailable(why, true).after());
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(taken.compareTo(Duration.ofSeconds(10)) < 0, "took " + taken);
  }

  private GitHubAnswer.Unavailable<?> assertUnavailable(String why, boolean retry) {
    GitHubAnswer<Comparison> answer =
        history("s3cret").between(FakeGitHub.REPOSITORY, "a0", "b2", Set.of());
    GitHubAnswer.Unavailable<?> said = assertInstanceOf(GitHubAnswer.Unavailable.class, answer);
    assertTrue(said.why().contains(why), said.why());
    assertFalse(said.why().contains("s3cret") || said.why().contains("\n"), said.why());
    assertEquals(retry, said.retry(), said.why());
    return said;
  }

  private static <T> T found(GitHubAnswer<T> answer) {
    return switch (answer) {
      case GitHubAnswer.Found<T> found -> found.value();
      case GitHubAnswer.Unavailable<T> unavailable -> throw new AssertionError(unavailable.why());
    };
  }

  private CommitHistory history(String token) {
    return new CommitHistory(
        new GitHubApi(
            gitHub.api(),
            token.isEmpty() ? new GitHubCredential.Anonymous() : new GitHubCredential.Token(token),
            InstantSource.fixed(TIME)));
  }
}
