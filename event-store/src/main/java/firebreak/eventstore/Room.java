package firebreak.eventstore;

import java.io.IOException;
import java.time.Duration;

/** Refuses appends while memory or disk have no room for them. */
final class Room {
  private static final long CHECKED_EVERY = Duration.ofMillis(50).toNanos();
  private static final long MIB = 1 << 20;

  private final OpenStore store;
  private volatile long checked = System.nanoTime() - CHECKED_EVERY;
  private volatile String refusal = "";

  Room(OpenStore store) {
    this.store = store;
  }

  /** Fails while there is no room. What it found out lately it believes. */
  void check() {
    if (System.nanoTime() - checked >= CHECKED_EVERY) {
      checked = System.nanoTime();
      refusal = look();
    }
    if (!refusal.isEmpty()) {
      throw new LimitExceededException(refusal);
    }
  }

  private String look() {
    long fresh = store.freshBytes();
    if (fresh > store.settings().memoryBytes()) {
      return "%d MiB of events wait in memory to be written to part files; there is room for %d MiB."
          .formatted(fresh / MIB, store.settings().memoryBytes() / MIB);
    }
    try {
      long free = store.disk().journal().freeBytes(store.path());
      if (free < store.settings().freeBytes()) {
        return "The disk has %d MiB left, and the last %d MiB are not used for events."
            .formatted(free / MIB, store.settings().freeBytes() / MIB);
      }
    } catch (IOException e) {
      return "How much room the disk has cannot be told: " + e.getMessage();
    }
    return "";
  }
}
