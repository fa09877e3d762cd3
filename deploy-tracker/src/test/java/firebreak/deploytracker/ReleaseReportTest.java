package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.ReleaseReport.Blame;
import firebreak.deploytracker.ReleaseReport.Impact;
import firebreak.deploytracker.ReleaseReport.Stage;
import firebreak.eventstore.Filter;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of a build, and that it is no more than is known. */
class ReleaseReportTest {
  private static final Instant SEEN = Instant.parse("2026-03-01T12:00:00Z");
  private static final Objective OBJECTIVE =
      new Objective(
          "query-api-fast",
          "Fast",
          "query-api",
          List.of("query-api"),
          Filter.ALL,
          Filter.ALL,
          0.999,
          Duration.ofDays(30));
  private static final Impact SAME = impact(10, 10_000, 11, 10_000);
  private static final Impact WORSE = impact(90, 300, 0, 300);
  private static final Blame OPEN =
      new Blame("f20", "query-api-fast", true, 0.98, SEEN, "Nothing was done.", "https://fb/i/f20");

  @Test
  void aBuildIsFineOnlyAfterAWhileAndWithEnoughEvents() {
    assertEquals(Stage.SERVING, stage(List.of(), List.of(SAME), 10));
    assertEquals(Stage.FINE, stage(List.of(), List.of(SAME), 40));
    assertEquals(Stage.SERVING, stage(List.of(), List.of(impact(0, 20, 0, 9_000)), 40));
    assertEquals(Stage.SERVING, stage(List.of(), List.of(), 40), "no objective says it is fine");
    assertEquals(Stage.SERVING, stage(List.of(), List.of(impact(0, 9_000, 0, 0)), 40));
    assertEquals(Stage.WORSE, stage(List.of(), List.of(SAME, WORSE), 5));
    Impact sampled =
        new Impact(
            OBJECTIVE, new SideBySide(new Counts(9_000, 9), new Counts(9_000, 9), 0.01, 0.01));
    assertEquals(Stage.SERVING, stage(List.of(), List.of(sampled), 40), "ninety witnesses");
  }

  @Test
  void anIncidentDecidesUntilItIsOver() {
    assertEquals(Stage.BLAMED, stage(List.of(OPEN), List.of(SAME), 40));
    Blame over = new Blame("f20", "query-api-fast", false, 0.98, SEEN, "It helped.", "https://x");
    assertEquals(Stage.OVER, stage(List.of(over), List.of(WORSE), 40));
    assertEquals(Stage.BLAMED, stage(List.of(over, OPEN), List.of(), 40));
  }

  @Test
  void whatWasOnlyDeclaredAndWhatWasTakenBackIsSaidSo() {
    Instant now = SEEN.plusSeconds(60);
    assertEquals(
        Stage.DECLARED,
        ReleaseReport.of(rollout("8812", null, null), List.of(), List.of(), now).stage());
    assertEquals(
        Stage.ROLLED_BACK,
        ReleaseReport.of(rollout("8812", SEEN, now), List.of(), List.of(WORSE), now).stage());
  }

  @Test
  void theGistChangesWithWhatIsNewAndNotWithEveryEvent() {
    Rollout rollout = rollout("8812", SEEN, null);
    String early = report(rollout, List.of(), impact(1, 200, 1, 200), 5).gist();
    assertEquals(early, report(rollout, List.of(), impact(2, 400, 2, 400), 9).gist());
    assertNotEquals(early, report(rollout, List.of(OPEN), WORSE, 9).gist());
  }

  @Test
  void theTextShowsTheVerdictAndTheEvidence() {
    String text =
        ReleaseText.markdown(report(rollout("8812", SEEN, null), List.of(OPEN), WORSE, 9));
    assertTrue(
        text.startsWith(
            "### Firebreak: Build 8812 of query-api is what burns query-api-fast (98 % sure)\n"),
        text);
    assertTrue(
        text.contains(
            """
            ```text
            8812     ██████████████████████████████  30.00 %  90 of 300
            the rest ▏                                0.00 %  0 of 300
            ```
            90.0 more than the rest would have had (95 % interval 74.8 to 106.2), p = \
            """
                .strip()),
        text);
    assertTrue(
        text.contains("| `production` | not declared | 2026-03-01 12:00:00 UTC | 50 % ▂▅ |"), text);
    assertTrue(text.contains("[Incident](https://fb/i/f20) of `query-api-fast`, open"), text);
  }

  @Test
  void whatCameFromOutsideCanNeitherCallAnybodyNorLookLikeALink() {
    Rollout odd = rollout("`@all` <img src=x>|[a](b)\n```", SEEN, null);
    String text = ReleaseText.markdown(report(odd, List.of(), WORSE, 9));
    assertFalse(text.contains("@") || text.contains("<img"), text);
    assertEquals(2, text.split("```", -1).length - 1, text);
  }

  private static Stage stage(List<Blame> blames, List<Impact> impacts, int minutes) {
    return ReleaseReport.of(
            rollout("8812", SEEN, null), blames, impacts, SEEN.plus(Duration.ofMinutes(minutes)))
        .stage();
  }

  private static ReleaseReport report(
      Rollout rollout, List<Blame> blames, Impact impact, int minutes) {
    return ReleaseReport.of(
        rollout, blames, List.of(impact), SEEN.plus(Duration.ofMinutes(minutes)));
  }

  private static Impact impact(long bad, long events, long restBad, long rest) {
    return new Impact(
        OBJECTIVE, new SideBySide(new Counts(events, bad), new Counts(rest, restBad)));
  }

  /** That these may be null is not read off the compiled record. */
  @SuppressWarnings("NullAway")
  private static Rollout rollout(
      String build, @Nullable Instant firstSeen, @Nullable Instant leftAt) {
    return new Rollout(
        "rollout-1",
        "query-api",
        build,
        "b2",
        "acme/query-api",
        null,
        null,
        null,
        List.of(
            new Rollout.Landing(
                "production",
                List.of(),
                firstSeen,
                100,
                List.of(new Rollout.Share(SEEN, 0.2, 20), new Rollout.Share(SEEN, 0.5, 50)),
                null,
                null,
                false,
                leftAt)));
  }
}
