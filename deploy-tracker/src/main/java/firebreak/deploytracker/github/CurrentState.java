package firebreak.deploytracker.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.github.GitHubAnswer.Found;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What GitHub's API says now of what its webhooks told of, in the shape in which a webhook would
 * tell it. The client has objects for these, but no way back to what GitHub wrote.
 */
public final class CurrentState {
  /** So many of the newest runs, and of the newest deployments, are seen of a repository. */
  public static final int RECENT_AT_MOST = 100;

  /** So begins, by its description, a deployment's status that Firebreak wrote itself. */
  public static final String OURS = "Firebreak: ";

  private final GitHubApi gitHub;

  public CurrentState(GitHubApi gitHub) {
    this.gitHub = gitHub;
  }

  /**
   * An answer.
   *
   * @param event the webhook whose payload it could be
   * @param asOf when it came to be as it is, by GitHub's clock
   */
  public record Said(String event, ObjectNode payload, Instant asOf) {}

  /** What is said of it now. */
  public GitHubAnswer<Said> of(GitHubSubject subject) {
    return switch (subject) {
      case GitHubSubject.Run(var _, String id, String attempt) ->
          get(
                  subject,
                  "/actions/runs/" + id + "/attempts/" + attempt + "?exclude_pull_requests=true")
              .then(run -> said("workflow_run", run, subject, run.path("updated_at")));
      case GitHubSubject.Deployment(var _, String id) ->
          get(subject, "/deployments/" + id)
              .then(
                  deployment ->
                      get(subject, "/deployments/" + id + "/statuses?per_page=100")
                          .then(statuses -> deployment(subject, deployment, statuses)));
      case GitHubSubject.PullRequest(var _, String id) ->
          get(subject, "/pulls/" + id)
              .then(pull -> said("pull_request", pull, subject, pull.path("updated_at")));
    };
  }

  /** The newest runs and deployments of a repository. */
  public GitHubAnswer<List<GitHubSubject>> recent(String repository) {
    HookOwner owner = new HookOwner.Repository(repository);
    String page = "?per_page=" + RECENT_AT_MOST;
    return gitHub
        .call("GET", owner, "/actions/runs" + page + "&exclude_pull_requests=true", null)
        .then(
            runs ->
                gitHub
                    .call("GET", owner, "/deployments" + page, null)
                    .then(deployments -> recent(repository, runs, deployments)));
  }

  private static GitHubAnswer<List<GitHubSubject>> recent(
      String repository, JsonNode runs, JsonNode deployments) {
    List<GitHubSubject> found = new ArrayList<>();
    for (JsonNode run : runs.path("workflow_runs")) {
      found.add(
          new GitHubSubject.Run(
              repository, run.path("id").asText(), run.path("run_attempt").asText("1")));
    }
    for (JsonNode deployment : deployments) {
      found.add(new GitHubSubject.Deployment(repository, deployment.path("id").asText()));
    }
    return new Found<>(List.copyOf(found));
  }

  private GitHubAnswer<JsonNode> get(GitHubSubject subject, String path) {
    return gitHub.call("GET", new HookOwner.Repository(subject.repository()), path, null);
  }

  private static GitHubAnswer<Said> deployment(
      GitHubSubject subject, JsonNode deployment, JsonNode statuses) {
    @Nullable JsonNode status = latest(statuses);
    if (status == null) {
      return said("deployment", deployment, subject, deployment.path("created_at"));
    }
    return said("deployment", deployment, subject, status.path("created_at"))
        .then(
            said -> {
              said.payload().set("deployment_status", status);
              return new Found<>(new Said("deployment_status", said.payload(), said.asOf()));
            });
  }

  /**
   * The latest that others than we said, the newest being the first. That a deployment became
   * inactive tells that another took its place, and not how it went itself.
   */
  static @Nullable JsonNode latest(JsonNode statuses) {
    @Nullable JsonNode inactive = null;
    for (JsonNode status : statuses) {
      if (status.path("description").asText().startsWith(OURS)) {
        continue;
      }
      if (!status.path("state").asText().equals("inactive")) {
        return status;
      }
      inactive = status;
    }
    return inactive;
  }

  private static GitHubAnswer<Said> said(
      String key, JsonNode object, GitHubSubject subject, JsonNode asOf) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    // Closed, of a pull request; the others are read whatever their action.
    payload.put("action", object.path("state").asText("completed"));
    payload.set(key, object);
    ObjectNode repository = payload.putObject("repository");
    repository.put("full_name", subject.repository());
    JsonNode page = object.at("/repository/html_url");
    if (page.isTextual()) {
      repository.set("html_url", page);
    }
    return new Found<>(new Said(key, payload, time(asOf)));
  }

  private static Instant time(JsonNode text) {
    try {
      return Instant.parse(text.asText());
    } catch (DateTimeException _) {
      return Instant.EPOCH;
    }
  }
}
