package firebreak.eventstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.DocIdSetIterator;

/**
 * The event store on disk: a journal, then Lucene.
 *
 * <p>An append goes to the journal, which acknowledges it when it is on disk and hands it to the
 * index; the index follows on a thread of its own, and a question waits until it has caught up with
 * what was acknowledged before. Every commit of the index makes the journal behind it superfluous.
 */
final class LuceneEventStore implements EventStore {
  private final StoreSettings settings;
  private final DirectoryLock lock;
  private final Catalogue catalogue = new Catalogue();
  private final EventIndex index;
  private final Journal journal;
  private final List<AppendListener> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService committer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("firebreak-commit").factory());
  private volatile boolean closed;

  private LuceneEventStore(Path directory, StoreSettings settings, DirectoryLock lock)
      throws IOException {
    this.settings = settings;
    this.lock = lock;
    Path journalDirectory = Files.createDirectories(directory.resolve("journal"));
    settings.disk().forceDirectory(directory);
    index = new EventIndex(directory.resolve("index"));
    try {
      index.restore(catalogue);
      countDatasets();
      JournalReader.Replayed replayed =
          JournalReader.replay(journalDirectory, index.covered(), this::replay);
      journal =
          new Journal(
              journalDirectory, replayed, settings.disk(), settings.journalFileBytes(), index::add);
    } catch (IOException | RuntimeException e) {
      index.close();
      throw e;
    }
    long interval = settings.commitInterval().toMillis();
    var _ =
        committer.scheduleWithFixedDelay(this::commit, interval, interval, TimeUnit.MILLISECONDS);
  }

  static EventStore open(Path directory) {
    return open(directory, StoreSettings.DEFAULT);
  }

  static LuceneEventStore open(Path directory, StoreSettings settings) {
    try {
      Files.createDirectories(directory);
      DirectoryLock lock = DirectoryLock.acquire(directory);
      try {
        return new LuceneEventStore(directory, settings, lock);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The event store in " + directory + " cannot be opened", e);
    }
  }

  private void countDatasets() {
    index.ask(
        index.committed(),
        reader -> {
          for (LeafReaderContext leaf : reader.leaves()) {
            SortedDocValues datasets = DocValues.getSorted(leaf.reader(), Columns.DATASET);
            long[] counts = new long[datasets.getValueCount()];
            for (int doc = datasets.nextDoc();
                doc != DocIdSetIterator.NO_MORE_DOCS;
                doc = datasets.nextDoc()) {
              counts[datasets.ordValue()]++;
            }
            for (int ordinal = 0; ordinal < counts.length; ordinal++) {
              catalogue.count(datasets.lookupOrd(ordinal).utf8ToString(), counts[ordinal]);
            }
          }
          return reader.numDocs();
        });
  }

  /** Takes an acknowledged append, of which the commit may already hold the events. */
  private void replay(Journal.Entry entry) {
    EventCodec.Batch batch = entry.batch();
    batch.events().forEach(event -> catalogue.admit(batch.dataset(), event));
    if (entry.last() > index.committed()) {
      index.reserve(batch.events().size());
      index.add(entry);
      catalogue.count(batch.dataset(), batch.events().size());
    }
  }

  @Override
  public void append(String dataset, List<Event> events) {
    checkOpen();
    if (events.isEmpty()) {
      return;
    }
    List<Event> admitted = events.stream().map(event -> catalogue.admit(dataset, event)).toList();
    index.reserve(admitted.size());
    try {
      journal.append(new EventCodec.Batch(dataset, admitted));
    } catch (RuntimeException e) {
      index.release(admitted.size());
      throw e;
    }
    catalogue.count(dataset, admitted.size());
    listeners.forEach(listener -> listener.appended(dataset, admitted));
  }

  @Override
  public QueryResult query(Query query) {
    QueryPlan plan = new QueryPlan(query, deadline());
    return ask(plan::answer);
  }

  @Override
  public Contrast contrast(Selection selection) {
    SelectionPlan plan = new SelectionPlan(selection, deadline());
    return ask(plan::contrast);
  }

  @Override
  public List<Pattern> patterns(Selection selection, List<Filter> terms) {
    if (terms.size() > Limits.PATTERN_TERMS) {
      throw new IllegalArgumentException(
          "patterns take %d terms, were %d".formatted(Limits.PATTERN_TERMS, terms.size()));
    }
    SelectionPlan plan = new SelectionPlan(selection, deadline());
    return ask(reader -> plan.patterns(reader, terms));
  }

  @Override
  public void scan(
      List<String> datasets, TimeRange range, Filter filter, List<String> fields, Visitor visitor) {
    ScanPlan plan = new ScanPlan(deadline(), fields);
    ask(
        reader -> {
          plan.scan(reader, datasets, range, filter, visitor);
          return plan;
        });
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the event store is closed");
    }
  }

  private Deadline deadline() {
    return new Deadline(settings.queryTime());
  }

  private <T> T ask(EventIndex.Question<T> question) {
    checkOpen();
    return index.ask(journal.durable(), question);
  }

  @Override
  public SortedMap<String, Long> datasets() {
    return catalogue.datasets();
  }

  @Override
  public SortedMap<String, FieldType> fields(String dataset) {
    return catalogue.fields(dataset);
  }

  @Override
  public void onAppend(AppendListener listener) {
    listeners.add(listener);
  }

  /** How often the journal was forced to disk. */
  long forces() {
    return journal.forces();
  }

  /** Commits the index and drops the journal files that this makes superfluous. */
  void commit() {
    try {
      journal.deleteCovered(index.commit(catalogue));
    } catch (IOException | RuntimeException e) {
      // The journal still has everything; the next commit tries again.
      System.getLogger(LuceneEventStore.class.getName())
          .log(System.Logger.Level.WARNING, "The index could not be committed", e);
    }
  }

  /** Closes as a crash does: without a commit, leaving the journal to the next start. */
  void abandon() {
    close(false);
  }

  @Override
  public void close() {
    close(true);
  }

  private synchronized void close(boolean commits) {
    if (closed) {
      return;
    }
    closed = true;
    try (lock;
        index) {
      committer.close();
      journal.close();
      index.drain();
      if (commits) {
        commit();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
