package firebreak.eventstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.store.RateLimiter;
import org.apache.lucene.util.ThreadInterruptedException;

/** Reads every part file to its end and compares it with its checksum. */
final class Scrub {
  private static final double MIB = 1 << 20;

  private final OpenStore store;
  private final RateLimiter limiter;

  Scrub(OpenStore store) {
    this.store = store;
    limiter = new RateLimiter.SimpleRateLimiter(store.settings().scrubBytesPerSecond() / MIB);
  }

  /** What each damaged part costs and what to do about it; of those seen when interrupted. */
  List<String> run() {
    List<String> damaged = new ArrayList<>();
    try {
      for (PartEntry entry : entries()) {
        if (Thread.currentThread().isInterrupted()) {
          return damaged;
        }
        if (isDamaged(entry)) {
          damaged.add(DamagedPartException.describe(entry));
        }
      }
    } catch (ThreadInterruptedException e) {
      Thread.currentThread().interrupt();
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

  private List<PartEntry> entries() {
    return store.read(contents -> contents.parts().stream().map(StoredPart::entry).toList());
  }

  private boolean isDamaged(PartEntry entry) {
    return acquire(entry).map(this::isDamaged).orElse(false);
  }

  private boolean isDamaged(StoredPart stored) {
    try {
      if (stored.part() == null) {
        return true;
      }
      stored.verify(limiter::pause);
      return false;
    } catch (ThreadInterruptedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      quarantine(stored, e);
      return true;
    } finally {
      stored.release();
    }
  }

  /** The part, of which the caller is now a user; nothing if it has gone meanwhile. */
  private Optional<StoredPart> acquire(PartEntry entry) {
    return store.read(
        contents -> {
          Optional<StoredPart> found =
              contents.slot(entry.dataset()).parts().stream()
                  .filter(stored -> stored.entry().equals(entry))
                  .findFirst();
          found.ifPresent(StoredPart::acquire);
          return found;
        });
  }

  private void quarantine(StoredPart stored, Exception cause) {
    try {
      store.upkeep().reportDamaged(stored, cause);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
