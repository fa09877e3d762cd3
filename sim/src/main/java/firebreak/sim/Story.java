package firebreak.sim;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Follows a server while an incident is played against it, tells what happens as it happens, and
 * judges it by the truth.
 */
public final class Story {
  private static final int SUSPECTS = 4;
  private static final Duration LOOK_EVERY = Duration.ofMillis(300);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final URI server;
  private final TalkIncident.Kind kind;
  private final PrintStream out;
  private final Clock clock;
  private final Map<String, String> told = new HashMap<>();

  public Story(URI server, TalkIncident.Kind kind, PrintStream out, Clock clock) {
    this.server = server;
    this.kind = kind;
    this.out = out;
    this.clock = clock;
  }

  /** Prints a line of the story. */
  public synchronized void tell(String line) {
    out.printf("%s  %s%n", TIME.format(clock.instant()), line);
    out.flush();
  }

  /**
   * Follows until the incident is closed, or for as long as it may take.
   *
   * @return what is wrong with how it ended; empty when the right thing was done and it helped
   */
  public List<String> follow(Duration atMost) throws InterruptedException {
    Instant end = clock.instant().plus(atMost);
    String trouble = "";
    try (ServerReader reader = new ServerReader(server)) {
      while (clock.instant().isBefore(end)) {
        try {
          for (JsonNode summary : reader.get("/api/v1/incidents").path("incidents")) {
            JsonNode incident = reader.get("/api/v1/incidents/" + summary.path("id").asText());
            tellNews(incident);
            if (incident.path("state").asText().equals("closed")) {
              return new Judgement(kind, reader, clock.instant()).wrongs(incident);
            }
          }
        } catch (IOException e) {
          trouble = "; the server last failed with " + e.getMessage();
        }
        Thread.sleep(LOOK_EVERY);
      }
      return unfinished(reader, atMost, trouble);
    }
  }

  private List<String> unfinished(ServerReader reader, Duration atMost, String trouble)
      throws InterruptedException {
    List<String> wrongs = new ArrayList<>();
    wrongs.add("no incident was closed within %d seconds%s".formatted(atMost.toSeconds(), trouble));
    try {
      for (JsonNode incident : reader.get("/api/v1/incidents").path("incidents")) {
        if (!Judgement.wasActedOn(incident)) {
          wrongs.add(
              "nothing was toggled; the verdict is "
                  + incident.path("verdict").path("kind").asText());
        }
      }
    } catch (IOException e) {
      wrongs.add("the server did not answer: " + e.getMessage());
    }
    return wrongs;
  }

  private void tellNews(JsonNode incident) {
    String id = incident.path("id").asText();
    if (isNews(id, "opened", "")) {
      tell(
          "BURN  %s burns %.0f× too fast; seen by %s with %.1f %% of the budget spent"
              .formatted(
                  incident.path("slo").asText(),
                  incident.path("burn_rate").asDouble(),
                  incident.path("detected_by").asText(),
                  100 * incident.path("budget_spent_at_detection").asDouble()));
      tell("      " + server.resolve("/incidents/" + id));
    }
    tellCauses(incident, id);
    tellVerdict(incident, id);
    JsonNode mitigation = incident.path("mitigation");
    if (mitigation.isObject()) {
      tellMitigation(mitigation, id);
    }
    if (incident.path("state").asText().equals("closed") && isNews(id, "closed", "")) {
      tell(
          "OVER  the incident is closed with %.1f %% of the budget left"
              .formatted(100 * incident.path("budget_remaining").asDouble()));
    }
  }

  private void tellCauses(JsonNode incident, String id) {
    JsonNode cause = incident.path("causes").path(0);
    if (cause.isMissingNode() || !isNews(id, "cause", "")) {
      return;
    }
    tell(
        "WHAT  %s: %.0f %% of the slow ones against %.1f %% of the rest"
            .formatted(
                terms(cause.path("terms"), " and "),
                100 * cause.path("selection_share").asDouble(),
                100 * cause.path("baseline_share").asDouble()));
  }

