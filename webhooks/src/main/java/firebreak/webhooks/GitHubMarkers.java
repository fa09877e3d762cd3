package firebreak.webhooks;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.github.GitHubSubject;
import firebreak.webhooks.Sender.Told;
import java.time.Instant;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Pushes to the default branch, merged pull requests and published releases as markers. */
final class GitHubMarkers {
  private static final Pattern SHA = Pattern.compile("[0-9a-f]{40}");

  private GitHubMarkers() {}

  static Told push(GitHubRepository repository, Payload payload, Instant now) {
    String ref = payload.requiredText("ref");
    String branch = "refs/heads/" + repository.defaultBranch();
    if (repository.defaultBranch().isEmpty() || !ref.equals(branch)) {
      return new Told.Nothing("a push to %s, which is not the default branch".formatted(ref));
    }
    if (payload.isTrue("deleted")) {
      return new Told.Nothing("%s was deleted".formatted(ref));
    }
    String commit = payload.requiredText("after");
    Payload head = payload.object("head_commit");
    @Nullable Instant pushed = payload.object("repository").time("pushed_at");
    return Told.change(
        marker(
            repository,
            // With the time: a branch that is reset and pushed again was pushed twice.
            id(repository, "push", ref, payload.text("before"), commit, String.valueOf(pushed)),
            "push",
            Payload.first(pushed, head.time("timestamp"), now),
            commit,
            "push to %s: %s".formatted(repository.defaultBranch(), head.text("message")),
            payload.object("pusher").text("name"),
            payload.webAddress("compare")));
  }

  /** Only what ends a pull request is worth asking about again: before that it is nothing here. */
  static Told pullRequest(GitHubRepository repository, Payload payload, Instant now) {
    Payload pull = payload.object("pull_request");
    String action = payload.requiredText("action");
    if (!action.equals("closed")) {
      return new Told.Nothing("pull request %s, which merges nothing".formatted(action));
    }
    String number = pull.requiredNumber("number");
    GitHubSubject subject = new GitHubSubject.PullRequest(repository.fullName(), number);
    if (!pull.isTrue("merged")) {
      return new Told.About(
          subject, new Told.Nothing("pull request closed unmerged, which merges nothing"));
    }
    return Told.change(
        subject,
        marker(
            repository,
            subject.changeId(),
            "merge",
            Payload.first(pull.time("merged_at"), pull.time("closed_at"), now),
            pull.text("merge_commit_sha"),
            "#%s %s".formatted(number, pull.text("title")),
            pull.object("merged_by").text("login"),
            pull.webAddress("html_url")));
  }

  static Told release(GitHubRepository repository, Payload payload, Instant now) {
    String action = payload.requiredText("action");
    if (!action.equals("published")) {
      return new Told.Nothing("release %s, which publishes nothing".formatted(action));
    }
    Payload release = payload.object("release");
    String target = release.text("target_commitish");
    String name = release.text("name");
    return Told.change(
        marker(
            repository,
            id(repository, "release", release.requiredNumber("id")),
            "release",
            Payload.first(release.time("published_at"), release.time("created_at"), now),
            SHA.matcher(target).matches() ? target : "",
            "release " + (name.isEmpty() ? release.text("tag_name") : name),
            release.object("author").text("login"),
            release.webAddress("html_url")));
  }

  private static String id(GitHubRepository repository, String... key) {
    return Change.id(
        "marker",
        Stream.concat(Stream.of("github", repository.fullName()), Stream.of(key))
            .toArray(String[]::new));
  }

  private static Change.Marker marker(
      GitHubRepository repository,
      String id,
      String type,
      Instant time,
      String commit,
      String summary,
      String actor,
      String url) {
    return new Change.Marker(
        id,
        time,
        null,
        repository.service(),
        "",
        type,
        repository.fullName(),
        commit,
        Payload.firstLine(summary),
        actor,
        url);
  }
}
