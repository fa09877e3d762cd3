package firebreak.bench.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardBenchTest {
  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

  private static Ruling play(Fault fault, double bad, double exposure, boolean contrasts) {
    Case one = new Case(fault, bad, exposure, 200, 3_000, 600, 7);
    try (Trial trial = new Trial(one, contrasts)) {
      return trial.play();
    }
  }

  @Test
  void aFlagThatBreaksItsHalfIsTurnedWithinAMinute() {
    Ruling ruling = play(Fault.FLAG, 1, 0.5, true);
    assertTrue(ruling.acted() && ruling.right(), ruling.told());
    assertTrue(ruling.seconds() <= 60, ruling.told());
  }

  @Test
  void whatAFlagBreaksALittleIsFoundByContrastAndNotByRules() {
    assertTrue(play(Fault.FLAG, 0.05, 0.5, true).right());
    Ruling byRules = play(Fault.FLAG, 0.05, 0.5, false);
    assertFalse(byRules.acted() && byRules.seconds() <= 120, byRules.told());
  }

  @Test
  void whatNoFlagBreaksTurnsNone() {
    for (Fault fault : List.of(Fault.REGION, Fault.SOME_CUSTOMERS, Fault.BACKEND, Fault.FORGED)) {
      Ruling ruling = play(fault, 1, 0.5, true);
      assertFalse(ruling.acted(), ruling.told());
    }
  }

  @Test
  void aSeedGivesTheSameFiguresOnAnyNumberOfThreads(@TempDir Path folder) throws Exception {
    JsonNode one = rows(folder.resolve("1.json"), 1);
    assertEquals(one, rows(folder.resolve("2.json"), 2));
    assertTrue(one.size() > 5, one.toString());
  }

  @Test
  void whatWasPlayedInPartsCountsAsIfPlayedAtOnce(@TempDir Path folder) throws Exception {
    Path cases = folder.resolve("cases");
    JsonNode played = rows(folder.resolve("1.json"), 6, cases, List.of());
    assertEquals(played, rows(folder.resolve("2.json"), 0, null, List.of(cases)));
    JsonNode twice = rows(folder.resolve("3.json"), 6, null, List.of(cases));
    assertTrue(twice.toString().contains("\"of\":12.0"), twice.toString());
  }

  private static JsonNode rows(Path json, int incidents, @Nullable Path cases, List<Path> earlier)
      throws Exception {
    new GuardBench(0, incidents, 1, 2, true, json, cases, earlier, "", NOWHERE, NOWHERE).run();
    return new ObjectMapper().readTree(Files.readString(json)).path("rows");
  }

  private static JsonNode rows(Path json, int threads) throws Exception {
    new GuardBench(0, 6, 1, threads, true, json, null, List.of(), "", NOWHERE, NOWHERE).run();
    return new ObjectMapper().readTree(Files.readString(json)).path("rows");
  }

  @Test
  void aHealthyWeekIsLivedAndTurnsNothing() {
    for (int seed = 0; seed < 5; seed++) {
      assertEquals(List.of(), new Week(seed).live().acts(), "seed " + seed);
    }
  }
}
