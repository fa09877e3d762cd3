package firebreak.records;

import java.nio.file.Path;

/** The database is open already, here or in another process. */
public final class DatabaseLockedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseLockedException(Path file) {
    super("The records " + file + " are open already, in this or another process.");
  }
}
