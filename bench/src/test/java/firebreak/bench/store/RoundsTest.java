package firebreak.bench.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.bench.wide.Batches;
import firebreak.bench.wide.WideEvents;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final WideEvents DAY = new WideEvents(1_000, 1);

  @Test
  void storesThatAgreeAreTimed() {
    Rounds rounds = rounds(new Known("firebreak", 7), new Known("other", 7));
    Row row = rounds.run();
    assertTrue(rounds.agreed());
    assertEquals(Set.of("firebreak", "other"), row.timings().keySet());
    assertEquals(Set.of("other"), row.ratios().keySet());
  }

  @Test
  void aStoreThatDoesNotAgreeHasNoTimeAndItIsSaid() {
    Rounds rounds = rounds(new Known("firebreak", 7), new Known("other", 8));
    Row row = rounds.run();
    assertFalse(rounds.agreed());
    assertEquals(Set.of("firebreak"), row.timings().keySet());
    assertEquals(
        "does not agree with firebreak: count is 7 here and 8 there", row.notes().get("other"));
  }

  @Test
  void aStoreThatFailsIsLeftOutAndTheOthersGoOn() {
    Rounds rounds = rounds(new Known("firebreak", 7), new Known("other", -1));
    Row row = rounds.run();
    assertTrue(rounds.agreed());
    assertEquals("broken", row.notes().get("other"));
    assertEquals(Set.of("firebreak"), row.timings().keySet());
  }

  private static Rounds rounds(Peer... peers) {
    return new Rounds(Question.SELECT, DAY.count(), List.of(peers), 2);
  }

  /** A store that has one answer, or none where that is negative. */
  private record Known(String name, int count) implements Peer {
    @Override
    public String about() {
      return name;
    }

    @Override
    public WideEvents events() {
      return DAY;
    }

    @Override
    public long process() {
      return ProcessHandle.current().pid();
    }

    @Override
    public void load(Batches events, IntConsumer progress) {}

    @Override
    public void settle() {}

    @Override
    public long bytesOnDisk() {
      return 0;
    }

    @Override
    public @Nullable Answer ask(Question question, int round) {
      if (count < 0) {
        throw new IllegalStateException("broken");
      }
      return new Answer().exact("count", count);
    }

    @Override
    public void close() {}
  }
}
