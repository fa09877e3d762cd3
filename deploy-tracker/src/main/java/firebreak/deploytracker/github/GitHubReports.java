package firebreak.deploytracker.github;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.kohsuke.github.GHCheckRun;
import org.kohsuke.github.GHCheckRunBuilder;
import org.kohsuke.github.GHDeployment;
import org.kohsuke.github.GHDeploymentState;
import org.kohsuke.github.GHDeploymentStatus;
import org.kohsuke.github.GHDeploymentStatusBuilder;
import org.kohsuke.github.GHIssueComment;
import org.kohsuke.github.GHPullRequest;
import org.kohsuke.github.GHRepository;

/**
 * What GitHub is told. Each call brings one thing up to date and may be made again: what is there
 * already is found and changed in place, so an answer that was lost makes no second comment.
 */
public final class GitHubReports {
  /** GitHub takes 65,536 characters. */
  public static final int BODY_CHARS_AT_MOST = 60_000;

  /** Beyond so many comments ours is no longer looked for. */
  static final int COMMENTS_READ_AT_MOST = 1_000;

  private static final int PAGE = 100;
  private static final int DESCRIPTION_CHARS = 140;
  private static final Pattern RUN = Pattern.compile("\\d{1,19}");

  private final GitHubApi gitHub;

  public GitHubReports(GitHubApi gitHub) {
    this.gitHub = gitHub;
  }

  /** What became of a report. */
  public enum Written {
    CREATED,
    UPDATED,
    /** It says so already. */
    UNCHANGED,
    /** There is no pull request or deployment to say it at. */
    NOWHERE
  }

  /** How a check stands. */
  public enum Conclusion {
    RUNNING,
    SUCCESS,
    FAILURE,
    NEUTRAL
  }

  /**
   * A check run.
   *
   * @param link where the evidence is
   */
  public record Check(
      String name, Conclusion conclusion, String title, String markdown, String link) {}

  /**
   * The one comment on the pull request that brought the commit.
   *
   * @param marker what the comment begins with, and no other; a comment of HTML, so that it is not
   *     seen
   */
  public GitHubAnswer<Written> comment(
      String repository, String commit, String marker, String markdown) {
    GitHubApi.check(CommitHistory.REVISION, "commit", commit);
    String body = marker + "\n" + cut(markdown, BODY_CHARS_AT_MOST);
    return gitHub.ask(
        repository,
        at -> {
          @Nullable GHPullRequest pull = pull(at, commit);
          if (pull == null) {
            return Written.NOWHERE;
          }
          int read = 0;
          for (GHIssueComment comment : pull.listComments().withPageSize(PAGE)) {
            if (comment.getBody().startsWith(marker)) {
              return comment.getBody().strip().equals(body.strip())
                  ? Written.UNCHANGED
                  : updated(comment, body);
            }
            if (++read == COMMENTS_READ_AT_MOST) {
              throw new IOException("the pull request has more comments than are read");
            }
          }
          pull.comment(body);
          return Written.CREATED;
        });
  }

  private static Written updated(GHIssueComment comment, String body) throws IOException {
    comment.update(body);
    return Written.UPDATED;
  }

  /** The one that was merged as this commit, else one that was merged, else any. */
  private static @Nullable GHPullRequest pull(GHRepository at, String commit) throws IOException {
    @Nullable GHPullRequest best = null;
    int bestRank = -1;
    for (GHPullRequest pull : CommitHistory.of(at, commit)) {
      int rank = pull.getMergedAt() == null ? 0 : 1;
      if (rank > bestRank) {
        best = pull;
        bestRank = rank;
      }
    }
    return best;
  }

  /** The check of that name on the commit. Only a GitHub App may write one. */
  public GitHubAnswer<Written> check(String repository, String commit, Check check) {
    GitHubApi.check(CommitHistory.REVISION, "commit", commit);
    return gitHub.ask(
        repository,
        at -> {
          String sha = at.getCommit(commit).getSHA1();
          for (GHCheckRun run : at.getCheckRuns(sha, Map.of("check_name", check.name()))) {
            if (check.name().equals(run.getName())) {
              write(at.updateCheckRun(run.getId()), check);
              return Written.UPDATED;
            }
          }
          write(at.createCheckRun(check.name(), sha), check);
          return Written.CREATED;
        });
  }

