package firebreak.eventstore;

import java.nio.file.Path;

/** The directory of a store is in use by another process. */
public final class DirectoryLockedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DirectoryLockedException(Path directory) {
    super("The data directory " + directory + " is locked by another process.");
  }
}
