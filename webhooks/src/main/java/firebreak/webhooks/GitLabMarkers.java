package firebreak.webhooks;

import firebreak.deploytracker.Change;
import firebreak.webhooks.Sender.Told;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Pushes to the default branch, merged merge requests and releases of GitLab as markers. */
final class GitLabMarkers {
  private static final String NO_COMMIT = "0".repeat(40);

  private GitLabMarkers() {}

  static Told push(Payload payload, Instant now) {
    Payload project = payload.object("project");
    String ref = payload.requiredText("ref");
    String branch = project.text("default_branch");
    if (branch.isEmpty() || !ref.equals("refs/heads/" + branch)) {
      return new Told.Nothing("a push to %s, which is not the default branch".formatted(ref));
    }
    String commit = payload.requiredText("after");
    if (commit.equals(NO_COMMIT)) {
      return new Told.Nothing("%s was deleted".formatted(ref));
    }
    @Nullable Instant time = null;
    String message = "";
    for (Payload each : payload.objects("commits")) {
      if (each.text("id").equals(commit)) {
        time = each.time("timestamp");
        message = each.text("message");
      }
    }
    return Told.change(
        marker(
            payload,
            "push",
            ref + " " + payload.text("before") + " " + commit,
            Payload.first(time, null, now),
            commit,
            "push to %s: %s".formatted(branch, message),
            Payload.firstNonEmpty(payload, "user_username", "user_name"),
            project.webAddress("web_url")));
  }

  static Told mergeRequest(Payload payload, Instant now) {
    Payload request = payload.object("object_attributes");
    String action = request.text("action");
    if (!action.equals("merge")) {
      return new Told.Nothing("merge request %s, which merges nothing".formatted(action));
    }
    String number = request.requiredNumber("iid");
    return Told.change(
        marker(
            payload,
            "merge",
            number,
            Payload.first(request.time("merged_at"), request.time("updated_at"), now),
            Payload.firstNonEmpty(request, "merge_commit_sha", "squash_commit_sha"),
            "!%s %s".formatted(number, request.text("title")),
            payload.object("user").text("username"),
            request.webAddress("url")));
  }

  static Told release(Payload payload, Instant now) {
    String action = payload.requiredText("action");
    if (!action.equals("create")) {
      return new Told.Nothing("release %s, which publishes nothing".formatted(action));
    }
    String tag = payload.requiredText("tag");
    return Told.change(
        marker(
            payload,
            "release",
            tag,
            Payload.first(payload.time("released_at"), payload.time("created_at"), now),
            payload.object("commit").text("id"),
            "release " + Payload.firstNonEmpty(payload, "name", "tag"),
            "",
            payload.webAddress("url")));
  }

  private static Change.Marker marker(
      Payload payload,
      String type,
      String key,
      Instant time,
      String commit,
      String summary,
      String actor,
      String url) {
    String path = payload.object("project").requiredText("path_with_namespace");
    return new Change.Marker(
        Change.id("marker", "gitlab", path, type, key),
        time,
        null,
        GitAddress.lastPart(path),
        "",
        type,
        path,
        commit,
        Payload.firstLine(summary),
        actor,
        url);
  }
}
