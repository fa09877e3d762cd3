package firebreak.eventstore;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;

/** A directory that takes no new file while it is full. */
final class FullDirectory extends FilterDirectory {
  private final AtomicBoolean full;

  FullDirectory(Directory directory, AtomicBoolean full) {
    super(directory);
    this.full = full;
  }

  @Override
  public IndexOutput createOutput(String name, IOContext context) throws IOException {
    if (full.get()) {
      throw new IOException("the disk is full");
    }
    return super.createOutput(name, context);
  }
}
