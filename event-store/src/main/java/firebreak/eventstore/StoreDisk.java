package firebreak.eventstore;

import firebreak.eventstore.journal.JournalDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * The disk under a store; a test puts another in its place.
 *
 * @param journal where the journal lies
 * @param parts opens the directory of the index and the part files
 */
record StoreDisk(JournalDisk journal, Opener parts) {
  static final StoreDisk FILES = new StoreDisk(JournalDisk.FILES, FSDirectory::open);

  /** Opens the directory at a path. */
  @FunctionalInterface
  interface Opener {
    Directory open(Path path) throws IOException;
  }
}