  private void tellVerdict(JsonNode incident, String id) {
    if (incident.path("suspects").isEmpty()) {
      return;
    }
    JsonNode verdict = incident.path("verdict");
    String text = says(verdict);
    if (isNews(id, "verdict", text)) {
      tell("WHO   %s (%.0f %% sure)".formatted(text, 100 * verdict.path("posterior").asDouble()));
      int listed = 0;
      for (JsonNode suspect : incident.path("suspects")) {
        if (++listed > SUSPECTS) {
          break;
        }
        JsonNode reasons =
            suspect.path("for").isEmpty() ? suspect.path("against") : suspect.path("for");
        tell(
            "      %5.1f %%  %s: %s"
                .formatted(
                    100 * suspect.path("posterior").asDouble(),
                    suspect.path("name").asText(),
                    reasons.path(0).asText("-")));
      }
    }
  }

  /** What a verdict says, in a clause. */
  static String says(JsonNode verdict) {
    String terms = terms(verdict.path("terms"), ", ");
    String whom = terms.isEmpty() ? "" : ", for " + terms;
    String flag =
        "the flag %s=%s"
            .formatted(verdict.path("flag").asText(), verdict.path("variation").asText());
    return switch (verdict.path("kind").asText()) {
      case "deploy" ->
          "build %s did it%s%s"
              .formatted(
                  verdict.path("build_id").asText(),
                  whom,
                  verdict.hasNonNull("flag") ? ", behind " + flag : "");
      case "flag" -> flag + " did it" + whom;
      case "customer" -> "no change of ours: the traffic of " + terms;
      case "none" -> "none of our changes explains it";
      default -> "not enough evidence yet to tell what did it";
    };
  }

  private void tellMitigation(JsonNode mitigation, String id) {
    String state = mitigation.path("state").asText();
    String flag = mitigation.path("action").path("flag").asText();
    String whom = whom(mitigation.path("action").path("audience"));
    if (!isNews(id, "mitigation", state)) {
      return;
    }
    switch (state) {
      case "recommended" -> {
        tell("ASK   it would turn %s off for %s".formatted(flag, whom));
        mitigation
            .path("refusals")
            .forEach(refusal -> tell("      not alone: " + refusal.asText()));
      }
      case "applied", "verifying" -> {
        if (isNews(id, "applied", "")) {
          JsonNode predicted = mitigation.path("predicted");
          tell(
              "ACT   %s is off for %s; %.1f %% of traffic, burn predicted at %.2f (%.2f to %.2f)"
                  .formatted(
                      flag,
                      whom,
                      100 * predicted.path("traffic_affected").asDouble(),
                      predicted.path("burn_rate_after").asDouble(),
                      predicted.path("low").asDouble(),
                      predicted.path("high").asDouble()));
        }
      }
      case "effective" ->
          tell(
              "GOOD  it helped: the burn is %.2f now"
                  .formatted(mitigation.path("observed").path("burn_rate_after").asDouble()));
      default -> tell("STATE the mitigation is " + state);
    }
  }

  /** Whom an audience is. */
  static String whom(JsonNode audience) {
    return audience.path("kind").asText().equals("context")
        ? audience.path("context_kind").asText() + " " + texts(audience.path("keys"), ", ")
        : audience.path("kind").asText();
  }

  private boolean isNews(String id, String what, String text) {
    return !text.equals(told.put(id + what, text));
  }

  static String terms(JsonNode terms, String separator) {
    return StreamSupport.stream(terms.spliterator(), false)
        .map(term -> term.path("field").asText() + " = " + term.path("value").asText())
        .collect(Collectors.joining(separator));
  }

  private static String texts(JsonNode items, String separator) {
    return StreamSupport.stream(items.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining(separator));
  }
}
