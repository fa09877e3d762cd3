package firebreak.bench.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import firebreak.bench.fleet.Ruling.Action;
import firebreak.bench.fleet.Ruling.Result;
import firebreak.sim.fleet.Kind;
import firebreak.sim.fleet.Truth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static Ruling ruling(Result result, double posterior, boolean isUnsure) {
    return new Ruling(
        new Options.Case(Kind.BUILD, 1),
        result,
        Action.NONE,
        1,
        isUnsure,
        posterior,
        1,
        Map.of(),
        new Truth(Instant.EPOCH, List.of(), List.of(), List.of(), Map.of()),
        null);
  }

  /** Of ten verdicts given 0.9, nine are right: as well calibrated as can be. */
  @Test
  void countsWhatWasRightAmongWhatWasGivenNinety() {
    List<Ruling> rulings = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      rulings.add(ruling(Result.RIGHT, 0.9, false));
    }
    rulings.add(ruling(Result.WRONG, 0.9, false));
    rulings.add(ruling(Result.ABSTAINED, 0.9, true));
    rulings.add(ruling(Result.NO_ALERT, 0, false));
    Calibration calibration = new Calibration(rulings);
    assertEquals(10, calibration.verdicts());
    assertEquals(9, calibration.ninety().right());
    assertEquals(0.09, calibration.brier(), 1e-9);
    assertEquals(0.9, calibration.ninety().share(), 1e-9);
  }

  @Test
  void everyVerdictIsInOneBin() {
    List<Ruling> rulings =
        List.of(
            ruling(Result.RIGHT, 1, false),
            ruling(Result.RIGHT, 0.95, false),
            ruling(Result.WRONG, 0.6, false));
    assertEquals(
        3, new Calibration(rulings).bins().stream().mapToInt(Calibration.Bin::verdicts).sum());
  }
}
