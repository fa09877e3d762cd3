package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.BuildTraces;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the environment of a build's step says of its build: the trace that the webhooks make of the
 * same build, the span of the job, and the fields that every span of it has.
 *
 * @param trace empty where the step runs under no build tool that is known
 * @param job the span of the job; the build's own where it cannot be known
 */
record BuildEnvironment(String provider, String trace, String job, Map<String, String> fields) {

  BuildEnvironment {
    fields = Map.copyOf(fields);
  }

  static BuildEnvironment of(Map<String, String> environment) {
    if (environment.containsKey("GITHUB_RUN_ID")) {
      String repository = environment.getOrDefault("GITHUB_REPOSITORY", "");
      String run = environment.getOrDefault("GITHUB_RUN_ID", "");
      String trace =
          BuildTraces.gitHubTrace(
              repository, run, environment.getOrDefault("GITHUB_RUN_ATTEMPT", "1"));
      return new BuildEnvironment(
          "github", trace, trace, taken(environment, "GITHUB_REPOSITORY", "GITHUB_REF_NAME", run));
    }
    if (environment.containsKey("CIRCLE_WORKFLOW_ID")) {
      String trace = environment.getOrDefault("CIRCLE_WORKFLOW_ID", "");
      return new BuildEnvironment(
          "circleci",
          trace,
          environment.getOrDefault("CIRCLE_WORKFLOW_JOB_ID", trace),
          taken(environment, "CIRCLE_REPOSITORY_URL", "CIRCLE_BRANCH", trace));
    }
    if (environment.containsKey("BUILDKITE_BUILD_ID")) {
      String trace = environment.getOrDefault("BUILDKITE_BUILD_ID", "");
      return new BuildEnvironment(
          "buildkite",
          trace,
          environment.getOrDefault("BUILDKITE_JOB_ID", trace),
          taken(
              environment,
              "BUILDKITE_REPO",
              "BUILDKITE_BRANCH",
              environment.getOrDefault("BUILDKITE_BUILD_NUMBER", "")));
    }
    if (environment.containsKey("CI_PIPELINE_ID")) {
      String trace = environment.getOrDefault("CI_PIPELINE_ID", "");
      return new BuildEnvironment(
          "gitlab",
          trace,
          environment.getOrDefault("CI_JOB_ID", trace),
          taken(environment, "CI_PROJECT_PATH", "CI_COMMIT_REF_NAME", trace));
    }
    return new BuildEnvironment("", "", "", Map.of());
  }

  private static Map<String, String> taken(
      Map<String, String> environment, String repository, String branch, String number) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("repo", environment.getOrDefault(repository, ""));
    fields.put("branch", environment.getOrDefault(branch, ""));
    fields.put("build_num", number);
    return fields;
  }

  /** Adds what is known to a span. */
  void addTo(ObjectNode span) {
    if (!provider.isEmpty()) {
      span.put("ci_provider", provider);
    }
    fields.forEach(
        (field, text) -> {
          if (!text.isEmpty()) {
            span.put(field, text);
          }
        });
  }
}
