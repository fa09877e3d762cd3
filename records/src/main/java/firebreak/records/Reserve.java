package firebreak.records;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Room on the disk that nobody else gets: a file beside the records, made while the disk is filling
 * and given up when it is full, so that what is under way can still be written down.
 *
 * <p>Not safe for use by many threads.
 */
final class Reserve {
  /** Thousands of incidents with their acts. */
  static final long BYTES = 64L << 20;

  /** With less room than this, a write may find none. */
  static final long FULL_BELOW = 8L << 20;

  /**
   * With more room than this nothing is kept: a disk is not filled from there between two looks.
   */
  static final long FILLING_BELOW = 1L << 30;

  private static final int CHUNK = 1 << 20;
  private static final System.Logger LOG = System.getLogger(Reserve.class.getName());

  private final Path file;
  private @Nullable FileStore disk;
  private boolean isTaken;

  Reserve(Path records) {
    file = records.resolveSibling(records.getFileName() + ".reserve");
    isTaken = Files.exists(file);
  }

  /** To be called before each write, and every few seconds. */
  void look() {
    try {
      FileStore store = disk == null ? Files.getFileStore(file.toAbsolutePath().getParent()) : disk;
      disk = store;
      long free = store.getUsableSpace();
      if (isTaken && (free < FULL_BELOW || free >= FILLING_BELOW + BYTES)) {
        giveUp(free);
      } else if (!isTaken && free < FILLING_BELOW && free >= BYTES + 2 * FULL_BELOW) {
        take();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "No room can be kept for the records", e);
    }
  }

  private void giveUp(long free) throws IOException {
    Files.deleteIfExists(file);
    isTaken = false;
    if (free < FULL_BELOW) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The disk is full: the %d MiB kept for the records are given up. Make room."
              .formatted(BYTES >> 20));
    }
  }

  /** Written, for a file with holes keeps nothing. */
  private void take() throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (long written = 0; written < BYTES; written += CHUNK) {
        channel.write(zeros.clear());
      }
      channel.force(true);
      isTaken = true;
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }
}
