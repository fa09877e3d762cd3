package firebreak.bench.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class AnswerTest {
  @Test
  void figuresThatAreTheSameAgreeWhateverTypeOfNumberAStoreGives() {
    Answer ours = new Answer().exact("count", 3).exact("key", "a").near("avg", 0.1 + 0.2);
    Answer theirs = new Answer().exact("count", 3.0).exact("key", "a").near("avg", 0.3);
    assertNull(ours.difference(theirs));
  }

  @Test
  void aDifferentCountIsSaid() {
    assertEquals(
        "count is 3 here and 4 there",
        new Answer().exact("count", 3).difference(new Answer().exact("count", 4L)));
  }

  @Test
  void anAverageMayDifferByTheOrderOfSummingAndNoMore() {
    Answer ours = new Answer().near("avg", 100);
    assertNull(ours.difference(new Answer().near("avg", 100 + 1e-8)));
    assertEquals(
        "avg is 100.0 here and 100.000001 there",
        ours.difference(new Answer().near("avg", 100.000001)));
  }

  @Test
  void onlyWhatBothSayIsCompared() {
    Answer ours = new Answer().exact("count", 3).exact("p99", 7.5);
    assertNull(ours.difference(new Answer().exact("count", 3)));
    assertEquals("they have no figure in common", ours.difference(new Answer().exact("rows", 3)));
  }
}
