package firebreak.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.Change.DeployState;
import firebreak.deploytracker.github.CurrentState;
import firebreak.deploytracker.github.GitHubSubject;
import firebreak.webhooks.Sender.Told;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** GitHub's deployments and their statuses as deploys. */
final class GitHubDeployments {
  private static final int SHORT_SHA = 7;

  private GitHubDeployments() {}

  static Told deployment(GitHubRepository repository, Payload payload, Instant now) {
    Payload deployment = payload.object("deployment");
    Payload status = payload.object("deployment_status");
    boolean told = payload.has("deployment_status");
    // Heard back, what we told GitHub ourselves is no news.
    if (status.text("description").startsWith(CurrentState.OURS)) {
      return new Told.Nothing("the status is what Firebreak said itself");
    }
    String state = told ? status.requiredText("state") : "pending";
    GitHubSubject subject =
        new GitHubSubject.Deployment(repository.fullName(), deployment.requiredNumber("id"));
    String sha = deployment.requiredText("sha");
    Payload extra = extra(deployment);
    String buildId = extra.textOrNumber("build_id");
    String service = extra.text("service");
    String version = extra.textOrNumber("version");
    return Told.change(
        subject,
        new Change.Deploy(
            subject.changeId(),
            Payload.first(deployment.time("created_at"), null, now),
            // "inactive" tells that another took its place, not when this one was done.
            isOver(state) && !state.equals("inactive") ? finished(status, now) : null,
            service.isEmpty() ? repository.service() : service,
            deployment.text("environment"),
            buildId.isEmpty() ? sha.substring(0, Math.min(SHORT_SHA, sha.length())) : buildId,
            version.isEmpty() ? deployment.text("ref") : version,
            sha,
            repository.fullName(),
            state(state),
            false,
            Payload.firstLine(deployment.text("description")),
            deployment.object("creator").text("login"),
            address(repository, status)));
  }

  /**
   * What whoever created the deployment said about it: an object, or text that may hold one, as
   * older clients send it.
   */
  static Payload extra(Payload deployment) {
    @Nullable JsonNode payload = deployment.any("payload");
    if (payload == null || !payload.isTextual()) {
      return payload != null && payload.isObject() ? deployment.object("payload") : Payload.EMPTY;
    }
    try {
      return Payload.parse(payload.textValue().getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException _) {
      return Payload.EMPTY;
    }
  }

  /** GitHub sets "inactive" on deployments that had succeeded, when a newer one does. */
  private static DeployState state(String state) {
    return switch (state) {
      case "success", "inactive" -> DeployState.SUCCEEDED;
      case "failure", "error" -> DeployState.FAILED;
      default -> DeployState.STARTED;
    };
  }

  private static boolean isOver(String state) {
    return state(state) != DeployState.STARTED;
  }

  private static Instant finished(Payload status, Instant now) {
    return Payload.first(status.time("created_at"), status.time("updated_at"), now);
  }

  private static String address(GitHubRepository repository, Payload status) {
    String log = status.webAddress("log_url");
    String target = log.isEmpty() ? status.webAddress("target_url") : log;
    return target.isEmpty() ? repository.page("/deployments") : target;
  }
}
