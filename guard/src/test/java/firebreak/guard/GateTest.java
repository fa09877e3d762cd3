package firebreak.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.SideBySide;
import firebreak.guard.Gate.Answer;
import firebreak.guard.Gate.Forecast;
import firebreak.guard.Gate.Verdict;
import firebreak.guard.GateSituation.Budget;
import firebreak.guard.GateSituation.Question;
import firebreak.guard.GateSituation.Suspicion;
import firebreak.slo.Counts;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A month of 7,200,000 events at 99.9 %: 7,200 may be bad; 10,000 come in an hour. */
class GateTest {
  private static final Counts MONTH = new Counts(7_200_000, 0);
  private static final Counts HOUR = new Counts(10_000, 5);

  @Test
  void aServiceWithBudgetThatDoesNotBurnMayShip() {
    Answer answer = decide(ask("8812", null), budget(0.9, Counts.NONE, Counts.NONE, ""));
    assertEquals(Verdict.YES, answer.verdict());
    assertEquals(0.9, answer.budgetRemaining());
    assertNull(answer.forecast());
    assertTrue(answer.reasons().toString().contains("90 % of its budget left"), "" + answer);
    assertTrue(answer.reasons().toString().contains("No event of build 8812"), "" + answer);
  }

  @Test
  void aSpentBudgetAndABurnAreEachANo() {
    Answer spent = decide(ask("", null), budget(-0.1, Counts.NONE, Counts.NONE, ""));
    assertEquals(Verdict.NO, spent.verdict());
    assertEquals(
        "query-api-fast has no budget left: -10 % of it remains.", spent.reasons().getFirst());
    Answer burning = decide(ask("", null), budget(0.9, Counts.NONE, Counts.NONE, "It burns."));
    assertEquals(Verdict.NO, burning.verdict());
    assertEquals("It burns.", burning.reasons().getFirst());
  }

  @Test
  void whatCannotBeKnownIsNeitherYesNorNo() {
    Answer without =
        Gate.decide(new GateSituation(ask("", null), List.of(), List.of(), Set.of("checkout")));
    assertEquals(Verdict.UNKNOWN, without.verdict());
    assertTrue(without.reasons().getFirst().contains("[checkout]"), "" + without);
    Answer unseen = decide(ask("", null), budget(Double.NaN, Counts.NONE, Counts.NONE, ""));
    assertEquals(Verdict.UNKNOWN, unseen.verdict());
    Budget silent =
        new Budget(
            Scene.OBJECTIVE, 0.9, MONTH, Counts.NONE, new SideBySide(Counts.NONE, Counts.NONE), "");
    assertEquals(Verdict.UNKNOWN, decide(ask("", null), silent).verdict());
  }

  @Test
  void theBuildThatAnOpenIncidentBlamesStaysWhereItIs() {
    Budget fine = budget(0.9, Counts.NONE, Counts.NONE, "");
    GateSituation blamed =
        new GateSituation(
            ask("8812", null),
            List.of(fine),
            List.of(new Suspicion("i-1", "build 8812", 0.98, true)),
            Set.of());
    assertEquals(Verdict.NO, Gate.decide(blamed).verdict());
    assertEquals(
        "Incident i-1 is open, and build 8812 is what did it (98 %).",
        Gate.decide(blamed).reasons().getFirst());
    assertEquals(Verdict.UNKNOWN, withSuspicion(fine, 0.4).verdict());
    assertEquals(Verdict.YES, withSuspicion(fine, 0.1).verdict());
  }

  @Test
  void aStepIsForetoldByTheWorstThatTheIntervalAllows() {
    Counts build = new Counts(1_000, 1);
    Counts rest = new Counts(9_000, 5);
    Forecast forecast = foretold(decide(ask("8812", 0.5), budget(0.9, build, rest, "")));
    assertEquals(5_000, forecast.eligible(), 1e-9);
    // Newcombe's interval of 1/1000 − 5/9000 is about [−0.0006, 0.0051].
    assertEquals(0, forecast.low(), 1e-9);
    assertEquals(25.4, forecast.high(), 1);
    assertEquals((1 / 1_000.0 - 5 / 9_000.0) * 5_000, forecast.expected(), 1e-9);
    assertEquals(0.25 * 0.9 * 7_200, forecast.allowed(), 1e-6);
    assertEquals(0.9 - forecast.high() / 7_200, forecast.budgetAfter(), 1e-9);
  }

