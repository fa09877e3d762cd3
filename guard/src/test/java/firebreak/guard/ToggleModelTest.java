package firebreak.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.guard.ToggleModel.Fence;
import firebreak.guard.ToggleModel.Variant;
import firebreak.guard.ToggleModel.Verdict;
import org.junit.jupiter.api.Test;

/**
 * Which ways to turn a flag are safe, by every state that two replicas, a person and a network can
 * get them into. The numbers of states are asserted, so that a model that has lost some is noticed.
 */
class ToggleModelTest {

  @Test
  void turningOffAndWritingItDownAfterwardsBreaksEverything() {
    Verdict verdict = ToggleModel.check(new Variant(Fence.NONE, false, true, true));
    assertEquals(new Verdict(25_194, 4_656, 8_456, 111), verdict);
  }

  @Test
  void anIntentOnDiskAloneChangesLittle() {
    Verdict verdict = ToggleModel.check(new Variant(Fence.NONE, true, true, true));
    assertEquals(new Verdict(24_253, 4_356, 7_996, 57), verdict);
  }

  @Test
  void aVersionReadAnewLosesToPeople() {
    Verdict verdict = ToggleModel.check(new Variant(Fence.CURRENT, true, true, true));
    assertEquals(new Verdict(63_034, 2_008, 20_212, 159), verdict);
  }

  /** A person turned it off and on again before the other replica looked. */
  @Test
  void aVersionThatIsKeptFromTheFirstLookLosesToPeopleToo() {
    Verdict verdict = ToggleModel.check(new Variant(Fence.FIRST_READ, true, true, true));
    assertEquals(new Verdict(25_810, 0, 4_456, 0), verdict);
  }

  /** The change was another replica's, under the same intent. */
  @Test
  void takingARefusalForSomebodyElsesChangeMakesAFalseRecord() {
    Verdict verdict = ToggleModel.check(new Variant(Fence.BLAMED, true, false, false));
    assertEquals(new Verdict(25_298, 0, 0, 248), verdict);
  }

  @Test
  void theVersionOfTheBlamedChangeIsSafe() {
    Verdict verdict = ToggleModel.check(new Variant(Fence.BLAMED, true, true, true));
    assertTrue(verdict.isSafe(), verdict.toString());
    assertEquals(16_501, verdict.states());
  }

  /** Nothing is shared but the name of the intent, and the provider's log is asked. */
  @Test
  void itIsSafeWithoutASharedStore() {
    Verdict verdict = ToggleModel.check(new Variant(Fence.BLAMED, true, false, true));
    assertTrue(verdict.isSafe(), verdict.toString());
    assertEquals(22_238, verdict.states());
  }
}
