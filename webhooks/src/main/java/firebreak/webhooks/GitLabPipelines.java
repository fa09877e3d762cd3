package firebreak.webhooks;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.Change.BuildState;
import firebreak.webhooks.Sender.Told;
import java.time.Instant;
import java.util.List;

/**
 * GitLab's pipelines as builds, named by the pipeline's id, which a job sees as {@code
 * CI_PIPELINE_ID}. Jobs run again are of the same pipeline: the latest end counts.
 */
final class GitLabPipelines {
  private GitLabPipelines() {}

  static Told pipeline(Payload payload, Instant now) {
    Payload pipeline = payload.object("object_attributes");
    Payload project = payload.object("project");
    Payload commit = payload.object("commit");
    String path = project.requiredText("path_with_namespace");
    String id = pipeline.requiredNumber("id");
    BuildState state = state(pipeline.requiredText("status"));
    return Told.change(
        new Change.Build(
            changeId(path, id),
            Payload.first(pipeline.time("created_at"), null, now),
            isOver(state) ? pipeline.time("finished_at") : null,
            GitAddress.lastPart(path),
            id,
            pipeline.requiredText("sha"),
            pipeline.text("ref"),
            path,
            state,
            Payload.firstLine(commit.text("message")),
            payload.object("user").text("username"),
            pipeline.webAddress("url")),
        isOver(state) ? GitLabSpans.of(payload) : List.of());
  }

  /** A job tells that its pipeline exists, and whether it is at work. */
  static Told job(Payload payload, Instant now) {
    Payload project = payload.object("project");
    String path = project.text("path_with_namespace");
    if (path.isEmpty()) {
      return new Told.Nothing("a job without its project's path");
    }
    String id = payload.requiredNumber("pipeline_id");
    boolean waits = state(payload.requiredText("build_status")) == BuildState.QUEUED;
    String page = project.webAddress("web_url");
    return Told.change(
        new Change.Build(
            changeId(path, id),
            Payload.first(payload.time("build_created_at"), null, now),
            null,
            GitAddress.lastPart(path),
            id,
            payload.requiredText("sha"),
            payload.text("ref"),
            path,
            waits ? BuildState.QUEUED : BuildState.RUNNING,
            Payload.firstLine(payload.object("commit").text("message")),
            payload.object("user").text("username"),
            page.isEmpty() ? "" : page + "/-/pipelines/" + id));
  }

  static BuildState state(String status) {
    return switch (status) {
      case "running", "canceling" -> BuildState.RUNNING;
      case "success" -> BuildState.SUCCEEDED;
      case "failed" -> BuildState.FAILED;
      case "canceled", "skipped" -> BuildState.CANCELLED;
      default -> BuildState.QUEUED;
    };
  }

  private static boolean isOver(BuildState state) {
    return switch (state) {
      case QUEUED, RUNNING -> false;
      case SUCCEEDED, FAILED, CANCELLED -> true;
    };
  }

  private static String changeId(String path, String pipeline) {
    return Change.id("build", "gitlab", path, pipeline);
  }
}
