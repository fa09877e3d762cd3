package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.TimeRange;
import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import firebreak.flags.Outcome;
import firebreak.flags.Withdrawal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlagTimelineTest {
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

  private final EventStore store = EventStore.inMemory();
  private final ChangeLog changes = new ChangeLog(store);
  private final OneFlag flags = new OneFlag();
  private final FlagTimeline timeline = new FlagTimeline(flags, changes, "production", "");

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void theFirstSightIsNoChangeButItsFenceIsKnown() {
    timeline.observeAll(NOW);
    Change.FlagChange seen = recorded().getLast();
    assertTrue(seen.isFirstSight());
    assertEquals("41", seen.fence());
  }

  @Test
  void aChangeIsToldOnceWithWhatWasBefore() {
    timeline.observeAll(NOW);
    flags.fence = "42";
    timeline.observe("short-cache", NOW.plusSeconds(5));
    timeline.observeAll(NOW.plusSeconds(30));
    assertEquals(2, recorded().size());
    Change.FlagChange change = recorded().getLast();
    assertFalse(change.isFirstSight());
    assertEquals("{\"version\":41}", change.before());
    assertEquals("{\"version\":42}", change.after());
    assertEquals(NOW.plusSeconds(5), change.time());
  }

  @Test
  void aFenceThatComesBackIsAChangeOfItsOwn() {
    timeline.observeAll(NOW);
    flags.fence = "42";
    timeline.observe("short-cache", NOW.plusSeconds(5));
    flags.fence = "41";
    timeline.observe("short-cache", NOW.plusSeconds(9));
    new FlagTimeline(flags, changes, "production", "").observeAll(NOW.plusSeconds(60));

    assertEquals(
        List.of("41", "42", "41"), recorded().stream().map(Change.FlagChange::fence).toList());
    assertEquals(NOW.plusSeconds(9), recorded().getLast().time());
  }

  @Test
  void whatWasKnownBeforeARestartIsStillKnown() {
    timeline.observeAll(NOW);
    new FlagTimeline(flags, changes, "production", "").observeAll(NOW.plusSeconds(60));
    assertEquals(1, recorded().size());
  }

  @Test
  void aProviderThatIsAwayIsLookedAtAgain() {
    flags.away = true;
    timeline.observeAll(NOW);
    timeline.observe("short-cache", NOW);
    assertEquals(List.of(), recorded());
    flags.away = false;
    timeline.observeAll(NOW.plusSeconds(30));
    assertEquals(1, recorded().size());
  }

  private List<Change.FlagChange> recorded() {
    return changes.changes(new TimeRange(NOW.minusSeconds(60), NOW.plusSeconds(600))).stream()
        .map(change -> (Change.FlagChange) change)
        .toList();
  }

  /** A provider with one flag, whose fence a test sets, and that can be away. */
  private static final class OneFlag implements FlagSwitch {
    private String fence = "41";
    private boolean away;

    @Override
    public List<String> keys() {
      checkThere();
      return List.of("short-cache");
    }

    @Override
    public Optional<FlagState> read(String flag) {
      checkThere();
      return Optional.of(
          new FlagState(
              flag,
              fence,
              true,
              List.of("true", "false"),
              "false",
              true,
              false,
              Set.of(),
              "{\"version\":%s}".formatted(fence)));
    }

    private void checkThere() {
      if (away) {
        throw new UncheckedIOException(new IOException("connection refused"));
      }
    }

    @Override
    public Outcome apply(Withdrawal withdrawal) {
      return new Outcome.Refused("this test turns nothing");
    }

    @Override
    public Outcome dryRun(Withdrawal withdrawal) {
      return new Outcome.Refused("this test turns nothing");
    }

    @Override
    public Outcome undo(Withdrawal withdrawal, String before, String expected) {
      return new Outcome.Refused("this test turns nothing");
    }

    @Override
    public Landing landed(Withdrawal withdrawal) {
      return new Landing.Absent();
    }
  }
}
