package firebreak.webhooks;

import firebreak.deploytracker.BuildSpan;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.Change.BuildState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * CircleCI's webhooks. A workflow is one build, named by its id, which a job sees as {@code
 * CIRCLE_WORKFLOW_ID}; running it again makes another.
 */
final class CircleCi implements Sender {
  private static final String SIGNATURE = "circleci-signature";
  private static final String PREFIX = "v1=";

  @Override
  public String name() {
    return "circleci";
  }

  @Override
  public List<String> signatureHeaders() {
    return List.of(SIGNATURE);
  }

  /** The header is a list of versions, of which there is one yet; it must be there only once. */
  @Override
  public boolean isSigned(Delivery delivery, List<String> secrets) {
    List<String> first =
        Stream.of(delivery.header(SIGNATURE).split(",", -1))
            .map(String::strip)
            .filter(part -> part.startsWith(PREFIX))
            .toList();
    return first.size() == 1
        && Signature.isOf(delivery.body(), first.getFirst().substring(PREFIX.length()), secrets);
  }

  @Override
  public Told read(Delivery delivery, Instant now) {
    Payload payload = Payload.parse(delivery.body());
    String type = payload.requiredText("type");
    return switch (type) {
      case "workflow-completed" -> {
        Payload workflow = payload.object("workflow");
        yield build(
            payload, state(workflow.requiredText("status")), workflow.time("stopped_at"), now);
      }
      // That one job is over says nothing about the workflow, which may have others.
      case "job-completed" -> build(payload, BuildState.RUNNING, null, now);
      case "ping" -> new Told.Nothing("ping: the webhook is set up");
      default -> new Told.Nothing("the event " + type + " tells of no change");
    };
  }

  private static Told build(
      Payload payload, BuildState state, @Nullable Instant finished, Instant now) {
    Payload workflow = payload.object("workflow");
    Payload pipeline = payload.object("pipeline");
    Source source = Source.of(payload);
    String id = workflow.requiredText("id");
    return Told.change(
        new Change.Build(
            Change.id("build", "circleci", id),
            Payload.first(workflow.time("created_at"), pipeline.time("created_at"), now),
            finished,
            payload.object("project").requiredText("name"),
            id,
            source.commit(),
            source.branch(),
            source.repository(),
            state,
            Payload.firstLine(
                source.subject().isEmpty()
                    ? workflow.text("name")
                    : workflow.text("name") + ": " + source.subject()),
            source.author(),
            workflow.webAddress("url")),
        spans(payload, source, state));
  }

  /** The trace is the workflow, a job's span the job: both are in the environment of its steps. */
  private static List<BuildSpan> spans(Payload payload, Source source, BuildState state) {
    Payload workflow = payload.object("workflow");
    boolean isJob = payload.has("job");
    Payload part = isJob ? payload.object("job") : workflow;
    @Nullable Instant start = part.time(isJob ? "started_at" : "created_at");
    @Nullable Instant end = part.time("stopped_at");
    if (start == null || end == null || end.isBefore(start)) {
      return List.of();
    }
    String trace = workflow.requiredText("id");
    return List.of(
        new BuildSpan(
            isJob ? BuildSpan.Kind.JOB : BuildSpan.Kind.BUILD,
            trace,
            isJob ? part.requiredText("id") : trace,
            isJob ? trace : "",
            part.requiredText("name"),
            start,
            end,
            null,
            isJob ? !part.text("status").equals("success") : state != BuildState.SUCCEEDED,
            Map.of(
                "ci_provider", "circleci",
                "repo", source.repository(),
                "branch", source.branch(),
                "commit", source.commit(),
                "build_num", trace,
                "build_url", workflow.webAddress("url"),
                "cicd.pipeline.name", workflow.text("name"),
                "cicd.pipeline.run.id", trace)));
  }

  private static BuildState state(String status) {
    return switch (status) {
      case "success" -> BuildState.SUCCEEDED;
      case "failed", "error" -> BuildState.FAILED;
      default -> BuildState.CANCELLED;
    };
  }

  /** What is built: in one place for some providers of repositories, in another for the others. */
  private record Source(
      String repository, String commit, String branch, String subject, String author) {

    static Source of(Payload payload) {
      Payload pipeline = payload.object("pipeline");
      if (pipeline.has("vcs")) {
        Payload vcs = pipeline.object("vcs");
        Payload commit = vcs.object("commit");
        return new Source(
            GitAddress.repository(
                Payload.firstNonEmpty(vcs, "origin_repository_url", "target_repository_url")),
            vcs.text("revision"),
            Payload.firstNonEmpty(vcs, "branch", "tag"),
            commit.text("subject"),
            commit.object("author").text("name"));
      }
      Payload parameters = pipeline.object("trigger_parameters");
      Payload git = parameters.object("git");
      Payload gitlab = parameters.object("gitlab");
      return new Source(
          GitAddress.repository(git.text("checkout_url")),
          Payload.firstNonEmpty(git, "checkout_sha", "commit_sha"),
          Payload.firstNonEmpty(git, "branch", "tag"),
          Payload.firstNonEmpty(gitlab, "commit_title", "commit_message"),
          Payload.firstNonEmpty(gitlab, "commit_author_name", "user_name"));
    }
  }
}
