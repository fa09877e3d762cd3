package firebreak.bubbleup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.FisherExactTest;
import org.apache.commons.statistics.inference.GTest;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  @Test
  void evidenceIsHalfOfG() {
    ContingencyTable table = new ContingencyTable(60, 200, 80, 800);
    double g = GTest.withDefaults().test(new long[][] {{60, 140}, {80, 720}}).getStatistic();
    assertEquals(g / 2, table.evidence(), 1e-9);
    assertEquals(60 - 200 * 0.1, table.excess(), 1e-9);
  }

  @Test
  void smallTablesAreTestedExactly() {
    double fisher =
        FisherExactTest.withDefaults()
            .with(AlternativeHypothesis.GREATER_THAN)
            .test(new int[][] {{3, 1}, {1, 9}})
            .getPValue();
    assertEquals(fisher, new ContingencyTable(3, 4, 1, 10).pValue(), 1e-12);
  }

  @Test
  void theExactTestAgreesWithTheLibraryEverywhere() {
    long seed = 31;
    Random random = new Random(seed);
    for (int run = 0; run < 2_000; run++) {
      int trials = 1 + random.nextInt(60);
      int restTrials = 1 + random.nextInt(400);
      int hits = random.nextInt(trials + 1);
      int restHits = random.nextInt(Math.min(restTrials, 12) + 1);
      ContingencyTable table = new ContingencyTable(hits, trials, restHits, restTrials);
      int all = trials + restTrials;
      double rarer = Math.min(hits + restHits, all - hits - restHits);
      if (table.isElevated() && Math.min(trials, restTrials) * rarer / all < 5) {
        double tail =
            HypergeometricDistribution.of(all, hits + restHits, trials)
                .survivalProbability(hits - 1);
        assertEquals(1, table.pValue() / tail, 1e-9, () -> "seed " + seed + ": " + table);
      }
    }
  }

  @Test
  void whatIsNotElevatedIsNoEvidence() {
    ContingencyTable table = new ContingencyTable(5, 100, 100, 1000);
    assertEquals(0, table.evidence());
    assertEquals(1, table.pValue());
    assertEquals(1, new ContingencyTable(0, 0, 3, 9).pValue());
  }

  @Test
  void refusesMoreHitsThanTrials() {
    assertThrows(IllegalArgumentException.class, () -> new ContingencyTable(5, 4, 0, 1));
  }

  @Test
  void theLeastPValueIsThatOfTheMostLopsidedTable() {
    ContingencyTable margins = new ContingencyTable(1, 3, 9, 97);
    assertEquals(new ContingencyTable(3, 3, 7, 97).pValue(), margins.leastPValue(), 1e-12);
    assertEquals(0.1, new ContingencyTable(0, 1, 10, 99).leastPValue(), 1e-12);
  }

  @Test
  void testsThatCannotBeSignificantDoNotCount() {
    double[] least = new double[10_000];
    Arrays.fill(least, 0.2);
    least[17] = 1e-9;
    least[4_000] = 1e-7;
    assertEquals(2, MultipleTesting.tarone(least, 0.01));
  }

  @Test
  void wilsonsIntervalIsAsPublished() {
    Interval interval = Interval.wilson(15, 148);
    assertEquals(0.0624, interval.low(), 5e-4);
    assertEquals(0.1605, interval.high(), 5e-4);
    assertEquals(0, Interval.wilson(0, 20).low());
    assertEquals(new Interval(0, 1), Interval.wilson(0, 0));
  }

  @Test
  void strataThatDifferDoNotPassForAnEffect() {
    MantelHaenszel ratio = new MantelHaenszel();
    ratio.add(80, 800, 20, 200);
    ratio.add(2, 200, 8, 800);
    assertEquals(1, ratio.riskRatio(), 1e-9);
    assertEquals(0, ratio.deviate(), 1e-9);
    assertTrue(ratio.interval().low() < 1 && 1 < ratio.interval().high());
  }

  @Test
  void oneStratumGivesThePlainRiskRatioAndItsInterval() {
    MantelHaenszel ratio = new MantelHaenszel();
    ratio.add(30, 100, 10, 100);
    double deviation = Math.sqrt(1 / 30.0 - 1 / 100.0 + 1 / 10.0 - 1 / 100.0);
    assertEquals(3, ratio.riskRatio(), 1e-9);
    assertEquals(3 / Math.exp(1.96 * deviation), ratio.interval().low(), 1e-3);
  }

  @Test
  void aStratumWithOneGroupSaysNothing() {
    MantelHaenszel ratio = new MantelHaenszel();
    ratio.add(30, 100, 0, 0);
    assertEquals(0, ratio.expected());
  }

  @Test
  void theIntervalOfTheRiskRatioHoldsTheTruth() {
    long seed = 20;
    Random random = new Random(seed);
    int held = 0;
    for (int run = 0; run < 400; run++) {
      MantelHaenszel ratio = new MantelHaenszel();
      for (int stratum = 0; stratum < 10; stratum++) {
        double rate = 0.02 + 0.02 * stratum;
        ratio.add(draw(random, 300, 2 * rate), 300, draw(random, 200, rate), 200);
      }
      held += ratio.interval().low() <= 2 && 2 <= ratio.interval().high() ? 1 : 0;
    }
    int times = held;
    assertTrue(held >= 368 && held <= 396, () -> "seed " + seed + ": " + times + " of 400");
  }

  private static int draw(Random random, int trials, double rate) {
    int hits = 0;
    for (int i = 0; i < trials; i++) {
      hits += random.nextDouble() < rate ? 1 : 0;
    }
    return hits;
  }
}
