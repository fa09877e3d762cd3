package firebreak.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import firebreak.deploytracker.Finding;
import firebreak.guard.Verification.Effect;
import firebreak.slo.Counts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VerificationTest {
  private static final Counts BEFORE = new Counts(10_000, 500);

  private static Effect effect(Counts after, Duration watched) {
    return new Verification(
            BEFORE,
            after,
            0.001,
            new Finding.Prediction(0.5, 0.1, 2, 0.05),
            watched,
            Limits.DEFAULT)
        .effect();
  }

  private static Effect soon(long eligible, long bad) {
    return effect(new Counts(eligible, bad), Duration.ofSeconds(10));
  }

  private static Effect late(long eligible, long bad) {
    return effect(new Counts(eligible, bad), Duration.ofMinutes(10));
  }

  @Test
  void itIsEffectiveOnceTheBurnHasFallenBelowOneBeyondChance() {
    assertEquals(Effect.EFFECTIVE, soon(200, 0));
    assertEquals(Effect.UNDECIDED, soon(99, 0), "too few events");
    assertEquals(Effect.UNDECIDED, soon(110, 0), "none of 110 bad may be luck");
  }

  @Test
  void itIsEffectiveWhereItFellAsPredicted() {
    assertEquals(Effect.EFFECTIVE, soon(5_000, 9));
    assertEquals(Effect.UNDECIDED, soon(5_000, 60), "fallen, but not as far");
  }

  @Test
  void itIsIneffectiveWhereTheBurnGoesOn() {
    assertEquals(Effect.UNDECIDED, soon(5_000, 250), "it may be draining");
    assertEquals(Effect.INEFFECTIVE, effect(new Counts(5_000, 250), Duration.ofMinutes(1)));
    assertEquals(Effect.INEFFECTIVE, late(5_000, 60));
  }

  @Test
  void withoutEventsNothingIsClaimed() {
    assertEquals(Effect.UNDECIDED, soon(0, 0));
    assertEquals(Effect.UNPROVEN, late(0, 0));
    assertEquals(Effect.UNPROVEN, late(99, 99));
  }
}
