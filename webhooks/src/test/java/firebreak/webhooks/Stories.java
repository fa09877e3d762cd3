package firebreak.webhooks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * What each sender truly said about one release, in the order in which it happened; at most seven
 * deliveries each, so that every order can be tried.
 */
final class Stories {
  static final String SHA = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";

  private Stories() {}

  /** Signs bodies with a secret, as one of the senders does. */
  record Story(String name, List<String> bodies, BiFunction<String, String, Letter> sign) {
    String sender() {
      return sign.apply(bodies.getFirst(), Mail.SECRET).sender();
    }

    List<Letter> letters(String secret) {
      return bodies.stream().map(body -> sign.apply(body, secret)).toList();
    }
  }

  /** One of each sender, however else it can prove itself. */
  static List<Story> ofEachSender() {
    Map<String, Story> bySender = new LinkedHashMap<>();
    all().forEach(story -> bySender.putIfAbsent(story.sender(), story));
    return List.copyOf(bySender.values());
  }

  static List<Story> all() {
    return List.of(
        new Story("github", github(), (body, secret) -> Letter.github(event(body), body, secret)),
        new Story("circleci", circleCi(), Letter::circleCi),
        new Story("buildkite", buildkite(), Letter::buildkite),
        new Story("buildkite by token", buildkite(), Letter::buildkiteToken),
        new Story("gitlab by token", gitLab(), Letter::gitLab),
        new Story("gitlab", gitLab(), (body, secret) -> Letter.gitLabSigned(body, key(secret))),
        new Story("launchdarkly", launchDarkly(), Letter::launchDarkly),
        new Story("alertmanager", alertmanager(), Letter::alertmanager),
        new Story(
            "cdevents structured",
            cdEvents(),
            (body, secret) -> Letter.structured(body, type(body), secret)),
        new Story(
            "cdevents binary",
            cdEvents(),
            (body, secret) -> Letter.binary(body, type(body), secret)));
  }

  /** A key for signing in place of a secret that is none. */
  private static String key(String secret) {
    return secret.equals(Mail.SECRET) ? Letter.GITLAB_KEY : "whsec_Z3Vlc3NlZA==";
  }

  private static String event(String body) {
    return body.contains("\"workflow_job\"")
        ? "workflow_job"
        : body.contains("\"workflow_run\"")
            ? "workflow_run"
            : body.contains("\"pull_request\"") ? "pull_request" : "deployment_status";
  }

  private static String type(String body) {
    return Payload.parse(Mail.bytes(body)).object("context").text("type");
  }

  private static List<String> github() {
    String repository =
        """
        "repository": {"full_name": "acme/query-api", "default_branch": "main",
          "html_url": "https://github.com/acme/query-api"}, "sender": {"login": "sam"}\
        """;
    String run =
        """
        {"workflow_run": {"id": 77, "run_attempt": 1, "name": "CI", "head_sha": "%s",
          "head_branch": "main", "status": "%s", "conclusion": %s,
          "created_at": "2026-03-01T12:00:00Z", "run_started_at": "2026-03-01T12:00:00Z",
          "updated_at": "2026-03-01T12:03:00Z", "actor": {"login": "pat"}}, %s}\
        """;
    String job =
        """
        {"workflow_job": {"id": 5, "run_id": 77, "run_attempt": 1, "name": "test", "head_sha": "%s",
          "status": "%s", "created_at": "2026-03-01T12:00:00Z",
          "started_at": "2026-03-01T12:00:05Z"}, %s}\
        """
            .formatted(SHA, "in_progress", repository);
    String deployment =
        """
        {"deployment_status": {"state": "%s", "created_at": "2026-03-01T12:06:00Z"},
         "deployment": {"id": 9, "sha": "%s", "environment": "production", "ref": "main",
           "created_at": "2026-03-01T12:05:00Z"}, %s}\
        """;
    String merge =
        """
        {"action": "closed", "pull_request": {"number": 12, "merged": true, "title": "Shorten",
          "merge_commit_sha": "%s", "merged_at": "2026-03-01T11:59:00Z"}, %s}\
        """
            .formatted(SHA, repository);
    return List.of(
        merge,
        run.formatted(SHA, "queued", "null", repository),
        job,
        run.formatted(SHA, "in_progress", "null", repository),
        run.formatted(SHA, "completed", "\"success\"", repository),
        deployment.formatted("in_progress", SHA, repository),
        deployment.formatted("success", SHA, repository));
  }

