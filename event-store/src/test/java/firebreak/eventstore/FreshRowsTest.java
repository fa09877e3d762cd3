package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class FreshRowsTest {
  private static final int TIMES = 100_000;

  /** What is written to a part file in the place of frozen rows must be all of them. */
  @Test
  @Timeout(60)
  void frozenRowsAreAllThatWereShownBefore() {
    Event event = Numbered.event(1);
    AtomicReference<@Nullable FreshRows> next = new AtomicReference<>();
    CompletableFuture<Long> fewest = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> fewest.complete(fewest(next)));
    for (int i = 0; i < TIMES; i++) {
      FreshRows fresh = new FreshRows();
      fresh.add(event, null);
      fresh.show(1, 1);
      while (!next.compareAndSet(null, fresh)) {
        Thread.onSpinWait();
      }
      fresh.add(event, null);
      fresh.show(2, 2);
      fresh.freeze();
    }
    assertEquals(2, fewest.join());
  }

  /** Looks at rows until they are frozen; the lowest number of the last change seen then. */
  private static long fewest(AtomicReference<@Nullable FreshRows> next) {
    long fewest = Long.MAX_VALUE;
    for (int i = 0; i < TIMES; ) {
      FreshRows fresh = next.get();
      if (fresh == null) {
        Thread.onSpinWait();
        continue;
      }
      FreshRows.Frozen frozen = fresh.frozen();
      if (frozen != null) {
        FreshRows.Shown shown = frozen.shown();
        fewest = Math.min(fewest, shown == null ? 0 : shown.last());
        next.set(null);
        i++;
      }
    }
    return fewest;
  }
}
