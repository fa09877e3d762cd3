package firebreak.eventstore;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;

/** A directory that has room for so many part files, and then for no file at all. */
final class FullDirectory extends FilterDirectory {
  private final AtomicInteger room;

  FullDirectory(Directory directory, AtomicInteger room) {
    super(directory);
    this.room = room;
  }

  @Override
  public IndexOutput createOutput(String name, IOContext context) throws IOException {
    boolean part = name.startsWith("part-");
    if (room.get() < (part ? 1 : 0)) {
      throw new IOException("the disk is full");
    }
    if (part) {
      room.decrementAndGet();
    }
    return super.createOutput(name, context);
  }
}
