package firebreak.webhooks;

import firebreak.deploytracker.BuildSpan;
import firebreak.deploytracker.BuildTraces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs of GitHub Actions that are over, and their jobs and steps, as spans of one trace. */
final class GitHubSpans {
  private GitHubSpans() {}

  static List<BuildSpan> run(GitHubRepository repository, Payload run) {
    String id = run.requiredNumber("id");
    String trace = BuildTraces.gitHubTrace(repository.fullName(), id, GitHubRuns.attempt(run));
    @Nullable Instant start = Payload.orElse(run.time("run_started_at"), run.time("created_at"));
    @Nullable Instant end = run.time("updated_at");
    if (start == null || end == null || !isDone(run, start, end)) {
      return List.of();
    }
    return List.of(
        new BuildSpan(
            BuildSpan.Kind.BUILD,
            trace,
            trace,
            "",
            name(run.text("name"), "build " + id),
            start,
            end,
            null,
            isFailed(run.text("conclusion")),
            common(repository, run, id)));
  }

  /** The job with its steps; a job that was skipped did nothing, and took no time. */
  static List<BuildSpan> job(GitHubRepository repository, Payload job) {
    @Nullable Instant start = job.time("started_at");
    @Nullable Instant end = job.time("completed_at");
    if (start == null
        || end == null
        || !isDone(job, start, end)
        || job.text("conclusion").equals("skipped")) {
      return List.of();
    }
    String run = job.requiredNumber("run_id");
    String trace = BuildTraces.gitHubTrace(repository.fullName(), run, GitHubRuns.attempt(job));
    String name = name(job.text("name"), "job " + job.requiredNumber("id"));
    String span = BuildTraces.jobSpan(trace, name);
    Map<String, String> common = common(repository, job, run);
    @Nullable Instant created = job.time("created_at");
    List<BuildSpan> spans = new ArrayList<>();
    spans.add(
        new BuildSpan(
            BuildSpan.Kind.JOB,
            trace,
            span,
            trace,
            name,
            start,
            end,
            created == null ? null : Duration.between(created, start),
            isFailed(job.text("conclusion")),
            common));
    for (Payload step : job.objects("steps")) {
      @Nullable Instant from = step.time("started_at");
      @Nullable Instant to = step.time("completed_at");
      if (from != null
          && to != null
          && isDone(step, from, to)
          && !step.text("conclusion").equals("skipped")) {
        spans.add(
            new BuildSpan(
                BuildSpan.Kind.STEP,
                trace,
                BuildTraces.stepSpan(span, step.requiredNumber("number")),
                span,
                name(step.text("name"), "step"),
                from,
                to,
                null,
                isFailed(step.text("conclusion")),
                common));
      }
    }
    return spans;
  }

  private static boolean isDone(Payload payload, Instant start, Instant end) {
    return payload.text("status").equals("completed") && !end.isBefore(start);
  }

  private static boolean isFailed(String conclusion) {
    return switch (conclusion) {
      case "success", "neutral", "skipped" -> false;
      default -> true;
    };
  }

  private static String name(String name, String otherwise) {
    return name.isEmpty() ? otherwise : name;
  }

  private static Map<String, String> common(
      GitHubRepository repository, Payload payload, String run) {
    return Map.of(
        "ci_provider", "github",
        "repo", repository.fullName(),
        "branch", payload.text("head_branch"),
        "commit", payload.text("head_sha"),
        "build_num", run,
        "build_url", repository.page("/actions/runs/" + run),
        "cicd.pipeline.run.id", run);
  }
}
