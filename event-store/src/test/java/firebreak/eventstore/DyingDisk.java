package firebreak.eventstore;

import firebreak.eventstore.journal.JournalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.FilterIndexOutput;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;

/**
 * A disk that fails at its n-th call and at every later one, as a process that is killed makes none
 * any more. What was done before stays, forced or not.
 */
final class DyingDisk {
  private final AtomicInteger left;

  DyingDisk(int n) {
    left = new AtomicInteger(n);
  }

  boolean isDead() {
    return left.get() <= 0;
  }

  private void call() throws IOException {
    if (left.decrementAndGet() <= 0) {
      throw new IOException("the disk is dead");
    }
  }

  StoreDisk disk() {
    return new StoreDisk(new DyingJournal(), path -> new DyingDirectory(FSDirectory.open(path)));
  }

  private final class DyingJournal implements JournalDisk {
    @Override
    public Output create(Path file) throws IOException {
      call();
      return new DyingOutput(JournalDisk.FILES.create(file));
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
      call();
    }
  }

  private final class DyingOutput implements JournalDisk.Output {
    private final JournalDisk.Output output;

    DyingOutput(JournalDisk.Output output) {
      this.output = output;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      try {
        call();
      } catch (IOException e) {
        if (left.get() == 0) {
          output.write(bytes.slice(bytes.position(), bytes.remaining() / 2));
        }
        throw e;
      }
      output.write(bytes);
    }

    @Override
    public void force() throws IOException {
      call();
    }

    @Override
    public void close() throws IOException {
      output.close();
    }
  }

  private final class DyingDirectory extends FilterDirectory {
    DyingDirectory(Directory directory) {
      super(directory);
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
      call();
      IndexOutput output = in.createOutput(name, context);
      return new FilterIndexOutput("dying " + name, name, output) {
        @Override
        public void close() throws IOException {
          call();
          super.close();
        }
      };
    }

    @Override
    public void sync(Collection<String> names) throws IOException {
      call();
    }

    @Override
    public void syncMetaData() throws IOException {
      call();
    }

    @Override
    public void rename(String from, String to) throws IOException {
      call();
      super.rename(from, to);
    }

    @Override
    public void deleteFile(String name) throws IOException {
      call();
      super.deleteFile(name);
    }
  }
}
