package firebreak.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** The stop switch: a file named STOP in the data folder, which anybody with a shell can make. */
final class StopFile implements BooleanSupplier {
  static final String NAME = "STOP";

  private final Path file;

  StopFile(Path data) {
    file = data.resolve(NAME);
  }

  /** Whether all acting is stopped; it is, too, where the file cannot be looked for. */
  @Override
  public boolean getAsBoolean() {
    return !Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
  }

  void turn(boolean on) {
    try {
      if (on && Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
        Files.createFile(file);
      } else if (!on) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
