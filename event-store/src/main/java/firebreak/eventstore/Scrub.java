package firebreak.eventstore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reads every part file to its end and compares it with its checksum. */
final class Scrub {
  private final OpenStore store;

  Scrub(OpenStore store) {
    this.store = store;
  }

  /** What each damaged part costs and what to do about it; of those seen when interrupted. */
  List<String> run() {
    List<String> damaged = new ArrayList<>();
    Contents contents = store.current().acquire();
    try {
      for (StoredPart stored : contents.parts()) {
        if (Thread.currentThread().isInterrupted()) {
          return damaged;
        }
        if (isDamaged(stored)) {
          damaged.add(DamagedPartException.describe(stored.entry()));
        }
      }
    } finally {
      contents.release();
    }
    if (Thread.currentThread().isInterrupted()) {
      return damaged;
    }
    try {
      store
          .upkeep()
          .run(
              () -> {
                store.index().checkIntegrity();
                return true;
              });
    } catch (IOException e) {
      damaged.add("The index of the part files is damaged; restore a snapshot: " + e.getMessage());
    }
    return damaged;
  }

  private boolean isDamaged(StoredPart stored) {
    if (stored.part() == null) {
      return true;
    }
    long start = System.nanoTime();
    try {
      stored.verify();
    } catch (IOException | RuntimeException e) {
      quarantine(stored, e);
      return true;
    }
    pause(stored.entry().bytes(), start);
    return false;
  }

  private void quarantine(StoredPart stored, Exception cause) {
    try {
      store
          .upkeep()
          .run(
              () -> {
                store.upkeep().quarantine(stored, cause);
                return true;
              });
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void pause(long bytes, long start) {
    double seconds = (double) bytes / store.settings().scrubBytesPerSecond();
    long left = (long) (seconds * 1e9) - (System.nanoTime() - start);
    if (left > 0) {
      try {
        TimeUnit.NANOSECONDS.sleep(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
