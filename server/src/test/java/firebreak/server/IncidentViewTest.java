package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.bubbleup.Explanation;
import firebreak.bubbleup.Term;
import firebreak.deploytracker.Counterfactual;
import firebreak.deploytracker.Counterfactual.Estimate;
import firebreak.deploytracker.Counterfactual.Step;
import firebreak.deploytracker.Finding;
import firebreak.deploytracker.Verdict;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Value;
import firebreak.guard.Incident;
import firebreak.slo.BurnAlert;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncidentViewTest {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final Objective OBJECTIVE =
      new Objective(
          "fast",
          "Fast",
          "query-api",
          List.of("query-api"),
          Filter.ALL,
          Filter.equal("ok", Value.of(true)),
          0.99,
          Duration.ofDays(30));

  /** Each rung of the ladder, with its intervals; a rung that is not there says why. */
  @Test
  void showsWhatEachStepWouldLeave() {
    Counterfactual customer =
        new Counterfactual(
            Step.CUSTOMER,
            "take short-cache = true from retail",
            "short-cache",
            "true",
            "",
            List.of(new Term("customer_id", Value.of("retail"))),
            new Estimate(0.4, 0.2, 0.7),
            new Estimate(120, 100, 130),
            Estimate.UNKNOWN,
            0.003,
            17,
            "");
    Counterfactual segment =
        new Counterfactual(
            Step.SEGMENT,
            "",
            "",
            "",
            "",
            List.of(),
            Estimate.UNKNOWN,
            Estimate.UNKNOWN,
            Estimate.UNKNOWN,
            Double.NaN,
            0,
            "they share nothing");
    Finding finding =
        new Finding(
                Verdict.UNSURE,
                List.of(),
                Finding.Prediction.UNKNOWN,
                1,
                List.of(customer, segment))
            .withBudget(0.8, 1000);
    BurnAlert alert =
        new BurnAlert(OBJECTIVE, BurnAlert.Detector.BURN_RATE, NOON, NOON, null, 31, 0.1);
    JsonNode shown =
        IncidentView.view(
                new Incident(
                    "a",
                    Incident.State.OPEN,
                    alert,
                    NOON,
                    null,
                    0.8,
                    Explanation.NOTHING,
                    finding,
                    List.of()))
            .path("counterfactuals");
    assertEquals(2, shown.size());
    JsonNode first = shown.path(0);
    assertEquals("customer", first.path("step").asText());
    assertTrue(first.path("possible").asBoolean());
    assertEquals("short-cache", first.path("flag").asText());
    assertEquals("retail", first.path("terms").path(0).path("value").asText());
    assertEquals(0.7, first.path("burn_rate").path("high").asDouble());
    assertEquals(0.92, first.path("budget_remaining").path("value").asDouble(), 1e-9);
    assertEquals(0.9, first.path("budget_remaining").path("low").asDouble(), 1e-9);
    assertEquals(17, first.path("good_events_affected").asInt());
    JsonNode second = shown.path(1);
    assertTrue(
        !second.path("possible").asBoolean() && second.path("burn_rate").path("value").isNull());
    assertEquals("they share nothing", second.path("note").asText());
  }
}
