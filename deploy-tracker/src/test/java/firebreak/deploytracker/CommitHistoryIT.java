package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import firebreak.deploytracker.CommitHistory.Answer;
import firebreak.deploytracker.CommitHistory.Commit;
import firebreak.deploytracker.CommitHistory.Comparison;
import firebreak.deploytracker.CommitHistory.PullRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitHistoryIT {
  private static final String REPOSITORY = "/repos/acme/query-api";
  private static final String AUTHOR =
      "{\"name\": \"Pat\", \"email\": \"pat@example.org\", \"date\": \"2026-03-01T11:58:00Z\"}";

  /** What the fake GitHub answers, by path. */
  private final Map<String, String> bodies = new HashMap<>();

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<String> tokens = Collections.synchronizedList(new ArrayList<>());

  @SuppressWarnings("NullAway.Init")
  private HttpServer server;

  @SuppressWarnings("NullAway.Init")
  private URI api;

  private int status = 200;
  private Map<String, String> headers = Map.of();

  @BeforeEach
  void startGitHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    api = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    bodies.put(
        REPOSITORY,
        """
        {"id": 1, "name": "query-api", "full_name": "acme/query-api", "url": "%s",
         "owner": {"login": "acme", "id": 2}}
        """
            .formatted(api + REPOSITORY));
  }

  @AfterEach
  void stopGitHub() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(path);
    tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    headers.forEach(exchange.getResponseHeaders()::set);
    String body = bodies.get(path);
    byte[] bytes =
        (body == null ? "{\"message\": \"Not Found\"}" : body).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(body == null ? 404 : status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void tellsTheCommitsBetweenTwoBuildsWithTheirFiles() {
    compare("a0", "b2", commit("b1", "Shorten the cache\\n\\nFor beta"), commit("b2", "Merge #12"));
    bodies.put(REPOSITORY + "/commits/b1", withFiles("b1", "Shorten the cache", "Cache.java"));
    bodies.put(REPOSITORY + "/commits/b2", withFiles("b2", "Merge #12"));
    Answer<Comparison> answer = history("token").between("acme/query-api", "a0", "b2");
    Instant time = Instant.parse("2026-03-01T11:58:00Z");
    assertEquals(
        new Answer.Found<>(
            new Comparison(
                List.of(
                    new Commit("b1", "Shorten the cache", "Pat", time, List.of("Cache.java")),
                    new Commit("b2", "Merge #12", "Pat", time, List.of())),
                2,
                List.of("Cache.java"))),
        answer);
    assertFalse(asked.contains("/user"), "a token need not belong to a user: " + asked);
    assertTrue(tokens.stream().allMatch("Bearer token"::equals), tokens.toString());
  }

  @Test
  void asksForTheFilesOfTheNewestCommitsOnly() {
    int count = CommitHistory.COMMITS_WITH_FILES_AT_MOST + 5;
    String[] commits = new String[count];
    for (int i = 0; i < count; i++) {
      commits[i] = commit("c" + i, "Commit " + i);
      bodies.put(REPOSITORY + "/commits/c" + i, withFiles("c" + i, "Commit", "File" + i + ".java"));
    }
    compare("a0", "head", commits);
    Comparison found = found(history("").between("acme/query-api", "a0", "head"));
    assertEquals(count, found.total());
    assertEquals(List.of(), found.commits().get(4).files());
    assertEquals(List.of("File5.java"), found.commits().get(5).files());
    assertEquals(
        CommitHistory.COMMITS_WITH_FILES_AT_MOST,
        asked.stream().filter(path -> path.contains("/commits/")).count());
    assertEquals("null", tokens.getFirst());
  }

  @Test
  void tellsThePullRequestOfAMergeCommit() {
    bodies.put(REPOSITORY + "/commits/b2", withFiles("b2", "Merge #12"));
    bodies.put(
        REPOSITORY + "/commits/b2/pulls",
        """
        [{"number": 12, "title": "Shorten the cache", "state": "closed", "url": "%s",
          "user": {"login": "pat", "id": 3}, "merged_at": "2026-03-01T12:01:00Z",
          "html_url": "https://github.com/acme/query-api/pull/12"}]
        """
            .formatted(api + REPOSITORY + "/pulls/12"));
    assertEquals(
        new Answer.Found<>(
            List.of(
                new PullRequest(
                    12,
                    "Shorten the cache",
                    "pat",
                    "https://github.com/acme/query-api/pull/12",
                    Instant.parse("2026-03-01T12:01:00Z")))),
        history("token").pullRequests("acme/query-api", "b2"));
  }

  @Test
  void aRateLimitIsAnAnswerAtOnce() {
    status = 403;
    headers = Map.of("Retry-After", "30");
    assertUnavailableAtOnce("GitHub answered 403");
    headers = Map.of("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "4102444800");
    assertUnavailableAtOnce("GitHub answered 403");
    status = 429;
    headers = Map.of("Retry-After", "30");
    assertUnavailableAtOnce("GitHub answered 429");
  }

  @Test
  void whatGoesWrongIsSaidInOneLineWithoutTheToken() {
    assertUnavailable("no such repository or commit");
    bodies.put(REPOSITORY + "/compare/a0...b2", "{\"commits\": []}");
    assertUnavailable("GitHub's answer lacks something");
    bodies.put(REPOSITORY + "/compare/a0...b2", "<html>Unicorn</html>");
    assertUnavailable("GitHub");
    status = 502;
    assertUnavailable("GitHub answered 502");
    status = 401;
    assertUnavailable("GitHub answered 401");
    server.stop(0);
    assertUnavailable("GitHub did not answer");
  }

  @Test
  void aNameThatLeadsElsewhereIsRefused() {
    CommitHistory history = history("");
    assertThrows(
        IllegalArgumentException.class, () -> history.between("acme/../../user", "a", "b"));
    assertThrows(IllegalArgumentException.class, () -> history.between("acme", "a", "b"));
    assertThrows(IllegalArgumentException.class, () -> history.between("acme/x", "a...b", "b"));
    assertThrows(IllegalArgumentException.class, () -> history.pullRequests("acme/x", "b?c=d"));
    assertEquals(List.of(), asked);
  }

  private void assertUnavailableAtOnce(String why) {
    long start = System.nanoTime();
    assertUnavailable(why);
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(taken.compareTo(Duration.ofSeconds(10)) < 0, "took " + taken);
  }

  private void assertUnavailable(String why) {
    Answer<Comparison> answer = history("s3cret").between("acme/query-api", "a0", "b2");
    String said = assertInstanceOf(Answer.Unavailable.class, answer).why();
    assertTrue(said.contains(why), said);
    assertFalse(said.contains("s3cret") || said.contains("\n"), said);
  }

  private static <T> T found(Answer<T> answer) {
    return switch (answer) {
      case Answer.Found<T> found -> found.value();
      case Answer.Unavailable<T> unavailable -> throw new AssertionError(unavailable.why());
    };
  }

  private CommitHistory history(String token) {
    return new CommitHistory(api, token);
  }

  private void compare(String base, String head, String... commits) {
    bodies.put(
        REPOSITORY + "/compare/" + base + "..." + head,
        """
        {"url": "%s", "status": "ahead", "ahead_by": 2, "behind_by": 0, "total_commits": %d,
         "base_commit": %s, "merge_base_commit": %s, "commits": [%s],
         "files": [{"filename": "Cache.java", "status": "modified"}]}
        """
            .formatted(
                api + REPOSITORY + "/compare/" + base + "..." + head,
                commits.length,
                commit(base, "Before"),
                commit(base, "Before"),
                String.join(",", commits)));
  }

  private String commit(String sha, String message) {
    return """
        {"sha": "%s", "url": "%s", "parents": [],
         "commit": {"message": "%s", "author": %s, "committer": %s}}
        """
        .formatted(sha, api + REPOSITORY + "/commits/" + sha, message, AUTHOR, AUTHOR);
  }

  private String withFiles(String sha, String message, String... files) {
    List<String> named = new ArrayList<>();
    for (String file : files) {
      named.add("{\"filename\": \"%s\", \"status\": \"modified\"}".formatted(file));
    }
    String commit = commit(sha, message).strip();
    return commit.substring(0, commit.length() - 1) + ", \"files\": " + named + "}";
  }
}
