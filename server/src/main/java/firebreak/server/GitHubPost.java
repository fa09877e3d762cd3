package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.Rollouts;
import firebreak.deploytracker.github.CurrentState;
import firebreak.deploytracker.github.GitHubAnswer;
import firebreak.deploytracker.github.GitHubReports;
import firebreak.deploytracker.github.GitHubReports.Check;
import firebreak.deploytracker.github.GitHubReports.Conclusion;
import firebreak.deploytracker.github.GitHubReports.Written;
import firebreak.eventstore.TimeRange;
import firebreak.guard.Gate;
import firebreak.guard.GateSituation.Question;
import firebreak.records.Notice;
import firebreak.webhooks.outgoing.Sending.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Takes what lies in the outbox for GitHub there, one attempt a call. */
final class GitHubPost {
  /** The check on a commit is so called. */
  static final String CHECK = "Firebreak";

  private static final Duration GATE_AGAIN_AFTER = Duration.ofMinutes(1);

  private final GitHubReports reports;
  private final BiFunction<Question, Instant, Gate.Answer> gate;
  private final ChangeLog changes;
  private final Config.GitHub config;
  private final String base;
  private volatile Instant quietUntil = Instant.MIN;

  /**
   * A way to GitHub.
   *
   * @param base how links to our pages begin
   */
  GitHubPost(
      GitHubReports reports,
      BiFunction<Question, Instant, Gate.Answer> gate,
      ChangeLog changes,
      Config.GitHub config,
      String base) {
    this.reports = reports;
    this.gate = gate;
    this.changes = changes;
    this.config = config;
    this.base = base;
  }

  /**
   * What became of an attempt; what is not configured any more is not told. While GitHub wants to
   * be left alone it is not asked, however much waits.
   */
  Outcome deliver(Notice.Waiting waiting, Instant now) {
    JsonNode body = GitHubNotice.body(waiting.notice());
    Config.Tell tell = Config.Tell.valueOf(text(body, "tell"));
    if (!config.tells().contains(tell)
        || !config.repositories().contains(text(body, "repository"))) {
      return new Outcome.Failed("github.tell no longer says so", false, Duration.ZERO);
    }
    if (now.isBefore(quietUntil)) {
      return new Outcome.Failed(
          "GitHub wants to be left alone", true, Duration.between(now, quietUntil));
    }
    return attempt(tell, body, waiting.attempts(), now);
  }

  private Outcome attempt(Config.Tell tell, JsonNode body, int attempts, Instant now) {
    try {
      return switch (tell) {
        case COMMENT ->
            outcome(
                reports.comment(
                    text(body, "repository"),
                    text(body, "commit"),
                    "<!-- firebreak:release %s -->"
                        .formatted(text(body, "service").replaceAll("[^\\w.-]", " ")),
                    text(body, "markdown")),
                now);
        case CHECK -> outcome(check(body), now);
        case DEPLOYMENT -> outcome(deployment(body), now);
        case GATE -> answer(body, attempts, now);
      };
    } catch (IllegalArgumentException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), false, Duration.ZERO);
    }
  }

  private GitHubAnswer<Written> check(JsonNode body) {
    return reports.check(
        text(body, "repository"),
        text(body, "commit"),
        new Check(
            CHECK,
            Conclusion.valueOf(text(body, "conclusion")),
            text(body, "title"),
            text(body, "markdown"),
            text(body, "link")));
  }

  private GitHubAnswer<Written> deployment(JsonNode body) {
    return reports.deployment(
        text(body, "repository"),
        text(body, "commit"),
        text(body, "environment"),
        body.path("blamed").asBoolean(),
        // Whoever hears it from GitHub again knows it by this word.
        CurrentState.OURS + text(body, "title"),
        text(body, "link"),
        base);
  }

  /** Asks the gate now, whenever the request came. */
  private Outcome answer(JsonNode body, int attempts, Instant now) {
    Question question =
        new Question(
            text(body, "service"), text(body, "environment"), build(body, now), "", "", null);
    Gate.Answer decided = gate.apply(question, now);
    String why = String.join("\n", decided.reasons());
    return switch (decided.verdict()) {
      case YES -> say(body, true, why, now);
      case NO -> say(body, false, why, now);
      case UNKNOWN -> {
        // GitHub takes ten remarks of a run; it is said once, and asked again.
        Outcome said =
            attempts > 0
                ? new Outcome.Delivered(204)
                : say(body, null, "It cannot be told yet:\n" + why, now);
        yield said instanceof Outcome.Delivered
            ? new Outcome.Failed("the gate cannot tell yet", true, GATE_AGAIN_AFTER)
            : said;
      }
    };
  }

  private Outcome say(JsonNode body, @Nullable Boolean approved, String why, Instant now) {
    return outcome(
        reports.gate(
            text(body, "repository"), text(body, "run"), text(body, "environment"), approved, why),
        now);
  }

  /** As the build's events name it, if a deploy of the commit says so; else as its run. */
  private String build(JsonNode body, Instant now) {
    String commit = text(body, "commit");
    return changes.changes(new TimeRange(Instant.EPOCH, now)).reversed().stream()
        .filter(
            change ->
                change instanceof Change.Deploy deploy
                    && deploy.commit().equals(commit)
                    && deploy.service().equals(text(body, "service")))
        .map(change -> Rollouts.name((Change.Deploy) change))
        .findFirst()
        .orElse(text(body, "run"));
  }

  private Outcome outcome(GitHubAnswer<Written> answer, Instant now) {
    return switch (answer) {
      case GitHubAnswer.Found<Written> _ -> new Outcome.Delivered(200);
      case GitHubAnswer.Unavailable<Written> no -> {
        if (no.isLimit()) {
          quietUntil = now.plus(no.after());
        }
        yield new Outcome.Failed(no.why(), no.retry(), no.after());
      }
    };
  }

  private static String text(JsonNode body, String key) {
    return body.path(key).asText();
  }
}
