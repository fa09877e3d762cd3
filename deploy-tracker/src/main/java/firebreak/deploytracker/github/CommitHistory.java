package firebreak.deploytracker.github;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.kohsuke.github.GHCommit;
import org.kohsuke.github.GHCompare;
import org.kohsuke.github.GHPullRequest;
import org.kohsuke.github.GHRepository;
import org.kohsuke.github.GitUser;

/** What GitHub says went into a build. */
public final class CommitHistory {

  /** The files of so many of the newest commits are asked for, one request each. */
  public static final int COMMITS_WITH_FILES_AT_MOST = 30;

  static final Pattern REVISION = Pattern.compile("[\\w./-]{1,250}");

  private final GitHubApi gitHub;

  public CommitHistory(GitHubApi gitHub) {
    this.gitHub = gitHub;
  }

  /**
   * A commit.
   *
   * @param message its first line
   * @param files the paths it touches; empty beyond {@link #COMMITS_WITH_FILES_AT_MOST}
   * @param flags the flags that its diff names, with the places
   */
  public record Commit(
      String sha,
      String message,
      String author,
      Instant time,
      List<String> files,
      List<FlagReference> flags) {
    public Commit {
      files = List.copyOf(files);
      flags = List.copyOf(flags);
    }
  }

  /**
   * What one revision has that another has not.
   *
   * @param commits oldest first, the newest 250 at most
   * @param total how many there are
   * @param files the paths that differ between the two, 300 at most
   * @param flags the flags that the diff between the two names
   */
  public record Comparison(
      List<Commit> commits, int total, List<String> files, List<FlagReference> flags) {
    public Comparison {
      commits = List.copyOf(commits);
      files = List.copyOf(files);
      flags = List.copyOf(flags);
    }
  }

  /** A pull request that a commit belongs to. */
  public record PullRequest(
      int number, String title, String author, String url, @Nullable Instant mergedAt) {}

  /**
   * The commits that {@code head} has and {@code base} has not.
   *
   * @param repository owner and name
   * @param flags the keys of flags to look for in the diffs
   */
  public GitHubAnswer<Comparison> between(
      String repository, String base, String head, Set<String> flags) {
    GitHubApi.check(REVISION, "base", base);
    GitHubApi.check(REVISION, "head", head);
    return gitHub.ask(repository, at -> comparison(at.getCompare(base, head), flags));
  }

  /** The pull requests that brought a commit, its merge commit among them, into the repository. */
  public GitHubAnswer<List<PullRequest>> pullRequests(String repository, String commit) {
    GitHubApi.check(REVISION, "commit", commit);
    return gitHub.ask(
        repository,
        at -> {
          List<PullRequest> found = new ArrayList<>();
          for (GHPullRequest pull : of(at, commit)) {
            found.add(pullRequest(pull));
          }
          return found;
        });
  }

  static Iterable<GHPullRequest> of(GHRepository at, String commit) throws IOException {
    return at.getCommit(commit).listPullRequests();
  }

  private static Comparison comparison(GHCompare compare, Set<String> flags) throws IOException {
    GHCompare.Commit[] told = compare.getCommits();
    List<Commit> commits = new ArrayList<>();
    for (int i = 0; i < told.length; i++) {
      boolean withFiles = told.length - i <= COMMITS_WITH_FILES_AT_MOST;
      commits.add(commit(told[i], withFiles, flags));
    }
    Changed changed = new Changed(flags);
    for (GHCommit.File file : compare.getFiles()) {
      changed.add(file);
    }
    return new Comparison(commits, compare.getTotalCommits(), changed.files, changed.references);
  }

  private static Commit commit(GHCompare.Commit told, boolean withFiles, Set<String> flags)
      throws IOException {
    GitUser author = told.getCommit().getAuthor();
    Changed changed = new Changed(flags);
    if (withFiles) {
      for (GHCommit.File file : told.listFiles()) {
        changed.add(file);
      }
    }
    return new Commit(
        told.getSHA1(),
        told.getCommit().getMessage().lines().findFirst().orElse(""),
        Objects.requireNonNullElse(author.getName(), ""),
        author.getDate().toInstant(),
        changed.files,
        changed.references);
  }

  /** The files of a diff, and the flags in them. */
  private static final class Changed {
    private final Set<String> flags;
    private final List<String> files = new ArrayList<>();
    private final List<FlagReference> references = new ArrayList<>();

    Changed(Set<String> flags) {
      this.flags = flags;
    }

    /** GitHub leaves the diff out where it is long, or no text. */
    void add(GHCommit.File file) {
      files.add(file.getFileName());
      @Nullable String patch = file.getPatch();
      if (patch != null && references.size() < FlagReferences.AT_MOST) {
        references.addAll(FlagReferences.in(file.getFileName(), patch, flags));
      }
    }
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
}
