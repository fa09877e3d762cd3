package firebreak.eventstore.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/** The disk under the journal; a test puts one in its place that loses what was not forced. */
public interface JournalDisk {
  JournalDisk FILES = new RealDisk();

  /** Creates a file that must not exist yet. */
  Output create(Path file) throws IOException;

  /** Makes the names of new files in a directory durable. */
  void forceDirectory(Path directory) throws IOException;

  /** What nobody who sends events can know: it tells the frames of a file from copies of them. */
  default long secret() {
    return new SecureRandom().nextLong();
  }

  /** How many bytes can still be written. */
  default long freeBytes(Path directory) throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** A file that only grows. */
  public interface Output extends Closeable {
    /** Appends all that remains in the buffer. */
    void write(ByteBuffer bytes) throws IOException;

    /** Returns when all that was written is on disk. */
    void force() throws IOException;
  }

  /** The disk itself. */
  public final class RealDisk implements JournalDisk {
    /** The JDK copies what is written, once for each thread and as much as one write has. */
    private static final int CHUNK = 1 << 20;

    private RealDisk() {}

    @Override
    public Output create(Path file) throws IOException {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return new Output() {
        @Override
        public void write(ByteBuffer bytes) throws IOException {
          int end = bytes.limit();
          while (bytes.position() < end) {
            bytes.limit(Math.min(end, bytes.position() + CHUNK));
            channel.write(bytes);
          }
        }

        @Override
        public void force() throws IOException {
          channel.force(false);
        }

        @Override
        public void close() throws IOException {
          channel.close();
        }
      };
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
