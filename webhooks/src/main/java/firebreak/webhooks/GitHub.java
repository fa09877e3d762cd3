package firebreak.webhooks;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** GitHub's webhooks: runs of Actions, deployments, pushes, merges and releases. */
final class GitHub implements Sender {
  private static final String SIGNATURE = "x-hub-signature-256";
  private static final String PREFIX = "sha256=";

  /** What a payload of an event has and has not. */
  private record Shape(String has, Set<String> hasNot) {
    boolean fits(Payload payload) {
      return payload.has(has) && hasNot.stream().noneMatch(payload::has);
    }
  }

  /**
   * The header that names the event is not signed, the body is: a captured body replayed as another
   * event is told apart by its shape.
   */
  private static final Map<String, Shape> SHAPES =
      Map.of(
          "push", new Shape("pusher", Set.of()),
          "pull_request", new Shape("pull_request", Set.of("review", "comment", "thread")),
          "workflow_run", new Shape("workflow_run", Set.of("deployment", "since")),
          "workflow_job", new Shape("workflow_job", Set.of("deployment_status")),
          "deployment",
              new Shape(
                  "deployment",
                  Set.of(
                      "deployment_status", "workflow_job", "check_run", "deployment_callback_url")),
          "deployment_status", new Shape("deployment_status", Set.of()),
          "release", new Shape("release", Set.of()),
          "deployment_protection_rule", new Shape("deployment_callback_url", Set.of()));

  @Override
  public String name() {
    return "github";
  }

  @Override
  public List<String> signatureHeaders() {
    return List.of(SIGNATURE);
  }

  @Override
  public boolean isSigned(Delivery delivery, List<String> secrets) {
    String header = delivery.header(SIGNATURE);
    return header.startsWith(PREFIX)
        && Signature.isOf(delivery.body(), header.substring(PREFIX.length()), secrets);
  }

  @Override
  public Told read(Delivery delivery, Instant now) {
    String event = delivery.header("x-github-event");
    if (event.isEmpty()) {
      throw new IllegalArgumentException("the header x-github-event is missing");
    }
    if (event.equals("ping")) {
      return new Told.Nothing("ping: the webhook is set up");
    }
    @Nullable Shape shape = SHAPES.get(event);
    if (shape == null) {
      return new Told.Nothing("the event " + event + " tells of no change");
    }
    if (delivery.header("content-type").startsWith("application/x-www-form-urlencoded")) {
      throw new IllegalArgumentException(
          "the body is a form: set the webhook's content type to application/json");
    }
    Payload payload = Payload.parse(delivery.body());
    if (!shape.fits(payload)) {
      throw new IllegalArgumentException("the body is not that of the event " + event);
    }
    GitHubRepository repository = GitHubRepository.of(payload);
    return switch (event) {
      case "workflow_run" -> GitHubRuns.run(repository, payload, now);
      case "workflow_job" -> GitHubRuns.job(repository, payload, now);
      case "deployment", "deployment_status" ->
          GitHubDeployments.deployment(repository, payload, now);
      case "push" -> GitHubMarkers.push(repository, payload, now);
      case "pull_request" -> GitHubMarkers.pullRequest(repository, payload, now);
      case "release" -> GitHubMarkers.release(repository, payload, now);
      case "deployment_protection_rule" -> new Told.Asks(GateRequest.of(repository, payload));
      default -> throw new IllegalStateException("no reader for the event " + event);
    };
  }
}