  @Test
  void aBuildOfWhichLittleIsKnownMayReachFewAndNotAll() {
    Counts few = new Counts(20, 0);
    Counts rest = new Counts(2_000, 1);
    // At worst one in six is bad: 1,600 of 10,000.
    assertEquals(Verdict.YES, decide(ask("8812", 0.05), budget(0.9, few, rest, "")).verdict());
    assertEquals(Verdict.UNKNOWN, decide(ask("8812", 1.0), budget(0.5, few, rest, "")).verdict());
  }

  @Test
  void anUnseenBuildMayTakeAsLargeAStepAsTheBudgetBearsIfAllOfItFailed() {
    Budget budget = budget(0.9, Counts.NONE, Counts.NONE, "");
    assertEquals(Verdict.YES, decide(ask("8812", 0.1), budget).verdict()); // 1,000 of 1,620
    assertEquals(Verdict.UNKNOWN, decide(ask("8812", 0.2), budget).verdict()); // 2,000
  }

  @Test
  void aBuildThatIsWorseThanTheRestGoesNoFurther() {
    Answer answer =
        decide(ask("8812", 0.01), budget(0.9, new Counts(1_000, 30), new Counts(9_000, 9), ""));
    assertEquals(Verdict.NO, answer.verdict());
    assertTrue(
        answer.reasons().getFirst().startsWith("Build 8812 is worse for query-api-fast: 3.00 %"),
        answer.reasons().getFirst());
    // Worse than the rest, but better than the objective asks: nothing to hold up.
    Answer good =
        decide(
            ask("8812", 0.01), budget(0.9, new Counts(100_000, 60), new Counts(900_000, 90), ""));
    assertEquals(Verdict.YES, good.verdict(), "" + good);
  }

  @Test
  void eventsThatStandForAThousandEachAreFewWitnesses() {
    Counts build = new Counts(20_000, 1_000);
    Counts rest = new Counts(2_000_000, 1_000);
    Budget whole = budget(0.9, build, rest, "");
    assertEquals(Verdict.NO, decide(ask("8812", 0.001), whole).verdict());
    Budget sampled =
        new Budget(
            Scene.OBJECTIVE, 0.9, MONTH, HOUR, new SideBySide(build, rest, 0.001, 0.001), "");
    Answer answer = decide(ask("8812", 0.001), sampled);
    assertEquals(Verdict.YES, answer.verdict(), "one of twenty may be chance: " + answer);
    assertTrue(
        foretold(answer).high() > foretold(decide(ask("8812", 0.001), whole)).high(), "" + answer);
  }

  @Test
  void aQuestionThatMakesNoSenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> ask("8812", 25.0));
    assertThrows(IllegalArgumentException.class, () -> new Question("", "", "", "", "", null));
  }

  private static Forecast foretold(Answer answer) {
    Forecast forecast = answer.forecast();
    org.junit.jupiter.api.Assertions.assertNotNull(forecast);
    return forecast;
  }

  private static Answer withSuspicion(Budget budget, double posterior) {
    return Gate.decide(
        new GateSituation(
            ask("8812", null),
            List.of(budget),
            List.of(new Suspicion("i-1", "build 8812", posterior, false)),
            Set.of()));
  }

  private static Answer decide(Question question, Budget budget) {
    return Gate.decide(new GateSituation(question, List.of(budget), List.of(), Set.of()));
  }

  private static Question ask(String build, @Nullable Double step) {
    return new Question("query-api", "production", build, "", "", step);
  }

  private static Budget budget(double remaining, Counts build, Counts rest, String burning) {
    return new Budget(
        Scene.OBJECTIVE, remaining, MONTH, HOUR, new SideBySide(build, rest), burning);
  }
}
