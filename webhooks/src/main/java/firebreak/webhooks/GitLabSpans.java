package firebreak.webhooks;

import firebreak.deploytracker.BuildSpan;
import firebreak.deploytracker.Change.BuildState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline of GitLab that is over, and the jobs that ran, as spans. The trace is the pipeline's
 * id and a job's span the job's: both are in the environment of its steps.
 */
final class GitLabSpans {
  private GitLabSpans() {}

  static List<BuildSpan> of(Payload payload) {
    Payload pipeline = payload.object("object_attributes");
    String trace = pipeline.requiredNumber("id");
    Map<String, String> common =
        Map.of(
            "ci_provider", "gitlab",
            "repo", payload.object("project").text("path_with_namespace"),
            "branch", pipeline.text("ref"),
            "commit", pipeline.text("sha"),
            "build_num", trace,
            "build_url", pipeline.webAddress("url"),
            "cicd.pipeline.run.id", trace);
    List<BuildSpan> spans = new ArrayList<>();
    @Nullable Instant created = pipeline.time("created_at");
    @Nullable Instant finished = pipeline.time("finished_at");
    if (created != null && finished != null && !finished.isBefore(created)) {
      String name = pipeline.text("name");
      spans.add(
          new BuildSpan(
              BuildSpan.Kind.BUILD,
              trace,
              trace,
              "",
              name.isEmpty() ? "pipeline " + trace : name,
              created,
              finished,
              null,
              isFailed(pipeline.text("status")),
              common));
    }
    for (Payload job : payload.objects("builds")) {
      @Nullable Instant asked = job.time("created_at");
      @Nullable Instant start = job.time("started_at");
      @Nullable Instant end = job.time("finished_at");
      if (start != null && end != null && !end.isBefore(start)) {
        spans.add(
            new BuildSpan(
                BuildSpan.Kind.JOB,
                trace,
                job.requiredNumber("id"),
                trace,
                job.requiredText("name"),
                start,
                end,
                asked == null ? null : Duration.between(asked, start),
                isFailed(job.text("status")),
                common));
      }
    }
    return spans;
  }

  private static boolean isFailed(String status) {
    return GitLabPipelines.state(status) != BuildState.SUCCEEDED;
  }
}