  private static void write(GHCheckRunBuilder builder, Check check) throws IOException {
    builder
        .withDetailsURL(check.link())
        .add(
            new GHCheckRunBuilder.Output(check.title(), cut(check.markdown(), BODY_CHARS_AT_MOST)));
    GHCheckRun.@Nullable Conclusion conclusion =
        switch (check.conclusion()) {
          case RUNNING -> null;
          case SUCCESS -> GHCheckRun.Conclusion.SUCCESS;
          case FAILURE -> GHCheckRun.Conclusion.FAILURE;
          case NEUTRAL -> GHCheckRun.Conclusion.NEUTRAL;
        };
    if (conclusion == null) {
      builder.withStatus(GHCheckRun.Status.IN_PROGRESS);
    } else {
      builder.withStatus(GHCheckRun.Status.COMPLETED).withConclusion(conclusion);
    }
    builder.create();
  }

  /**
   * Says of the commit's newest deployment to the environment that it failed, or takes that back:
   * then it is again what others said of it last. What others say is never changed, and of a
   * deployment that is not blamed nothing is said.
   *
   * @param blamed whether it is said to have failed
   * @param link where the evidence is
   * @param own how the links of all our statuses begin, by which they are known
   */
  public GitHubAnswer<Written> deployment(
      String repository,
      String commit,
      String environment,
      boolean blamed,
      String description,
      String link,
      String own) {
    GitHubApi.check(CommitHistory.REVISION, "commit", commit);
    return gitHub.ask(
        repository,
        at -> {
          var found = at.listDeployments(commit, null, null, environment).iterator();
          if (!found.hasNext()) {
            return Written.NOWHERE;
          }
          GHDeployment deployment = found.next();
          Statuses statuses = Statuses.of(deployment, own);
          GHDeploymentState wanted = blamed ? GHDeploymentState.FAILURE : statuses.others;
          if (statuses.ours == null ? !blamed : statuses.ours == wanted) {
            return Written.UNCHANGED;
          }
          create(deployment.createStatus(wanted), cut(description, DESCRIPTION_CHARS), link);
          return Written.CREATED;
        });
  }

  /** The client calls a preview what GitHub has long had. */
  @SuppressWarnings("deprecation")
  private static void create(GHDeploymentStatusBuilder status, String description, String link)
      throws IOException {
    // A word on this deployment is none on earlier ones.
    status.description(description).logUrl(link).autoInactive(false).create();
  }

  @SuppressWarnings("deprecation")
  private static boolean isOurs(GHDeploymentStatus status, String own) {
    return String.valueOf(status.getLogUrl()).startsWith(own);
  }

  /**
   * The latest statuses.
   *
   * @param ours null where the latest of all is not ours
   * @param others the latest that is not ours
   */
  private record Statuses(@Nullable GHDeploymentState ours, GHDeploymentState others) {
    static Statuses of(GHDeployment deployment, String own) {
      @Nullable GHDeploymentState ours = null;
      for (GHDeploymentStatus status : deployment.listStatuses()) {
        if (!isOurs(status, own)) {
          return new Statuses(ours, status.getState());
        }
        ours = ours == null ? status.getState() : ours;
      }
      return new Statuses(ours, GHDeploymentState.PENDING);
    }
  }

  /**
   * Answers a deployment protection rule. Only a GitHub App may.
   *
   * @param run the run of Actions that waits
   * @param approved null to say only why it cannot be told yet
   */
  public GitHubAnswer<Written> gate(
      String repository,
      String run,
      String environment,
      @Nullable Boolean approved,
      String comment) {
    GitHubApi.check(RUN, "run", run);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("environment_name", environment);
    if (approved != null) {
      body.put("state", approved ? "approved" : "rejected");
    }
    body.put("comment", cut(comment, BODY_CHARS_AT_MOST));
    return gitHub
        .call(
            "POST",
            new HookOwner.Repository(repository),
            "/actions/runs/" + run + "/deployment_protection_rule",
            body)
        .then(_ -> new GitHubAnswer.Found<>(Written.CREATED));
  }

  private static String cut(String text, int atMost) {
    return text.length() > atMost ? text.substring(0, atMost - 1) + "…" : text;
  }
}
