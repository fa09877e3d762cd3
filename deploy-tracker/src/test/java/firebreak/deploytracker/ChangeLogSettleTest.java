package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import firebreak.deploytracker.Change.BuildState;
import firebreak.deploytracker.ChangeLog.Settled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the source says when it is asked stands over what was told, also after a restart. */
class ChangeLogSettleTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Change.Build QUEUED = build(null, BuildState.QUEUED);
  private static final Change.Build RUNNING = build(null, BuildState.RUNNING);

  private final FaultyStore store = new FaultyStore();
  private final ChangeLog log = new ChangeLog(store);

  @Test
  void whatAgreesIsKnownAndWhatSaysMoreIsKeptAsAnyTelling() {
    log.record(RUNNING);
    assertEquals(Settled.KNOWN, log.settle(RUNNING, at(9), false));
    assertEquals(Settled.NEWS, log.settle(succeeded(90), at(90), false));
    assertEquals(Settled.KNOWN, log.settle(succeeded(90), at(90), false));
    assertKnown(succeeded(90));
    assertEquals(2, store.events().size());
  }

  @Test
  void aContradictionStandsAndNothingToldBeforeUndoesIt() {
    log.record(failed(90));
    assertEquals(Settled.CORRECTED, log.settle(succeeded(90), at(90), false));
    assertKnown(succeeded(90));
    assertFalse(log.record(failed(90)), "the same told again is no news");
    assertFalse(log.record(failed(60)), "nor is what is older");
    assertKnown(succeeded(90));
  }

  @Test
  void whatEndedLaterThanTheSourceKnewStandsUntilTheSourceIsAskedAgain() {
    log.record(failed(90));
    log.settle(succeeded(90), at(90), false);
    log.record(failed(120));
    assertKnown(failed(120));
    assertEquals(Settled.BEHIND, log.settle(succeeded(90), at(90), false));
    assertKnown(failed(120));
    assertEquals(Settled.CORRECTED, log.settle(succeeded(90), at(90), true));
    assertKnown(succeeded(90));
  }

  @Test
  void whatWasToldToBeOverIsNotOverWhenTheSourceInsists() {
    log.record(failed(90));
    assertEquals(Settled.BEHIND, log.settle(QUEUED, at(10), false));
    assertEquals(Settled.CORRECTED, log.settle(QUEUED, at(10), true));
    assertKnown(QUEUED);
    assertEquals(Settled.CORRECTED, log.settle(RUNNING, at(20), false), "later words stand");
    assertEquals(Settled.CORRECTED, log.settle(QUEUED, at(20), false), "whatever their state");
    assertKnown(QUEUED);
    log.record(succeeded(180));
    assertKnown(succeeded(180));
  }

  @Test
  void everyOrderOfWhatIsKeptIsReadAsTheSame() {
    Random random = new Random(20261127);
    for (int round = 0; round < 500; round++) {
      FaultyStore own = new FaultyStore();
      ChangeLog fresh = new ChangeLog(own);
      List<Change.Build> any = List.of(QUEUED, RUNNING, failed(90), succeeded(90), failed(120));
      for (int i = 0; i < 8; i++) {
        Change.Build one = any.get(random.nextInt(any.size()));
        if (random.nextBoolean()) {
          fresh.record(one);
        } else {
          fresh.settle(one, at(random.nextInt(200)), random.nextBoolean());
        }
      }
      List<firebreak.eventstore.Event> kept = new ArrayList<>(own.events());
      java.util.Collections.shuffle(kept, random);
      FaultyStore shuffled = new FaultyStore();
      kept.forEach(event -> shuffled.append(ChangeLog.DATASET, List.of(event)));
      assertEquals(
          fresh.find(QUEUED.id()),
          new ChangeLog(shuffled).find(QUEUED.id()),
          "round " + round + ", kept " + kept);
    }
  }

  private void assertKnown(Change.Build expected) {
    assertEquals(Optional.of(expected), log.find(expected.id()));
    assertEquals(Optional.of(expected), new ChangeLog(store).find(expected.id()), "reopened");
  }

  private static Change.Build succeeded(long second) {
    return build(second, BuildState.SUCCEEDED);
  }

  private static Change.Build failed(long second) {
    return build(second, BuildState.FAILED);
  }

  private static Instant at(long second) {
    return START.plusSeconds(second);
  }

  private static Change.Build build(@Nullable Long finishSecond, BuildState state) {
    return new Change.Build(
        "build-7",
        START,
        finishSecond == null ? null : at(finishSecond),
        "query-api",
        "77",
        "c0ffee",
        "main",
        "acme/query-api",
        state,
        "CI",
        "pat",
        "https://example.org/runs/7");
  }
}
