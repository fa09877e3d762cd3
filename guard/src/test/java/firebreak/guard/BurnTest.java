package firebreak.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import firebreak.slo.BurnAlert;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BurnTest {
  private static BurnAlert alert(long began, long ended, boolean urgent) {
    Instant onset = Scene.ONSET.plusSeconds(began);
    return new BurnAlert(
        Scene.OBJECTIVE,
        BurnAlert.Detector.BURN_RATE,
        onset,
        onset,
        ended < 0 ? null : Scene.ONSET.plusSeconds(ended),
        20,
        0.1,
        urgent);
  }

  private static final int OPEN = -1;

  @Test
  void aSlowAlertOfAnUrgentBurnIsNoBurnOfItsOwn() {
    BurnAlert urgent = alert(0, 600, true);
    assertEquals(List.of(urgent), Burn.each(List.of(alert(-30, OPEN, false), urgent)));
  }

  @Test
  void aSlowBurnThatBeganLongBeforeIsAnother() {
    List<BurnAlert> both = List.of(alert(-7_200, OPEN, false), alert(0, OPEN, true));
    assertEquals(both, Burn.each(both));
  }

  @Test
  void aBurnThatBeginsWhereAnotherEndedIsAnother() {
    List<BurnAlert> both = List.of(alert(0, 60, true), alert(60, OPEN, true));
    assertEquals(both, Burn.each(both));
    assertEquals(false, Burn.isSame(both.getFirst(), both.getLast()));
    assertEquals(true, Burn.isSame(both.getFirst(), alert(-10, 50, true)));
  }

  @Test
  void ofTwoThatFoundOneBurnTheFirstStands() {
    BurnAlert contrast =
        new BurnAlert(
            Scene.OBJECTIVE,
            BurnAlert.Detector.CONTRAST,
            Scene.ONSET,
            Scene.ONSET.plusSeconds(30),
            null,
            20,
            0.1);
    BurnAlert rule =
        new BurnAlert(
            Scene.OBJECTIVE,
            BurnAlert.Detector.BURN_RATE,
            Scene.ONSET.plusSeconds(10),
            Scene.ONSET.plusSeconds(90),
            null,
            20,
            0.1);
    assertEquals(List.of(contrast), Burn.each(List.of(rule, contrast)));
    assertEquals(List.of(contrast), Burn.each(List.of(contrast, alert(0, OPEN, false))));
  }

  @Test
  void aBurnIsNotOverBeforeAllThatFoundItSaySo() {
    BurnAlert contrast =
        new BurnAlert(
            Scene.OBJECTIVE,
            BurnAlert.Detector.CONTRAST,
            Scene.ONSET,
            Scene.ONSET.plusSeconds(30),
            Scene.ONSET.plusSeconds(400),
            20,
            0.1);
    assertEquals(
        List.of(contrast.until(null)), Burn.each(List.of(contrast, alert(60, OPEN, true))));
    assertEquals(List.of(contrast), Burn.each(List.of(contrast, alert(60, 300, true))));
  }
}
