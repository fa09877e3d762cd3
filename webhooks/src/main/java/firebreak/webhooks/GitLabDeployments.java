package firebreak.webhooks;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.Change.DeployState;
import firebreak.webhooks.Sender.Told;
import java.time.Instant;
import java.util.regex.Pattern;

/** GitLab's deployments as deploys of a commit, named by its short form. */
final class GitLabDeployments {
  private static final Pattern SHA = Pattern.compile("[0-9a-f]{40}");

  private GitLabDeployments() {}

  static Told deployment(Payload payload, Instant now) {
    Payload project = payload.object("project");
    String path = project.requiredText("path_with_namespace");
    String shortSha = payload.requiredText("short_sha");
    String sha = GitAddress.lastPart(payload.text("commit_url"));
    DeployState state = state(payload.requiredText("status"));
    Instant changed = Payload.first(payload.time("status_changed_at"), null, now);
    return Told.change(
        new Change.Deploy(
            Change.id("deploy", "gitlab", path, payload.requiredNumber("deployment_id")),
            changed,
            state == DeployState.STARTED ? null : changed,
            GitAddress.lastPart(path),
            payload.text("environment"),
            shortSha,
            payload.text("ref"),
            SHA.matcher(sha).matches() ? sha : shortSha,
            path,
            state,
            false,
            Payload.firstLine(payload.text("commit_title")),
            payload.object("user").text("username"),
            payload.webAddress("deployable_url")));
  }

  private static DeployState state(String status) {
    return switch (status) {
      case "success" -> DeployState.SUCCEEDED;
      case "failed", "canceled", "rejected" -> DeployState.FAILED;
      default -> DeployState.STARTED;
    };
  }
}
