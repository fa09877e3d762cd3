package firebreak.deploytracker.github;

import firebreak.deploytracker.Change;
import java.util.regex.Pattern;

/** What a delivery of GitHub's speaks of, and what GitHub can be asked about again. */
public sealed interface GitHubSubject {
  /** Owner and name. */
  String repository();

  /** The id of the change that it is on the timeline. */
  String changeId();

  /** An attempt of a run of Actions. */
  record Run(String repository, String id, String attempt) implements GitHubSubject {
    public Run {
      check(repository, id);
      GitHubApi.check(NUMBER, "attempt", attempt);
    }

    @Override
    public String changeId() {
      return Change.id("build", "github", repository, id, attempt);
    }
  }

  /** A deployment, with what was said of it. */
  record Deployment(String repository, String id) implements GitHubSubject {
    public Deployment {
      check(repository, id);
    }

    @Override
    public String changeId() {
      return Change.id("deploy", "github", repository, id);
    }
  }

  /** A pull request that was closed. */
  record PullRequest(String repository, String id) implements GitHubSubject {
    public PullRequest {
      check(repository, id);
    }

    @Override
    public String changeId() {
      return Change.id("marker", "github", repository, "merge", id);
    }
  }

  Pattern NUMBER = Pattern.compile("\\d{1,19}");

  private static void check(String repository, String id) {
    GitHubApi.check(GitHubApi.REPOSITORY, "repository", repository);
    GitHubApi.check(NUMBER, "id", id);
  }
}
