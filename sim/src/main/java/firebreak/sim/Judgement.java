package firebreak.sim;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Holds how an incident ended against the truth about it. */
final class Judgement {
  private static final Duration PROPAGATION = Duration.ofSeconds(10);
  private static final long EVENTS_AT_LEAST = 100;
  private static final double BUDGET_SHARE = 0.001;
  private static final int AUDIT_RECORDS = 10_000;

  private final TalkIncident.Kind kind;
  private final ServerReader reader;
  private final Instant now;

  Judgement(TalkIncident.Kind kind, ServerReader reader, Instant now) {
    this.kind = kind;
    this.reader = reader;
    this.now = now;
  }

  /** Whether a flag was, or may have been, turned. */
  static boolean wasActedOn(JsonNode incident) {
    JsonNode mitigation = incident.path("mitigation");
    return mitigation.hasNonNull("sent_at") || mitigation.hasNonNull("applied_at");
  }

  /** What is wrong, a sentence each. */
  List<String> wrongs(JsonNode incident) throws IOException, InterruptedException {
    TalkIncident.Truth truth = new TalkIncident(kind, 0, now).truth();
    List<String> wrongs = new ArrayList<>();
    JsonNode verdict = incident.path("verdict");
    expect(wrongs, "the verdict", truth.verdict(), verdict.path("kind").asText());
    if (truth.flag().isEmpty()) {
      wrongs.add(
          wasActedOn(incident)
              ? "a flag was turned although no change of ours did it"
              : "nothing was toggled, since no change of ours did it");
      return wrongs;
    }
    expect(wrongs, "the build", truth.build(), verdict.path("build_id").asText());
    expect(wrongs, "the flag", truth.flag(), verdict.path("flag").asText());
    expect(wrongs, "the variation", truth.variation(), verdict.path("variation").asText());
    expect(
        wrongs,
        "whom it hits",
        "customer_id = " + truth.customer(),
        Story.terms(verdict.path("terms"), ", "));
    JsonNode action = incident.path("mitigation").path("action");
    expect(wrongs, "the flag turned", truth.flag(), action.path("flag").asText());
    Set<String> keys = new TreeSet<>();
    action.path("audience").path("keys").forEach(key -> keys.add(key.asText()));
    expect(wrongs, "for whom", Set.of(truth.customer()).toString(), keys.toString());
    if (!wasActedOn(incident)) {
      wrongs.add("nothing was toggled");
      return wrongs;
    }
    burnAfter(wrongs, incident);
    intentBeforeAct(wrongs, incident.path("id").asText());
    return wrongs;
  }

  /** The burn over events from the act on, once it has spread; not over a rolling window. */
  private void burnAfter(List<String> wrongs, JsonNode incident)
      throws IOException, InterruptedException {
    Instant from =
        Instant.parse(incident.path("mitigation").path("applied_at").asText()).plus(PROPAGATION);
    long[] queries = reader.queries(from, now);
    double burn = (double) queries[1] / queries[0] / BUDGET_SHARE;
    if (queries[0] < EVENTS_AT_LEAST || !(burn < 1)) {
      wrongs.add(
          "the burn after the act is %.2f over %d queries; it should be below 1 over at least %d"
              .formatted(burn, queries[0], EVENTS_AT_LEAST));
    }
  }

  private void intentBeforeAct(List<String> wrongs, String incident)
      throws IOException, InterruptedException {
    long intended = Long.MAX_VALUE;
    long applied = -1;
    JsonNode records = reader.get("/api/v1/audit?since=0&limit=" + AUDIT_RECORDS).path("records");
    for (JsonNode record : records) {
      if (record.path("incident").asText().equals(incident)) {
        long sequence = record.path("seq").asLong();
        switch (record.path("kind").asText()) {
          case "intended" -> intended = Math.min(intended, sequence);
          case "applied" -> applied = Math.max(applied, sequence);
          default -> {}
        }
      }
    }
    if (applied < 0 || intended > applied) {
      wrongs.add("the audit does not hold the intent before the act");
    }
  }

  private static void expect(List<String> wrongs, String what, String expected, String found) {
    if (!expected.equals(found)) {
      wrongs.add("%s should be %s, is %s".formatted(what, expected, found));
    }
  }
}
