package firebreak.webhooks;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.Change.BuildState;
import firebreak.deploytracker.github.GitHubSubject;
import firebreak.webhooks.Sender.Told;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Runs of GitHub Actions as builds. An attempt of a run is one build, named by the run's id, which
 * a job sees as {@code GITHUB_RUN_ID}.
 */
final class GitHubRuns {
  private GitHubRuns() {}

  static Told run(GitHubRepository repository, Payload payload, Instant now) {
    Payload run = payload.object("workflow_run");
    BuildState state = state(run);
    @Nullable Instant started = run.time("run_started_at");
    String id = run.requiredNumber("id");
    GitHubSubject subject = subject(repository, id, run);
    String title = run.text("display_title");
    if (title.isEmpty()) {
      title = run.object("head_commit").text("message");
    }
    String workflow = run.text("name");
    return Told.change(
        subject,
        new Change.Build(
            subject.changeId(),
            Payload.first(started, run.time("created_at"), now),
            isOver(state) ? run.time("updated_at") : null,
            repository.service(),
            id,
            run.requiredText("head_sha"),
            run.text("head_branch"),
            repository.fullName(),
            state,
            Payload.firstLine(
                workflow.isEmpty() || title.isEmpty() ? workflow + title : workflow + ": " + title),
            actor(run.object("actor"), payload),
            repository.page("/actions/runs/" + id)),
        GitHubSpans.run(repository, run));
  }

  /**
   * A job tells that its run exists and is at work; that the job is over says nothing about the
   * run, which may have others.
   */
  static Told job(GitHubRepository repository, Payload payload, Instant now) {
    Payload job = payload.object("workflow_job");
    String id = job.requiredNumber("run_id");
    GitHubSubject subject = subject(repository, id, job);
    @Nullable Instant started = job.time("created_at");
    return Told.change(
        subject,
        new Change.Build(
            subject.changeId(),
            Payload.first(started, job.time("started_at"), now),
            null,
            repository.service(),
            id,
            job.requiredText("head_sha"),
            job.text("head_branch"),
            repository.fullName(),
            waits(job.requiredText("status")) ? BuildState.QUEUED : BuildState.RUNNING,
            Payload.firstLine(job.text("workflow_name")),
            payload.object("sender").text("login"),
            repository.page("/actions/runs/" + id)),
        GitHubSpans.job(repository, job));
  }

  private static GitHubSubject subject(GitHubRepository repository, String run, Payload from) {
    return new GitHubSubject.Run(repository.fullName(), run, attempt(from));
  }

  static String attempt(Payload from) {
    return from.has("run_attempt") ? from.requiredNumber("run_attempt") : "1";
  }

  /** GitHub may name a new conclusion any day; what is over and not a success made no build. */
  private static BuildState state(Payload run) {
    String status = run.requiredText("status");
    if (!status.equals("completed")) {
      return waits(status) ? BuildState.QUEUED : BuildState.RUNNING;
    }
    return switch (run.text("conclusion")) {
      case "success", "neutral" -> BuildState.SUCCEEDED;
      case "failure", "timed_out", "startup_failure" -> BuildState.FAILED;
      case "action_required" -> BuildState.QUEUED;
      default -> BuildState.CANCELLED;
    };
  }

  private static boolean waits(String status) {
    return !status.equals("in_progress") && !status.equals("completed");
  }

  private static boolean isOver(BuildState state) {
    return switch (state) {
      case QUEUED, RUNNING -> false;
      case SUCCEEDED, FAILED, CANCELLED -> true;
    };
  }

  private static String actor(Payload person, Payload payload) {
    String login = person.text("login");
    return login.isEmpty() ? payload.object("sender").text("login") : login;
  }
}
