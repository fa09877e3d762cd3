package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.ReleaseReport;
import firebreak.deploytracker.ReleaseText;
import firebreak.deploytracker.Rollout;
import firebreak.deploytracker.github.GitHubReports.Conclusion;
import firebreak.records.Notice;
import firebreak.webhooks.GateRequest;
import java.util.List;
import java.util.Locale;

/**
 * Something that GitHub is to be told, as it lies in the outbox.
 *
 * @param subject what it is about: of one subject one notice follows the other
 * @param gist what makes it news
 */
record GitHubNotice(String subject, String gist, ObjectNode body) {
  static final String DESTINATION = "github";

  /** What a report says in one way; a deployment's status is one for each environment. */
  static List<GitHubNotice> of(Config.Tell tell, ReleaseReport report, String base) {
    return switch (tell) {
      case COMMENT, CHECK -> List.of(release(tell, report, "", base));
      case DEPLOYMENT ->
          report.rollout().landings().stream()
              .filter(Rollout.Landing::isDeclared)
              .map(landing -> release(tell, report, landing.environment(), base))
              .toList();
      case GATE -> List.of();
    };
  }

  private static GitHubNotice release(
      Config.Tell tell, ReleaseReport report, String environment, String base) {
    Rollout rollout = report.rollout();
    ObjectNode body = body(tell, rollout.repository(), rollout.commit(), report.gist());
    body.put("service", rollout.service());
    body.put("environment", environment);
    body.put("title", ReleaseText.title(report));
    body.put("markdown", ReleaseText.markdown(report));
    body.put("conclusion", conclusion(report.stage()).name());
    body.put("blamed", report.stage() == ReleaseReport.Stage.BLAMED);
    body.put(
        "link",
        report.blames().isEmpty()
            ? base + "rollouts/" + rollout.id()
            : report.blames().getLast().link());
    return new GitHubNotice(
        String.join(
            " ",
            tell.name().toLowerCase(Locale.ROOT),
            rollout.repository(),
            rollout.commit(),
            rollout.service(),
            rollout.buildId(),
            environment),
        report.gist(),
        body);
  }

  private static Conclusion conclusion(ReleaseReport.Stage stage) {
    return switch (stage) {
      case DECLARED, SERVING -> Conclusion.RUNNING;
      case FINE -> Conclusion.SUCCESS;
      case BLAMED, OVER, ROLLED_BACK -> Conclusion.FAILURE;
      case WORSE -> Conclusion.NEUTRAL;
    };
  }

  /** Somebody waits for the gate's answer. */
  static GitHubNotice of(GateRequest request) {
    ObjectNode body = body(Config.Tell.GATE, request.repository(), request.commit(), "");
    body.put("service", request.service());
    body.put("environment", request.environment());
    body.put("run", request.run());
    return new GitHubNotice("gate " + request.key(), "", body);
  }

  private static ObjectNode body(Config.Tell tell, String repository, String commit, String gist) {
    ObjectNode body = JsonTree.object();
    body.put("tell", tell.name());
    body.put("repository", repository);
    body.put("commit", commit);
    body.put("gist", gist);
    return body;
  }

  Notice notice(String id) {
    return new Notice(id, DESTINATION, subject, body.toString());
  }

  static String gist(Notice notice) {
    return body(notice).path("gist").asText();
  }

  static JsonNode body(Notice notice) {
    return JsonTree.parsed(notice.body());
  }
}
