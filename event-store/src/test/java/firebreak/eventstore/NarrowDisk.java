package firebreak.eventstore;

import firebreak.eventstore.journal.JournalDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** A disk that says how much room it has. */
record NarrowDisk(AtomicLong free) implements JournalDisk {
  @Override
  public Output create(Path file) throws IOException {
    return FILES.create(file);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    FILES.forceDirectory(directory);
  }

  @Override
  public long freeBytes(Path directory) {
    return free.get();
  }
}
