package firebreak.webhooks;

import firebreak.deploytracker.BuildSpan;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.Change.BuildState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Buildkite's webhooks, signed or with a token. A build is named by its number, which a job sees as
 * {@code BUILDKITE_BUILD_NUMBER}.
 */
final class Buildkite implements Sender {
  private static final String SIGNATURE = "x-buildkite-signature";
  private static final String TOKEN = "x-buildkite-token";

  @Override
  public String name() {
    return "buildkite";
  }

  @Override
  public List<String> signatureHeaders() {
    return List.of(SIGNATURE, TOKEN);
  }

  /**
   * The time that is signed is not compared with ours: a delivery replayed tells nothing new, and a
   * clock that is wrong must not cost a true one.
   */
  @Override
  public boolean isSigned(Delivery delivery, List<String> secrets) {
    String header = delivery.header(SIGNATURE);
    if (header.isEmpty()) {
      return Token.isOneOf(delivery.header(TOKEN), secrets);
    }
    Map<String, String> parts = new HashMap<>();
    for (String part : header.split(",", -1)) {
      int equals = part.indexOf('=');
      boolean isNew =
          equals > 0
              && parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip())
                  == null;
      if (!isNew) {
        return false;
      }
    }
    String timestamp = parts.getOrDefault("timestamp", "");
    return !timestamp.isEmpty()
        && Signature.isOf(
            Signature.prefixed(timestamp + ".", delivery.body()),
            parts.getOrDefault("signature", ""),
            secrets);
  }

  @Override
  public Told read(Delivery delivery, Instant now) {
    Payload payload = Payload.parse(delivery.body());
    String event = payload.requiredText("event");
    if (event.equals("ping")) {
      return new Told.Nothing("ping: the webhook is set up");
    }
    if (!event.startsWith("build.") && !event.startsWith("job.")) {
      return new Told.Nothing("the event " + event + " tells of no change");
    }
    return Told.change(build(payload, event, now), spans(payload, event));
  }

  private static Change.Build build(Payload payload, String event, Instant now) {
    Payload build = payload.object("build");
    Payload pipeline = payload.object("pipeline");
    BuildState state = state(build);
    String id = build.requiredText("id");
    return new Change.Build(
        Change.id("build", "buildkite", id),
        Payload.first(build.time("created_at"), build.time("started_at"), now),
        event.equals("build.finished") && isOver(state) ? build.time("finished_at") : null,
        pipeline.requiredText("slug"),
        build.requiredNumber("number"),
        build.text("commit"),
        build.text("branch"),
        GitAddress.repository(pipeline.text("repository")),
        // A job's event carries the build as it was when the job ended.
        event.equals("build.finished") || !isOver(state) ? state : BuildState.RUNNING,
        Payload.firstLine(build.text("message")),
        Payload.firstNonEmpty(build.object("creator"), "name", "email"),
        build.webAddress("web_url"));
  }

  /** The trace is the build, a job's span the job: both are in the environment of its steps. */
  private static List<BuildSpan> spans(Payload payload, String event) {
    Payload build = payload.object("build");
    boolean isJob = event.equals("job.finished");
    if (!isJob && (!event.equals("build.finished") || !isOver(state(build)))) {
      return List.of();
    }
    Payload part = isJob ? payload.object("job") : build;
    @Nullable Instant asked = part.time(isJob ? "runnable_at" : "created_at");
    @Nullable Instant started = part.time("started_at");
    @Nullable Instant start = isJob ? started : Payload.orElse(asked, started);
    @Nullable Instant end = part.time("finished_at");
    if (start == null || end == null || end.isBefore(start)) {
      return List.of(); // a block, or a job that never ran
    }
    String trace = build.requiredText("id");
    Payload pipeline = payload.object("pipeline");
    String name = isJob ? part.text("name") : pipeline.text("slug");
    return List.of(
        new BuildSpan(
            isJob ? BuildSpan.Kind.JOB : BuildSpan.Kind.BUILD,
            trace,
            part.requiredText("id"),
            isJob ? trace : "",
            name.isEmpty() ? "job" : name,
            start,
            end,
            asked == null || started == null ? null : Duration.between(asked, started),
            !part.text("state").equals("passed"),
            Map.of(
                "ci_provider", "buildkite",
                "repo", GitAddress.repository(pipeline.text("repository")),
                "branch", build.text("branch"),
                "commit", build.text("commit"),
                "build_num", build.textOrNumber("number"),
                "build_url", build.webAddress("web_url"),
                "cicd.pipeline.name", pipeline.text("slug"),
                "cicd.pipeline.run.id", trace)));
  }

  /** A build that waits for somebody to unblock it keeps the state that it had, and is not over. */
  private static BuildState state(Payload build) {
    if (build.isTrue("blocked")) {
      return BuildState.RUNNING;
    }
    return switch (build.requiredText("state")) {
      case "creating", "scheduled" -> BuildState.QUEUED;
      case "running", "failing", "started", "blocked", "canceling" -> BuildState.RUNNING;
      case "passed" -> BuildState.SUCCEEDED;
      case "failed" -> BuildState.FAILED;
      default -> BuildState.CANCELLED;
    };
  }

  private static boolean isOver(BuildState state) {
    return switch (state) {
      case QUEUED, RUNNING -> false;
      case SUCCEEDED, FAILED, CANCELLED -> true;
    };
  }
}
