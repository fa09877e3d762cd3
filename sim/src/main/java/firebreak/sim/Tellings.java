package firebreak.sim;

import java.time.Instant;
import java.util.Map;

/**
 * What the tools around production tell of the changes: GitHub, the deployer, the flag provider.
 */
final class Tellings {
  private final TalkIncident incident;
  private final ServerClient server;
  private final String githubSecret;

  Tellings(TalkIncident incident, ServerClient server, String githubSecret) {
    this.incident = incident;
    this.server = server;
    this.githubSecret = githubSecret;
  }

  /** The innocent changes of the hours before. */
  void innocents() {
    for (TalkIncident.Innocent innocent : incident.innocents()) {
      Instant time = incident.start().minus(innocent.before());
      if (innocent.kind().equals("deploy")) {
        deploy(innocent.service(), innocent.name(), "", time, "succeeded");
      } else {
        server.fact(
            Facts.FLAG_CHANGES,
            Facts.flagChange(
                innocent.name(),
                innocent.service(),
                12,
                time,
                Facts.rollout(5),
                Facts.rollout(10)));
      }
    }
  }

  /** A push and the merge of the pull request, signed as GitHub signs. */
  void merged() {
    if (githubSecret.isEmpty()) {
      return;
    }
    Map<String, Object> repository = repository();
    Map<String, Object> sender = Map.of("login", "octocat", "type", "User");
    server.github(
        "pull_request",
        githubSecret,
        Map.of(
            "action",
            "closed",
            "number",
            4127,
            "pull_request",
            Map.of(
                "number",
                4127,
                "title",
                "Cache beta results for ten seconds, allow a month",
                "merged",
                true,
                "merged_at",
                incident.mergedAt().toString(),
                "merge_commit_sha",
                TalkIncident.COMMIT,
                "html_url",
                "https://example.test/lantern/query-api/pull/4127",
                "base",
                Map.of("ref", "main"),
                "user",
                sender),
            "repository",
            repository,
            "sender",
            sender));
    pushed(repository, sender);
  }

  private void pushed(Map<String, Object> repository, Map<String, Object> sender) {
    server.github(
        "push",
        githubSecret,
        Map.of(
            "ref",
            "refs/heads/main",
            "after",
            TalkIncident.COMMIT,
            "head_commit",
            Map.of(
                "id",
                TalkIncident.COMMIT,
                "message",
                "Cache beta results for ten seconds, allow a month (#4127)",
                "timestamp",
                incident.mergedAt().toString(),
                "url",
                "https://example.test/lantern/query-api/commit/" + TalkIncident.COMMIT),
            "pusher",
            Map.of("name", "octocat"),
            "repository",
            repository,
            "sender",
            sender));
  }

  /** The workflow that built the merge commit. */
  void built() {
    if (githubSecret.isEmpty()) {
      return;
    }
    server.github(
        "workflow_run",
        githubSecret,
        Map.of(
            "action", "completed",
            "workflow_run",
                Map.ofEntries(
                    Map.entry("id", 9_000_000L + Integer.parseInt(TalkIncident.BUILD_AFTER)),
                    Map.entry("name", "build"),
                    Map.entry("run_number", Integer.parseInt(TalkIncident.BUILD_AFTER)),
                    Map.entry("run_attempt", 1),
                    Map.entry("head_sha", TalkIncident.COMMIT),
                    Map.entry("head_branch", "main"),
                    Map.entry("event", "push"),
                    Map.entry("status", "completed"),
                    Map.entry("conclusion", "success"),
                    Map.entry("created_at", incident.mergedAt().toString()),
                    Map.entry("run_started_at", incident.mergedAt().toString()),
                    Map.entry("updated_at", incident.builtAt().toString()),
                    Map.entry("html_url", "https://example.test/lantern/query-api/actions/8812"),
                    Map.entry("actor", Map.of("login", "octocat"))),
            "workflow", Map.of("name", "build"),
            "repository", repository(),
            "sender", Map.of("login", "octocat", "type", "User")));
  }

  /** The deployer starts to move hosts to the new build. */
  void deployed() {
    deploy(
        "query-api",
        TalkIncident.BUILD_AFTER,
        TalkIncident.COMMIT,
        incident.deployedAt(),
        "started");
  }

  private void deploy(String service, String build, String commit, Instant time, String state) {
    server.fact(
        Facts.DEPLOYS,
        Facts.deploy(service, build, commit, state, time, null, service + "-" + build));
  }

  private static Map<String, Object> repository() {
    return Map.of(
        "id",
        4127,
        "name",
        "query-api",
        "full_name",
        TalkIncident.REPOSITORY,
        "default_branch",
        "main",
        "html_url",
        "https://example.test/lantern/query-api",
        "owner",
        Map.of("login", "lantern"));
  }
}
