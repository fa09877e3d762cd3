package firebreak.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Suspect;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProofAcrossUnitsTest {
  /** What proves that a flag is to be turned off for everyone, with nothing to spare. */
  static final Suspect.Evidence JUST_ENOUGH =
      new Suspect.Evidence(1_000, 20, 1_000, 10, 30, 30, 5, 0.001001, 120);

  private static List<String> lacks(Suspect.Evidence evidence, double pValue) {
    return ProofAcrossUnits.lacks(evidence, pValue, 0.001, 0.001);
  }

  @Test
  void whatIsJustEnoughLacksNothing() {
    assertEquals(List.of(), lacks(JUST_ENOUGH, 0.001));
  }

  static Stream<Arguments> lacking() {
    return Stream.of(
        Arguments.of("29 units with 30", units(29, 30, 5, 0.002), 0.001),
        Arguments.of("30 units with 29", units(30, 29, 5, 0.002), 0.001),
        Arguments.of("4 units fail", units(30, 30, 4, 0.002), 0.001),
        Arguments.of("may differ by only 0.0010", units(30, 30, 5, 0.001), 0.001),
        Arguments.of("may differ by only NaN", units(30, 30, 5, Double.NaN), 0.001),
        Arguments.of(
            "0.019 of their requests fail and must be 2 times the others' 0.010",
            new Suspect.Evidence(1_000, 19, 1_000, 10, 30, 30, 5, 0.002, 120),
            0.001),
        Arguments.of(
            "NaN of their requests",
            new Suspect.Evidence(0, 0, 1_000, 0, 30, 30, 5, 0.002, 120),
            0.001),
        Arguments.of("p is 0.0011", JUST_ENOUGH, 0.0011),
        Arguments.of("p is NaN", JUST_ENOUGH, Double.NaN));
  }

  private static Suspect.Evidence units(
      long exposed, long unexposed, long affected, double difference) {
    return new Suspect.Evidence(
        1_000, 20, 1_000, 10, exposed, unexposed, affected, difference, 120);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lacking")
  void saysTheOnePointThatIsLacking(String says, Suspect.Evidence evidence, double pValue) {
    List<String> lacks = lacks(evidence, pValue);
    assertEquals(1, lacks.size(), lacks.toString());
    assertTrue(lacks.getFirst().contains(says), lacks.getFirst());
  }

  @Test
  void withoutEvidenceEveryPointIsLacking() {
    assertEquals(5, lacks(Suspect.Evidence.NONE, 1).size());
  }
}
