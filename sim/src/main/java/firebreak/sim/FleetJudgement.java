package firebreak.sim;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.sim.fleet.Fleet;
import firebreak.sim.fleet.Kind;
import firebreak.sim.fleet.Truth;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of a production that was played against it, held against the truth.
 *
 * @param result how its verdict compares
 * @param says the truth, what the server says and what it did, a sentence each
 * @param actedWrongly whether it turned a flag that was not to be turned
 */
public record FleetJudgement(Result result, List<String> says, boolean actedWrongly) {
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** The guard looks at a young burn every five seconds: by then the last events are weighed. */
  private static final Duration STANDS_FOR = Duration.ofSeconds(8);

  /** A burn is noticed within a second or two of its last event. */
  private static final Duration NOTICED_WITHIN = Duration.ofSeconds(12);

  /** Clocks of hosts may go wrong by so much. */
  private static final Duration SKEW = Duration.ofMinutes(3);

  public FleetJudgement {
    says = List.copyOf(says);
  }

  /** How a verdict compares with the truth. */
  public enum Result {
    RIGHT,
    WRONG,
    UNSURE,
    NO_ALERT
  }

  /** Whether there is nothing to find fault with; in a quiet hour, that there was no alert. */
  public boolean isGood() {
    return result == Result.RIGHT && !actedWrongly;
  }

  /** Waits until the verdict stands, after the last event was sent. */
  public static FleetJudgement await(URI server, String key, Fleet fleet, Instant end)
      throws IOException, InterruptedException {
    try (ServerReader reader = new ServerReader(server, key)) {
      String verdict = "";
      long since = System.nanoTime();
      while (true) {
        List<JsonNode> incidents = incidents(reader, fleet, end);
        JsonNode incident = first(incidents);
        boolean isWeighed = incident != null && !incident.path("suspects").isEmpty();
        String now = incident == null ? "" : incident.path("verdict").toString();
        if (!now.equals(verdict)) {
          verdict = now;
          since = System.nanoTime();
        }
        Duration wait = isWeighed ? STANDS_FOR : NOTICED_WITHIN;
        if (System.nanoTime() - since > wait.toNanos()) {
          return of(fleet, incidents);
        }
        Thread.sleep(LOOK_EVERY);
      }
    }
  }

  /** As things stand. */
  public static FleetJudgement look(URI server, String key, Fleet fleet, Instant end)
      throws IOException, InterruptedException {
    try (ServerReader reader = new ServerReader(server, key)) {
      return of(fleet, incidents(reader, fleet, end));
    }
  }

  /** The incidents of the production, oldest first. */
  private static List<JsonNode> incidents(ServerReader reader, Fleet fleet, Instant end)
      throws IOException, InterruptedException {
    List<JsonNode> found = new ArrayList<>();
    Instant from = fleet.truth().onset().minus(SKEW);
    for (JsonNode incident : reader.get("/api/v1/incidents").path("incidents")) {
      Instant detected = detectedAt(incident);
      if (incident.path("dataset").asText().equals(Fleet.SERVICE)
          && detected.isAfter(from)
          && detected.isBefore(end.plus(SKEW))) {
        found.add(incident);
      }
    }
    found.sort((a, b) -> detectedAt(a).compareTo(detectedAt(b)));
    return found;
  }

  private static Instant detectedAt(JsonNode incident) {
    return Instant.parse(incident.path("detected_at").asText());
  }

  /** The first urgent one: a burn slow enough for a ticket is no alert. */
  private static @Nullable JsonNode first(List<JsonNode> incidents) {
    return incidents.stream()
        .filter(incident -> incident.path("urgent").asBoolean())
        .findFirst()
        .orElse(null);
  }

  private static FleetJudgement of(Fleet fleet, List<JsonNode> incidents) {
    List<String> says = new ArrayList<>();
    Truth truth = fleet.truth();
    boolean isQuiet = fleet.kind() == Kind.QUIET;
    String known = isQuiet ? "" : ": " + truth.inWords();
    says.add("The truth is that " + fleet.kind().story() + known + ".");
    JsonNode incident = first(incidents);
    says.add(incident == null ? "The server sees no burn." : burn(incident, truth));
    boolean actedWrongly = false;
    for (JsonNode one : incidents) {
      if (Judgement.wasActedOn(one)) {
        JsonNode action = one.path("mitigation").path("action");
        String flag = action.path("flag").asText();
        String variation = action.path("from_variation").asText();
        boolean isRight = truth.isRightToAct(flag, variation);
        actedWrongly |= !isRight;
        says.add(
            "It took %s=%s away from %s, which was %s."
                .formatted(flag, variation, audience(action), isRight ? "right" : "wrong"));
      }
    }
    return new FleetJudgement(result(truth, isQuiet, incident), says, actedWrongly);
  }

  private static String audience(JsonNode action) {
    return Story.whom(action.path("audience"));
  }

  private static String burn(JsonNode incident, Truth truth) {
    JsonNode verdict = incident.path("verdict");
    return "The server says: %s (%.0f %% sure); %s saw the burn %.1f minutes after the onset."
        .formatted(
            Story.says(verdict),
            100 * verdict.path("posterior").asDouble(),
            incident.path("detected_by").asText(),
            Duration.between(truth.onset(), detectedAt(incident)).toSeconds() / 60.0);
  }

  private static Result result(Truth truth, boolean isQuiet, @Nullable JsonNode incident) {
    if (incident == null) {
      return isQuiet ? Result.RIGHT : Result.NO_ALERT;
    }
    JsonNode verdict = incident.path("verdict");
    Truth.Answer answer =
        Truth.Answer.valueOf(verdict.path("kind").asText().toUpperCase(Locale.ROOT));
    boolean isRight =
        truth.isRight(
            answer,
            verdict.path("build_id").asText(""),
            verdict.path("flag").asText(""),
            verdict.path("variation").asText(""));
    if (isRight && !isQuiet) {
      return Result.RIGHT;
    }
    return answer == Truth.Answer.UNSURE ? Result.UNSURE : Result.WRONG;
  }
}
