package firebreak.eventstore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.IOContext;

/**
 * Copies a store that is in use. To be run where the upkeep runs, so that meanwhile no file goes
 * that the copy needs: the index and its parts as of the last commit, then the journal, which has
 * everything that came since.
 */
final class SnapshotCopy {
  private final OpenStore store;
  private final Path target;

  SnapshotCopy(OpenStore store, Path target) {
    this.store = store;
    this.target = target;
  }

  Path run() throws IOException {
    Files.createDirectories(target);
    try (Stream<Path> present = Files.list(target)) {
      if (present.findAny().isPresent()) {
        throw new IOException(target + " is not empty; a snapshot needs a directory of its own");
      }
    }
    copyParts();
    copyJournal();
    store.disk().journal().forceDirectory(target);
    return target;
  }

  private void copyParts() throws IOException {
    Set<String> names = new HashSet<>(store.index().files());
    store.read(Contents::parts).stream()
        .filter(part -> part.part() != null)
        .forEach(part -> names.add(part.entry().file()));
    Path path = Files.createDirectories(target.resolve(OpenStore.PARTS));
    try (Directory copy = FSDirectory.open(path)) {
      for (String name : names) {
        if (!isLinked(store.partsPath().resolve(name), path.resolve(name))) {
          copy.copyFrom(store.directory(), name, name, IOContext.DEFAULT);
        }
      }
      copy.sync(names);
      copy.syncMetaData();
    }
  }

  /** The files never change, so that another name for the same one will do. */
  private static boolean isLinked(Path from, Path to) {
    try {
      Files.createLink(to, from);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private void copyJournal() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(store.journalPath())) {
      files = new ArrayList<>(all.sorted().toList());
    }
    Path path = Files.createDirectories(target.resolve(OpenStore.JOURNAL));
    for (Path file : files) {
      Path copy = path.resolve(file.getFileName().toString());
      Files.copy(file, copy);
      try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
    store.disk().journal().forceDirectory(path);
  }
}
