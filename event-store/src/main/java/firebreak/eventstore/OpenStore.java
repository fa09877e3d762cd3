package firebreak.eventstore;

import firebreak.eventstore.execution.Engine;
import firebreak.eventstore.journal.Change;
import firebreak.eventstore.journal.Journal;
import firebreak.eventstore.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.lucene.store.Directory;
import org.jspecify.annotations.Nullable;

/** The pieces of an open store, put together from what lies on disk and taken apart again. */
final class OpenStore {
  static final String JOURNAL = "journal";
  static final String PARTS = "parts";

  private final StoreSettings settings;
  private final StoreDisk disk;
  private final Path path;
  private final DirectoryLock lock;
  private final Directory directory;
  private final CommitMark start;
  private final Catalogue catalogue = new Catalogue();
  private final PartIndex index;
  private final PartFiles files;
  private final List<PartEntry> givenUp = new ArrayList<>();
  private final CurrentContents current;
  private final Applier applier;
  private final Upkeep upkeep;
  private final Merger merger;
  private final Journal journal;
  private final Engine engine = new Engine(Engine.Settings.standard());

  private OpenStore(
      Path path,
      StoreSettings settings,
      StoreDisk disk,
      DirectoryLock lock,
      Directory directory,
      PartIndex index)
      throws IOException {
    this.path = path;
    this.settings = settings;
    this.disk = disk;
    this.lock = lock;
    this.directory = directory;
    this.index = index;
    start = index.mark();
    files = new PartFiles(directory, settings);
    current = new CurrentContents(index.reader(), openParts());
    start.fields().forEach(catalogue::restore);
    BatchKeys batchKeys = new BatchKeys();
    applier = new Applier(settings, current, batchKeys, start.covered(), this::wake);
    Commits commits = new Commits(current, index, batchKeys, catalogue, applier);
    upkeep = new Upkeep(settings, current, commits, files, applier, givenUp);
    journal = readJournal();
    applier.start();
    merger = new Merger(settings, current, files, upkeep);
    upkeep.start(journal, merger::wake);
    merger.wake();
  }

  static OpenStore open(Path path, StoreSettings settings, StoreDisk disk) throws IOException {
    Files.createDirectories(path);
    DirectoryLock lock = DirectoryLock.acquire(path);
    try {
      FormerStore.bringOver(path, settings, disk);
      Files.createDirectories(path.resolve(JOURNAL));
      Files.createDirectories(path.resolve(PARTS));
      disk.journal().forceDirectory(path);
      Directory directory = disk.parts().open(path.resolve(PARTS));
      PartIndex index = openIndex(directory);
      try {
        return new OpenStore(path, settings, disk, lock, directory, index);
      } catch (IOException | RuntimeException e) {
        index.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static PartIndex openIndex(Directory directory) throws IOException {
    try {
      return new PartIndex(directory);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** Applies what the parts do not hold yet, and begins a journal behind it. */
  private Journal readJournal() throws IOException {
    try {
      JournalReader.Replayed replayed =
          JournalReader.replay(journalPath(), start.covered(), this::replay);
      upkeep.settleNow();
      return new Journal(journalPath(), replayed, disk.journal(), journalFileBytes());
    } catch (IOException | RuntimeException e) {
      upkeep.close();
      throw e;
    }
  }

  private List<StoredPart> openParts() throws IOException {
    List<PartEntry> entries = index.entries();
    files.deleteOrphans(entries);
    Set<String> names = Set.of(directory.listAll());
    List<StoredPart> parts = new ArrayList<>();
    for (PartEntry entry : entries) {
      if (PartFiles.isGivenUp(entry, names)) {
        givenUp.add(entry);
      } else {
        parts.add(files.open(entry));
      }
    }
    return parts;
  }

  /** So small that the journal can be trimmed while it is within its size. */
  private int journalFileBytes() {
    return (int) Math.max(1, Math.min(settings.journalFileBytes(), settings.journalBytes() / 2));
  }

  /** Applies a change that the part files do not hold yet. */
  private void replay(long sequence, Change change) throws IOException {
    long last = sequence + change.numbers() - 1;
    if (last <= start.sealed(change.dataset())) {
      return;
    }
    if (change instanceof Change.Batch batch) {
      batch.events().forEach(event -> catalogue.note(batch.dataset(), event));
    }
    applier.apply(sequence, Applier.Prepared.of(change));
    if (freshBytes() > settings.memoryBytes()) {
      upkeep.settleNow();
    }
  }

  private void wake() {
    Upkeep built = upkeep;
    if (built != null) {
      built.wake();
    }
  }

  StoreSettings settings() {
    return settings;
  }

  StoreDisk disk() {
    return disk;
  }

  Path path() {
    return path;
  }

  Path journalPath() {
    return path.resolve(JOURNAL);
  }

  Path partsPath() {
    return path.resolve(PARTS);
  }

  Directory directory() {
    return directory;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  PartIndex index() {
    return index;
  }

  CurrentContents current() {
    return current;
  }

  Applier applier() {
    return applier;
  }

  Upkeep upkeep() {
    return upkeep;
  }

  Journal journal() {
    return journal;
  }

  Engine engine() {
    return engine;
  }

  <T> T read(Function<Contents, T> reading) {
    Contents contents = current.acquire();
    try {
      return reading.apply(contents);
    } finally {
      contents.release();
    }
  }

  /** How much memory rows take that are not in part files yet. */
  long freshBytes() {
    return read(contents -> contents.fresh().stream().mapToLong(FreshRows::bytes).sum());
  }

  StoreStatus status() throws IOException {
    List<StoredPart> parts = read(Contents::parts);
    List<String> damaged = new ArrayList<>();
    parts.stream()
        .filter(part -> part.part() == null)
        .forEach(part -> damaged.add(DamagedPartException.describe(part.entry())));
    givenUp.forEach(entry -> damaged.add(DamagedPartException.describeGivenUp(entry)));
    return new StoreStatus(
        read(contents -> contents.slots().values().stream().mapToLong(Contents.Slot::rows).sum()),
        parts.size(),
        parts.stream().mapToLong(part -> part.entry().bytes()).sum(),
        read(contents -> contents.fresh().stream().mapToLong(FreshRows::rows).sum()),
        freshBytes(),
        journal.bytes(),
        applier.duplicates(),
        catalogue.overflowed(),
        applier.refused(),
        disk.journal().freeBytes(path),
        damaged,
        trouble());
  }

  private @Nullable String trouble() {
    Throwable failure = applier.failure();
    failure = failure == null ? journal.failure() : failure;
    failure = failure == null ? upkeep.failure() : failure;
    failure = failure == null ? merger.failure() : failure;
    return failure == null ? null : failure.toString();
  }

  /**
   * Closes everything.
   *
   * @param writes whether rows in memory go into part files first
   */
  void close(boolean writes) throws IOException {
    try (DirectoryLock _ = lock;
        Upkeep _ = upkeep;
        Engine _ = engine) {
      journal.close();
      upkeep.pause();
      merger.close();
      if (writes) {
        applier.freezeAll();
      }
      applier.stop();
      upkeep.finish(writes, this::release);
    }
  }

  private boolean release() throws IOException {
    try (PartIndex _ = index) {
      List<StoredPart> parts = read(Contents::parts);
      current.close();
      parts.forEach(StoredPart::release);
      return true;
    }
  }
}