  private static List<String> circleCi() {
    List<String> bodies = new ArrayList<>();
    for (String workflow : List.of("w-1", "w-2")) {
      for (String job : List.of("lint", "test")) {
        bodies.add(
            circleCi(
                workflow,
                "job-completed",
                ", \"job\": {\"id\": \"%s-%s\", \"name\": \"%s\", \"number\": 4, \"status\":"
                        .formatted(workflow, job, job)
                    + " \"success\", \"started_at\": \"2026-03-01T12:00:10Z\","
                    + " \"stopped_at\": \"2026-03-01T12:00:40Z\"}",
                ""));
      }
      String status = workflow.equals("w-1") ? "failed" : "success";
      bodies.add(
          circleCi(
              workflow,
              "workflow-completed",
              "",
              ", \"status\": \"%s\", \"stopped_at\": \"2026-03-01T12:03:00Z\"".formatted(status)));
    }
    return bodies;
  }

  private static String circleCi(String workflow, String type, String more, String status) {
    return """
    {"id": "e-%s", "type": "%s", "happened_at": "2026-03-01T12:03:01Z",
     "project": {"name": "query-api", "slug": "github/acme/query-api"},
     "workflow": {"id": "%s", "name": "build", "created_at": "2026-03-01T12:00:00Z",
       "url": "https://app.circleci.com/w/%s"%s},
     "pipeline": {"number": 130, "created_at": "2026-03-01T11:59:59Z", "vcs": {
       "origin_repository_url": "https://github.com/acme/query-api", "revision": "%s",
       "branch": "main", "commit": {"subject": "Shorten", "author": {"name": "Pat"}}}}%s}\
    """
        .formatted(workflow + more.length(), type, workflow, workflow, status, SHA, more);
  }

  private static List<String> buildkite() {
    String pipeline =
        """
        "pipeline": {"slug": "query-api", "repository": "git@github.com:acme/query-api.git"}\
        """;
    String build =
        """
        {"event": "%s", "build": {"id": "b-1", "number": 12, "state": "%s", "blocked": %s,
          "message": "Shorten", "commit": "%s", "branch": "main",
          "web_url": "https://buildkite.com/acme/query-api/builds/12",
          "creator": {"name": "Pat"}, "created_at": "2026-03-01T12:00:00Z",
          "started_at": "2026-03-01T12:00:30Z", "finished_at": %s}, %s%s}\
        """;
    String job =
        """
        , "job": {"id": "j-1", "type": "script", "name": "test", "state": "passed",
          "runnable_at": "2026-03-01T12:00:01Z", "started_at": "2026-03-01T12:00:30Z",
          "finished_at": "2026-03-01T12:02:00Z", "exit_status": 0}\
        """;
    return List.of(
        build.formatted("build.scheduled", "scheduled", "false", SHA, "null", pipeline, ""),
        build.formatted("build.running", "running", "false", SHA, "null", pipeline, ""),
        build.formatted("job.finished", "running", "false", SHA, "null", pipeline, job),
        build.formatted("build.finished", "failed", "false", SHA, at("12:03"), pipeline, ""),
        build.formatted("build.running", "running", "false", SHA, at("12:03"), pipeline, ""),
        build.formatted("build.finished", "passed", "true", SHA, at("12:05"), pipeline, ""),
        build.formatted("build.finished", "passed", "false", SHA, at("12:09"), pipeline, ""));
  }

  private static String at(String minute) {
    return "\"2026-03-01T%s:00Z\"".formatted(minute);
  }

