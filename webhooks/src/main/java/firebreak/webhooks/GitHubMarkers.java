package firebreak.webhooks;

import firebreak.deploytracker.Change;
import firebreak.webhooks.Sender.Told;
import java.time.Instant;
import java.util.regex.Pattern;
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
            "push",
            // With the time: a branch that is reset and pushed again was pushed twice.
            new String[] {ref, payload.text("before"), commit, String.valueOf(pushed)},
            Payload.first(pushed, head.time("timestamp"), now),
            commit,
            "push to %s: %s".formatted(repository.defaultBranch(), head.text("message")),
            payload.object("pusher").text("name"),
            payload.webAddress("compare")));
  }

  static Told pullRequest(GitHubRepository repository, Payload payload, Instant now) {
    Payload pull = payload.object("pull_request");
    String action = payload.requiredText("action");
    if (!action.equals("closed") || !pull.isTrue("merged")) {
      return new Told.Nothing(
          "pull request %s, which merges nothing"
              .formatted(action.equals("closed") ? "closed unmerged" : action));
    }
    String number = pull.requiredNumber("number");
    return Told.change(
        marker(
            repository,
            "merge",
            new String[] {number},
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
            "release",
            new String[] {release.requiredNumber("id")},
            Payload.first(release.time("published_at"), release.time("created_at"), now),
            SHA.matcher(target).matches() ? target : "",
            "release " + (name.isEmpty() ? release.text("tag_name") : name),
            release.object("author").text("login"),
            release.webAddress("html_url")));
  }

  private static Change.Marker marker(
      GitHubRepository repository,
      String type,
      String[] key,
      Instant time,
      String commit,
      String summary,
      String actor,
      String url) {
    String[] parts = new String[key.length + 3];
    parts[0] = "github";
    parts[1] = repository.fullName();
    parts[2] = type;
    System.arraycopy(key, 0, parts, 3, key.length);
    return new Change.Marker(
        Change.id("marker", parts),
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
