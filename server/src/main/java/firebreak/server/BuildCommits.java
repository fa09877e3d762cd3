package firebreak.server;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.github.CommitHistory;
import firebreak.deploytracker.github.CommitHistory.Comparison;
import firebreak.deploytracker.github.CommitHistory.PullRequest;
import firebreak.deploytracker.github.GitHubAnswer;
import firebreak.eventstore.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a deploy brought: the commits since the build that ran before it, as GitHub has them. */
final class BuildCommits {
  private static final TimeRange ALWAYS =
      new TimeRange(Instant.EPOCH, Instant.parse("9999-01-01T00:00:00Z"));

  private final ChangeLog changes;
  private final CommitHistory history;
  private final Config.GitHub config;

  BuildCommits(ChangeLog changes, CommitHistory history, Config.GitHub config) {
    this.changes = changes;
    this.history = history;
    this.config = config;
  }

  /**
   * The commits.
   *
   * @param base the commit of the build before
   * @param pullRequests those that brought the head
   */
  record Brought(
      String repository,
      String base,
      String head,
      Comparison comparison,
      List<PullRequest> pullRequests) {
    Brought {
      pullRequests = List.copyOf(pullRequests);
    }
  }

  /** Asks GitHub, if the repository is one that it may be asked about. */
  GitHubAnswer<Brought> of(Change.Deploy deploy) {
    Optional<Change.Deploy> before = before(deploy);
    if (before.isEmpty()) {
      return unknown("no deploy before this one is known");
    }
    String base = before.get().commit();
    if (deploy.repository().isEmpty() || deploy.commit().isEmpty() || base.isEmpty()) {
      return unknown(
          "the repository and the commits of this deploy and the one before are not all known");
    }
    if (!config.covers(deploy.repository())) {
      return unknown(
          "GitHub is not asked about %s: put it under github.repositories"
              .formatted(deploy.repository()));
    }
    try {
      String repository = deploy.repository();
      String head = deploy.commit();
      return history
          .between(repository, base, head, flags())
          .then(
              commits ->
                  history
                      .pullRequests(repository, head)
                      .then(
                          pulls ->
                              new GitHubAnswer.Found<>(
                                  new Brought(repository, base, head, commits, pulls))));
    } catch (IllegalArgumentException e) {
      return unknown(String.valueOf(e.getMessage()));
    }
  }

  private static GitHubAnswer<Brought> unknown(String why) {
    return new GitHubAnswer.Unavailable<>(why, false, Duration.ZERO);
  }

  /** The deploy of the same service to the same place that came before. */
  private Optional<Change.Deploy> before(Change.Deploy deploy) {
    return changes.changes(new TimeRange(Instant.EPOCH, deploy.time())).reversed().stream()
        .filter(change -> change instanceof Change.Deploy)
        .map(change -> (Change.Deploy) change)
        .filter(earlier -> earlier.service().equals(deploy.service()))
        .filter(earlier -> earlier.environment().equals(deploy.environment()))
        .filter(earlier -> !earlier.commit().equals(deploy.commit()))
        .findFirst();
  }

  /** The flags that there have been: each was put on the timeline when it was first seen. */
  private Set<String> flags() {
    return changes.changes(ALWAYS).stream()
        .filter(change -> change instanceof Change.FlagChange)
        .map(change -> ((Change.FlagChange) change).flag())
        .collect(Collectors.toSet());
  }
}