  private static List<String> gitLab() {
    String project =
        """
        "project": {"path_with_namespace": "acme/web/query-api", "default_branch": "main",
          "web_url": "https://gitlab.example.org/acme/web/query-api"}, "user": {"username": "pat"}\
        """;
    String pipeline =
        """
        {"object_kind": "pipeline", "object_attributes": {"id": 31, "ref": "main", "sha": "%s",
          "status": "%s", "created_at": "2026-03-01 12:00:00 UTC", "finished_at": %s,
          "url": "https://gitlab.example.org/acme/web/query-api/-/pipelines/31"},
         "commit": {"message": "Shorten"}, %s}\
        """;
    String job =
        """
        {"object_kind": "build", "build_id": 376, "build_name": "test", "build_status": "success",
         "build_created_at": "2026-03-01T12:00:00Z", "pipeline_id": 31, "ref": "main", "sha": "%s",
         "commit": {"message": "Shorten"}, %s}\
        """
            .formatted(SHA, project);
    String deployment =
        """
        {"object_kind": "deployment", "status": "%s", "status_changed_at": "%s",
         "deployment_id": 15, "environment": "production", "short_sha": "c0ffee00", "ref": "main",
         "commit_url": "https://gitlab.example.org/acme/web/query-api/-/commit/%s",
         "commit_title": "Shorten", %s}\
        """;
    String merge =
        """
        {"object_kind": "merge_request", "object_attributes": {"iid": 7, "action": "merge",
          "title": "Shorten", "merge_commit_sha": "%s", "updated_at": "2026-03-01 11:59:00 UTC",
          "url": "https://gitlab.example.org/acme/web/query-api/-/merge_requests/7"}, %s}\
        """
            .formatted(SHA, project);
    return List.of(
        merge,
        job,
        pipeline.formatted(SHA, "pending", "null", project),
        pipeline.formatted(SHA, "failed", "\"2026-03-01 12:02:00 UTC\"", project),
        pipeline.formatted(SHA, "success", "\"2026-03-01 12:04:00 UTC\"", project),
        deployment.formatted("running", "2026-03-01 13:05:00 +0100", SHA, project),
        deployment.formatted("success", "2026-03-01 13:06:00 +0100", SHA, project));
  }

  private static List<String> launchDarkly() {
    List<String> bodies = new ArrayList<>();
    for (int version = 41; version < 45; version++) {
      bodies.add(
          """
          {"_id": "entry%d", "kind": "flag", "date": %d, "titleVerb": "changed the flag",
           "member": {"email": "pat@example.org"},
           "target": {"resources": ["proj/default:env/production:flag/short-cache"]},
           "previousVersion": {"key": "short-cache", "environments": {"production":
             {"on": %b, "version": %d}}},
           "currentVersion": {"key": "short-cache", "environments": {"production":
             {"on": %b, "version": %d}}}}\
          """
              .formatted(
                  version,
                  1_772_366_400_000L + version * 60_000L,
                  version % 2 == 0,
                  version,
                  version % 2 == 1,
                  version + 1));
    }
    return bodies;
  }

  private static List<String> alertmanager() {
    String group =
        """
        {"version": "4", "status": "%s", "groupKey": "{}", "alerts": [%s]}\
        """;
    String alert =
        """
        {"status": "%s", "fingerprint": "%s", "startsAt": "2026-03-01T12:1%s:00.256Z",
         "endsAt": "%s", "generatorURL": "http://prometheus.example.org/graph",
         "labels": {"alertname": "Slow", "service": "query-api", "env": "production"},
         "annotations": {"summary": "queries are slow"}}\
        """;
    String never = "0001-01-01T00:00:00Z";
    String first = alert.formatted("firing", "f1", "0", never);
    String second = alert.formatted("firing", "f2", "2", never);
    String firstOver = alert.formatted("resolved", "f1", "0", "2026-03-01T12:20:00Z");
    return List.of(
        group.formatted("firing", first),
        group.formatted("firing", first + ", " + second),
        group.formatted("firing", firstOver + ", " + second),
        group.formatted("firing", second));
  }

  private static List<String> cdEvents() {
    String event =
        """
        {"context": {"specversion": "0.6.0-draft", "id": "%s", "source": "/ci",
           "type": "dev.cdevents.%s.0.3.0", "timestamp": "2026-03-01T12:0%d:00Z"},
         "subject": {"id": "%s", "content": %s},
         "customData": {"service": "query-api", "build_id": 8812, "commit": "%s"}}\
        """;
    String artifact =
        "\"artifactId\": \"pkg:oci/query-api@sha256%3Aabc\", \"environment\": {\"id\":"
            + " \"production\"}";
    return List.of(
        event.formatted("1", "pipelinerun.queued", 0, "run-1", "{}", SHA),
        event.formatted("2", "pipelinerun.started", 1, "run-1", "{}", SHA),
        event.formatted("3", "pipelinerun.finished", 2, "run-1", "{\"outcome\": \"success\"}", SHA),
        event.formatted("4", "artifact.published", 3, "pkg:oci/query-api@1", "{}", SHA),
        event.formatted("5", "service.deployed", 4, "prod/query-api", "{" + artifact + "}", SHA),
        event.formatted("6", "incident.detected", 5, "i-1", "{\"description\": \"slow\"}", SHA),
        event.formatted("7", "incident.resolved", 6, "i-1", "{\"description\": \"fine\"}", SHA));
  }
}
