package firebreak.deploytracker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.kohsuke.github.GHCommit;
import org.kohsuke.github.GHCompare;
import org.kohsuke.github.GHException;
import org.kohsuke.github.GHFileNotFoundException;
import org.kohsuke.github.GHPullRequest;
import org.kohsuke.github.GHRepository;
import org.kohsuke.github.GitHub;
import org.kohsuke.github.GitHubAbuseLimitHandler;
import org.kohsuke.github.GitHubBuilder;
import org.kohsuke.github.GitHubRateLimitHandler;
import org.kohsuke.github.GitUser;
import org.kohsuke.github.HttpException;

/**
 * What GitHub says went into a build. Blocks its caller's thread for as long as GitHub takes, so
 * call it on a virtual one; a rate limit is an answer at once, never a wait.
 */
public final class CommitHistory {

  /** The files of so many of the newest commits are asked for, one request each. */
  public static final int COMMITS_WITH_FILES_AT_MOST = 30;

  private static final Pattern REPOSITORY = Pattern.compile("[\\w.-]+/[\\w.-]+");
  private static final Pattern REVISION = Pattern.compile("[\\w./-]{1,250}");

  private final GitHub gitHub;

  /**
   * @param api such as {@code https://api.github.com}
   * @param token empty to ask without one
   */
  public CommitHistory(URI api, String token) {
    GitHubBuilder builder =
        new GitHubBuilder()
            .withEndpoint(api.toString())
            .withConnector(new GitHubConnection())
            .withRateLimitHandler(GitHubRateLimitHandler.FAIL)
            .withAbuseLimitHandler(GitHubAbuseLimitHandler.FAIL);
    if (!token.isEmpty()) {
      // A plain provider: given a token alone, the client first asks who it belongs to.
      builder.withAuthorizationProvider(() -> "Bearer " + token);
    }
    try {
      gitHub = builder.build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What GitHub answered, or why there is no answer. */
  public sealed interface Answer<T> {
    record Found<T>(T value) implements Answer<T> {}

    /** For a person; asking again later may help. */
    record Unavailable<T>(String why) implements Answer<T> {}
  }

  /**
   * A commit.
   *
   * @param message its first line
   * @param files the paths it touches; empty beyond {@link #COMMITS_WITH_FILES_AT_MOST}
   */
  public record Commit(
      String sha, String message, String author, Instant time, List<String> files) {
    public Commit {
      files = List.copyOf(files);
    }
  }

  /**
   * What one revision has that another has not.
   *
   * @param commits oldest first, the newest 250 at most
   * @param total how many there are
   * @param files the paths that differ between the two, 300 at most
   */
  public record Comparison(List<Commit> commits, int total, List<String> files) {
    public Comparison {
      commits = List.copyOf(commits);
      files = List.copyOf(files);
    }
  }

  /** A pull request that a commit belongs to. */
  public record PullRequest(
      int number, String title, String author, String url, @Nullable Instant mergedAt) {}

  /**
   * The commits that {@code head} has and {@code base} has not.
   *
   * @param repository owner and name
   */
  public Answer<Comparison> between(String repository, String base, String head) {
    check(REPOSITORY, "repository", repository);
    check(REVISION, "base", base);
    check(REVISION, "head", head);
    return ask(() -> comparison(gitHub.getRepository(repository).getCompare(base, head)));
  }

  /** The pull requests that brought a commit, its merge commit among them, into the repository. */
  public Answer<List<PullRequest>> pullRequests(String repository, String commit) {
    check(REPOSITORY, "repository", repository);
    check(REVISION, "commit", commit);
    return ask(
        () -> {
          GHRepository at = gitHub.getRepository(repository);
          List<PullRequest> found = new ArrayList<>();
          for (GHPullRequest pull : at.getCommit(commit).listPullRequests()) {
            found.add(pullRequest(pull));
          }
          return found;
        });
  }

  private static Comparison comparison(GHCompare compare) throws IOException {
    GHCompare.Commit[] told = compare.getCommits();
    List<Commit> commits = new ArrayList<>();
    for (int i = 0; i < told.length; i++) {
      boolean withFiles = told.length - i <= COMMITS_WITH_FILES_AT_MOST;
      commits.add(commit(told[i], withFiles));
    }
    List<String> files = new ArrayList<>();
    for (GHCommit.File file : compare.getFiles()) {
      files.add(file.getFileName());
    }
    return new Comparison(commits, compare.getTotalCommits(), files);
  }

  private static Commit commit(GHCompare.Commit told, boolean withFiles) throws IOException {
    GitUser author = told.getCommit().getAuthor();
    List<String> files = new ArrayList<>();
    if (withFiles) {
      for (GHCommit.File file : told.listFiles()) {
        files.add(file.getFileName());
      }
    }
    return new Commit(
        told.getSHA1(),
        told.getCommit().getMessage().lines().findFirst().orElse(""),
        Objects.requireNonNullElse(author.getName(), ""),
        author.getDate().toInstant(),
        files);
  }

  private static PullRequest pullRequest(GHPullRequest pull) throws IOException {
    Date merged = pull.getMergedAt();
    return new PullRequest(
        pull.getNumber(),
        Objects.requireNonNullElse(pull.getTitle(), ""),
        pull.getUser().getLogin(),
        pull.getHtmlUrl().toString(),
        merged == null ? null : merged.toInstant());
  }

  /** A question to GitHub. */
  @FunctionalInterface
  private interface Question<T> {
    T answer() throws IOException;
  }

  private static <T> Answer<T> ask(Question<T> question) {
    try {
      return new Answer.Found<>(question.answer());
    } catch (IOException e) {
      return new Answer.Unavailable<>(why(e));
    } catch (GHException e) {
      return new Answer.Unavailable<>(e.getCause() instanceof IOException io ? why(io) : why(e));
    } catch (NullPointerException e) {
      // So the client meets a body that lacks what it takes for granted.
      return new Answer.Unavailable<>("GitHub's answer lacks something: " + e.getMessage());
    }
  }

  private static String why(Exception e) {
    if (e instanceof GHFileNotFoundException) {
      return "GitHub knows no such repository or commit, or does not show it to this token";
    }
    String message = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    String shown = message.lines().findFirst().orElse("");
    return e instanceof HttpException http && http.getResponseCode() > 0
        ? "GitHub answered %d: %s".formatted(http.getResponseCode(), shown)
        : "GitHub did not answer: " + shown;
  }

  private static void check(Pattern pattern, String what, String given) {
    if (!pattern.matcher(given).matches() || given.contains("..")) {
      throw new IllegalArgumentException(what + " is none of GitHub's, was \"" + given + "\"");
    }
  }
}
