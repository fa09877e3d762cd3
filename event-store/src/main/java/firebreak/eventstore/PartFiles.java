package firebreak.eventstore;

import firebreak.eventstore.columns.ColumnCache;
import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.PartFile;
import firebreak.eventstore.columns.PartMeta;
import firebreak.eventstore.columns.PartWriter;
import firebreak.eventstore.columns.RowFilter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;

/** Makes, opens and deletes the part files beside the index. */
final class PartFiles {
  private static final String PREFIX = "part-";
  private static final String SUFFIX = ".columns";
  private static final int CHUNK = 4_096;

  /** More days than this in one write, and several share a file. */
  private static final int SLICES = 32;

  private final Directory directory;
  private final ColumnCache cache;
  private final Set<String> lookups;
  private final AtomicLong nextNumber = new AtomicLong();

  PartFiles(Directory directory, StoreSettings settings) throws IOException {
    this.directory = directory;
    cache = new ColumnCache(settings.cacheBytes());
    lookups = new HashSet<>(settings.lookupFields());
    lookups.add(EventKey.EVENT_ID);
    for (String name : directory.listAll()) {
      if (isPart(name)) {
        nextNumber.accumulateAndGet(number(name) + 1, Math::max);
      }
    }
  }

  private static boolean isPart(String name) {
    return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
  }

  private static long number(String name) {
    return Long.parseLong(name, PREFIX.length(), name.length() - SUFFIX.length(), 10);
  }

  /**
   * Writes rows to new files, one for each day, and forces them to the disk.
   *
   * @param sources in the order of their appending
   */
  List<StoredPart> write(String dataset, List<Part> sources, RowFilter filter, Sequences sequences)
      throws IOException {
    List<StoredPart> written = new ArrayList<>();
    try {
      List<Long> slices = List.copyOf(slices(sources));
      int together = (slices.size() + SLICES - 1) / SLICES;
      for (int i = 0; i < slices.size(); i += together) {
        long last = slices.get(Math.min(i + together, slices.size()) - 1);
        String file = "%s%010d%s".formatted(PREFIX, nextNumber.getAndIncrement(), SUFFIX);
        PartMeta meta =
            PartWriter.write(
                directory,
                file,
                sources,
                PartEntry.start(slices.get(i)),
                PartEntry.end(last),
                filter);
        if (meta.rows() > 0) {
          StoredPart part = open(entry(dataset, meta, sequences));
          written.add(part);
          if (part.part() == null) {
            throw new IOException(file + " cannot be read again, so nothing may rely on it");
          }
        }
      }
      directory.sync(written.stream().map(part -> part.entry().file()).toList());
      directory.syncMetaData();
      return written;
    } catch (IOException | RuntimeException e) {
      written.forEach(StoredPart::retire);
      throw e;
    }
  }

  /** The numbers of the changes of which rows are in a part. */
  record Sequences(long first, long last) {}

  private PartEntry entry(String dataset, PartMeta meta, Sequences sequences) {
    return new PartEntry(
        dataset,
        meta.file(),
        meta.rows(),
        meta.firstTime(),
        meta.lastTime(),
        sequences.first(),
        sequences.last(),
        meta.bytes(),
        meta.checksum(),
        lookups);
  }

  private static SortedSet<Long> slices(List<Part> sources) {
    TreeSet<Long> slices = new TreeSet<>();
    long[] times = new long[CHUNK];
    for (Part source : sources) {
      long start = 0;
      long end = 0;
      for (int from = 0; from < source.rows(); from += CHUNK) {
        int count = Math.min(CHUNK, source.rows() - from);
        source.times().read(from, count, times);
        for (int i = 0; i < count; i++) {
          if (times[i] < start || times[i] >= end) {
            long slice = PartEntry.slice(times[i]);
            slices.add(slice);
            start = PartEntry.start(slice);
            end = PartEntry.end(slice);
          }
        }
      }
    }
    return slices;
  }

  /** Opens a part that the index leads to; one that cannot be opened is damaged. */
  StoredPart open(PartEntry entry) {
    Runnable delete = () -> delete(entry.file());
    try {
      check(entry);
      PartFile file = PartFile.open(directory, entry.file(), cache);
      return new StoredPart(entry, file, () -> close(file), delete);
    } catch (IOException | RuntimeException e) {
      System.getLogger(PartFiles.class.getName())
          .log(System.Logger.Level.ERROR, DamagedPartException.describe(entry), e);
      return new StoredPart(entry, null, () -> {}, delete);
    }
  }

  /** Cheaply: that it is the whole of the file that the index means. */
  private void check(PartEntry entry) throws IOException {
    try (IndexInput in = directory.openInput(entry.file(), IOContext.READONCE)) {
      if (in.length() != entry.bytes() || CodecUtil.retrieveChecksum(in) != entry.checksum()) {
        throw new CorruptIndexException("it is not the file that was written", entry.file());
      }
    }
  }

  /** Whether an operator has renamed the file of a damaged part to go on without it. */
  static boolean isGivenUp(PartEntry entry, Set<String> names) {
    return !names.contains(entry.file())
        && names.contains(entry.file() + DamagedPartException.GIVEN_UP);
  }

  /** Those parts of a dataset that were given up of which the renamed file still holds events. */
  List<PartEntry> stillGivenUp(List<PartEntry> givenUp, String dataset) throws IOException {
    List<PartEntry> held = new ArrayList<>();
    for (PartEntry entry : givenUp) {
      if (entry.dataset().equals(dataset) && lengthOfGivenUp(entry) > 0) {
        held.add(entry);
      }
    }
    return held;
  }

  private long lengthOfGivenUp(PartEntry entry) throws IOException {
    try {
      return directory.fileLength(entry.file() + DamagedPartException.GIVEN_UP);
    } catch (NoSuchFileException | FileNotFoundException e) {
      return 0; // Deleted since the start.
    }
  }

  private static void close(PartFile file) {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void delete(String file) {
    try {
      directory.deleteFile(file);
    } catch (IOException | AlreadyClosedException e) {
      // The next start removes what no part of the index leads to.
      System.getLogger(PartFiles.class.getName())
          .log(System.Logger.Level.WARNING, "The file " + file + " could not be deleted", e);
    }
  }

  /** Deletes the files of parts that never came into the index, or have gone from it. */
  void deleteOrphans(Collection<PartEntry> entries) throws IOException {
    Set<String> known = new HashSet<>();
    entries.forEach(entry -> known.add(entry.file()));
    for (String name : directory.listAll()) {
      if (isPart(name) && !known.contains(name)) {
        directory.deleteFile(name);
      }
    }
  }
}
