package firebreak.webhooks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run of GitHub Actions waits for somebody to say whether it may deploy.
 *
 * @param run the run of the repository; the address to answer at is made from it, never taken from
 *     the payload
 * @param service the repository's name, or what the deployment's payload says
 */
public record GateRequest(
    String repository, String run, String environment, String service, String commit) {
  private static final Pattern CALLBACK =
      Pattern.compile(
          "https?://[^/]+(?:/api/v3)?/repos/([\\w.-]+/[\\w.-]+)/actions/runs/(\\d{1,19})"
              + "/deployment_protection_rule");

  /** What it is, for one that may be told twice. */
  public String key() {
    return repository + "/" + run + "/" + environment;
  }

  static GateRequest of(GitHubRepository repository, Payload payload) {
    String callback = payload.requiredText("deployment_callback_url");
    Matcher match = CALLBACK.matcher(callback);
    if (!match.matches() || !match.group(1).equals(repository.fullName())) {
      throw new IllegalArgumentException(
          "deployment_callback_url must be that of a run of the repository, was " + callback);
    }
    Payload deployment = payload.object("deployment");
    String service = GitHubDeployments.extra(deployment).text("service");
    return new GateRequest(
        repository.fullName(),
        match.group(2),
        payload.requiredText("environment"),
        service.isEmpty() ? repository.service() : service,
        deployment.text("sha"));
  }
}
