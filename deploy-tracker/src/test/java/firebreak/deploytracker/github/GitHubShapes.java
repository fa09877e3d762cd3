package firebreak.deploytracker.github;

/** What GitHub's API and its webhooks alike say of a thing, in the fields that GitHub sends. */
public final class GitHubShapes {
  public static final String SHA = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";

  private static final String PAGE = "https://github.com/" + FakeGitHub.REPOSITORY;
  private static final String API = "https://api.github.com/repos/" + FakeGitHub.REPOSITORY;
  private static final String PAT =
      "{\"login\": \"pat\", \"id\": 3, \"type\": \"User\", \"site_admin\": false}";

  private GitHubShapes() {}

  /** The repository, as a delivery carries it. */
  public static String repository() {
    return """
        {"id": 1, "name": "query-api", "full_name": "%s", "private": true, "owner": %s,
         "html_url": "%s", "url": "%s", "default_branch": "main"}
        """
        .formatted(FakeGitHub.REPOSITORY, PAT, PAGE, API);
  }

  /**
   * An attempt of a run.
   *
   * @param conclusion empty while it has none
   */
  public static String run(
      long id, int attempt, String status, String conclusion, String updatedAt) {
    return """
        {"id": %1$d, "name": "CI", "node_id": "WFR_1", "head_branch": "main", "head_sha": "%2$s",
         "path": ".github/workflows/ci.yml", "display_title": "Shorten the cache",
         "run_number": 8, "event": "push", "status": "%3$s", "conclusion": %4$s,
         "workflow_id": 5, "check_suite_id": 6, "url": "%5$s/actions/runs/%1$d",
         "html_url": "%6$s/actions/runs/%1$d", "pull_requests": [],
         "created_at": "2026-03-01T12:00:00Z", "updated_at": "%7$s", "actor": %8$s,
         "run_attempt": %9$d, "run_started_at": "2026-03-01T12:00:00Z", "triggering_actor": %8$s,
         "previous_attempt_url": null, "head_commit": {"id": "%2$s", "message": "Shorten the cache"},
         "repository": {"id": 1, "name": "query-api", "full_name": "%10$s", "html_url": "%6$s"}}
        """
        .formatted(
            id,
            SHA,
            status,
            conclusion.isEmpty() ? "null" : "\"" + conclusion + "\"",
            API,
            PAGE,
            updatedAt,
            PAT,
            attempt,
            FakeGitHub.REPOSITORY);
  }

  /** A job of a run's first attempt. */
  public static String job(long id, long run, String status) {
    return """
        {"id": %d, "run_id": %d, "workflow_name": "CI", "head_branch": "main", "run_attempt": 1,
         "head_sha": "%s", "status": "%s", "conclusion": null, "name": "test", "steps": [],
         "created_at": "2026-03-01T12:00:02Z", "started_at": "2026-03-01T12:00:04Z",
         "completed_at": null, "labels": [], "runner_id": 1}
        """
        .formatted(id, run, SHA, status);
  }

  public static String deployment(long id) {
    return """
        {"url": "%1$s/deployments/%2$d", "id": %2$d, "node_id": "DE_1", "task": "deploy",
         "original_environment": "production", "environment": "production", "description": null,
         "created_at": "2026-03-01T12:04:00Z", "updated_at": "2026-03-01T12:06:00Z",
         "statuses_url": "%1$s/deployments/%2$d/statuses", "repository_url": "%1$s",
         "creator": %3$s, "sha": "%4$s", "ref": "main", "payload": {},
         "transient_environment": false, "production_environment": true,
         "performed_via_github_app": null}
        """
        .formatted(API, id, PAT, SHA);
  }

  public static String status(String state, String createdAt, String description) {
    return """
        {"url": "%1$s/deployments/7/statuses/1", "id": 1, "node_id": "DES_1", "state": "%2$s",
         "creator": %3$s, "description": "%4$s", "environment": "production", "target_url": "",
         "created_at": "%5$s", "updated_at": "%5$s", "deployment_url": "%1$s/deployments/7",
         "repository_url": "%1$s", "environment_url": "", "log_url": "",
         "performed_via_github_app": null}
        """
        .formatted(API, state, PAT, description, createdAt);
  }

  /**
   * A pull request that is closed.
   *
   * @param commit empty where it was not merged
   */
  public static String pull(int number, String commit) {
    boolean merged = !commit.isEmpty();
    return """
        {"url": "%s/pulls/%d", "id": 9, "html_url": "%s/pull/%2$d", "number": %2$d,
         "state": "closed", "locked": false, "title": "Shorten the cache", "user": %s,
         "body": null, "created_at": "2026-03-01T11:00:00Z", "updated_at": "2026-03-01T12:01:00Z",
         "closed_at": "2026-03-01T12:01:00Z", "merged_at": %s, "merge_commit_sha": %s,
         "draft": false, "merged": %s, "merged_by": %s}
        """
        .formatted(
            API,
            number,
            PAGE,
            PAT,
            merged ? "\"2026-03-01T12:01:00Z\"" : "null",
            merged ? "\"" + commit + "\"" : "null",
            merged,
            merged ? PAT : "null");
  }
}
