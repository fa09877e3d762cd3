package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Verdict.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A flag that reaches one customer in twenty. */
class SmallAudienceTest {
  /** Were it without effect, hardly one bad event would have fallen on so few; yet most did. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void blamesAFlagThatReachesOneInTwenty(long seed) {
    Fleet fleet = new Fleet(seed).changesFlag("new-planner", 0).fails(ofOneInTwenty(true));
    Finding finding = fleet.judge(0, 1.5);
    String story = fleet.seed() + " " + finding;
    assertEquals(Kind.FLAG, finding.verdict().kind(), story);
    assertEquals("flag:new-planner", finding.verdict().changeId(), story);
    assertTrue(finding.verdict().posterior() > 0.95, story);
    assertTrue(finding.pValue() < 1e-4, story);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void doesNotBlameAFlagThatReachesOneInTwentyForWhatFailsForOthers(long seed) {
    Fleet fleet = new Fleet(seed).changesFlag("new-planner", 0).fails(ofOneInTwenty(false));
    Finding finding = fleet.judge(0, 3);
    assertNotEquals(Kind.FLAG, finding.verdict().kind(), fleet.seed() + " " + finding);
  }

  private static Fleet.Fate ofOneInTwenty(boolean guilty) {
    return request -> {
      boolean after = !request.time().isBefore(Fleet.at(0));
      boolean on = after && Fleet.isIn("new-planner", request.customer(), 0.05);
      request.put(FieldRoles.FLAG_PREFIX + "new-planner", Boolean.toString(on));
      boolean sick = guilty ? on : after && Fleet.isIn("disk", request.customer(), 0.2);
      return sick ? 0.5 : 0.0002;
    };
  }
}
