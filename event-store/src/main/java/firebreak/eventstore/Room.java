package firebreak.eventstore;

import java.io.IOException;
import java.time.Duration;

/** Refuses appends while memory or disk have no room for them. */
final class Room {
  private static final long CHECKED_EVERY = Duration.ofMillis(50).toNanos();
  private static final long MIB = 1 << 20;

  private static final long WAIT = Duration.ofSeconds(5).toNanos();

  /** Why there is no room, which is empty where there is; and whether it is memory that lacks. */
  private record Refusal(String reason, boolean memory) {}

  private static final Refusal NONE = new Refusal("", false);

  private final OpenStore store;
  private volatile long checked = System.nanoTime() - CHECKED_EVERY;
  private volatile Refusal refusal = NONE;

  Room(OpenStore store) {
    this.store = store;
  }

  /**
   * Fails while there is no room. What it found out lately it believes; memory may come free in a
   * moment, so for that it waits.
   */
  void check() {
    long start = System.nanoTime();
    while (!isFree()) {
      boolean waits = refusal.memory() && System.nanoTime() - start < WAIT;
      if (!waits || !pause()) {
        throw new LimitExceededException(refusal.reason());
      }
    }
  }

  private boolean isFree() {
    if (System.nanoTime() - checked >= CHECKED_EVERY) {
      checked = System.nanoTime();
      refusal = look();
    }
    return refusal.reason().isEmpty();
  }

  private static boolean pause() {
    try {
      Thread.sleep(Duration.ofNanos(CHECKED_EVERY));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Refusal look() {
    long fresh = store.freshBytes();
    if (fresh > store.settings().memoryBytes()) {
      return new Refusal(
          "%d MiB of events wait in memory to be written to part files; there is room for %d MiB."
              .formatted(fresh / MIB, store.settings().memoryBytes() / MIB),
          true);
    }
    try {
      long free = store.disk().journal().freeBytes(store.path());
      if (free < store.settings().freeBytes()) {
        return new Refusal(
            "The disk has %d MiB left, and the last %d MiB are not used for events."
                .formatted(free / MIB, store.settings().freeBytes() / MIB),
            false);
      }
    } catch (IOException e) {
      return new Refusal("How much room the disk has cannot be told: " + e.getMessage(), false);
    }
    return NONE;
  }
}
