package firebreak.eventstore;

import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.PartFile;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A part file in use. It stays open as long as somebody may read it, and is deleted after the last
 * one when nothing leads to it any more.
 */
final class StoredPart {
  private final PartEntry entry;
  private final @Nullable Part part;
  private final Runnable close;
  private final Runnable delete;
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile boolean obsolete;

  /**
   * A part with one user, who made it.
   *
   * @param part null for one that is damaged and cannot be read
   */
  StoredPart(PartEntry entry, @Nullable Part part, Runnable close, Runnable delete) {
    this.entry = entry;
    this.part = part;
    this.close = close;
    this.delete = delete;
  }

  /** What stands in the place of a part that turned out to be damaged. */
  StoredPart asDamaged() {
    return new StoredPart(entry, null, () -> {}, delete);
  }

  PartEntry entry() {
    return entry;
  }

  /** The rows; null where the file is damaged. */
  @Nullable Part part() {
    return part;
  }

  /**
   * Reads the whole file and compares it with its checksum.
   *
   * @throws IOException if it is damaged
   */
  void verify(PartFile.Pace pace) throws IOException {
    if (!(part instanceof PartFile file)) {
      throw new IOException(entry.file() + " cannot be read");
    }
    file.checkIntegrity(pace);
  }

  void acquire() {
    users.incrementAndGet();
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      close.run();
      if (obsolete) {
        delete.run();
      }
    }
  }

  /** Nothing leads to the part any more: whoever uses it last deletes its file. */
  void retire() {
    obsolete = true;
    release();
  }
}
