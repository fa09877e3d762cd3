package firebreak.eventstore;

import firebreak.eventstore.journal.JournalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A disk that says it has forced what it has not: the journal above it acknowledges too early. */
final class ForgetfulDisk implements JournalDisk {
  @Override
  public Output create(Path file) throws IOException {
    Output output = FILES.create(file);
    return new Output() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        output.write(bytes);
      }

      @Override
      public void force() {}

      @Override
      public void close() throws IOException {
        output.close();
      }
    };
  }

  @Override
  public void forceDirectory(Path directory) {}
}
