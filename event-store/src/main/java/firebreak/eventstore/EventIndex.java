package firebreak.eventstore;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValuesSkipper;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.LogByteSizeMergePolicy;
import org.apache.lucene.index.ReaderManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The Lucene index behind the journal.
 *
 * <p>One thread of its own adds what has become durable, in its order. So every commit holds a
 * prefix of the journal, and the highest sequence number in the index tells where to go on.
 */
final class EventIndex implements Closeable {
  private static final double BUFFER_MEGABYTES = 96;
  private static final double MERGED_MEGABYTES = 1024;
  private static final String COVERED = "sequence";
  private static final String FIELDS = "fields of ";

  /** Ends the indexing thread. */
  private static final Journal.Entry END =
      new Journal.Entry(Long.MAX_VALUE, new EventCodec.Batch("", List.of()));

  private final Directory directory;
  private final IndexWriter writer;
  private final ReaderManager readers;
  private final long committed;
  private final LinkedBlockingQueue<Journal.Entry> queue = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(Limits.PENDING_EVENTS);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private final Thread thread = new Thread(this::run, "firebreak-index");
  private final ExecutorService refresher =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("firebreak-refresh").factory());
  private volatile long indexed;
  private volatile @Nullable Throwable failure;

  EventIndex(Path path) throws IOException {
    directory = FSDirectory.open(path);
    IndexWriterConfig config = new IndexWriterConfig();
    config.setRAMBufferSizeMB(BUFFER_MEGABYTES);
    LogByteSizeMergePolicy neighbours = new LogByteSizeMergePolicy();
    neighbours.setMaxMergeMB(MERGED_MEGABYTES);
    config.setMergePolicy(neighbours);
    config.setCommitOnClose(false);
    config.setMaxFullFlushMergeWaitMillis(0);
    writer = new IndexWriter(directory, config);
    readers = new ReaderManager(writer);
    committed = lastCommitted();
    indexed = committed;
    thread.setDaemon(true);
    thread.start();
  }

  private long lastCommitted() throws IOException {
    long last = Long.parseLong(commitData().getOrDefault(COVERED, "0"));
    DirectoryReader reader = readers.acquire();
    try {
      for (LeafReaderContext leaf : reader.leaves()) {
        DocValuesSkipper sequences = leaf.reader().getDocValuesSkipper(Columns.SEQUENCE);
        last = sequences == null ? last : Math.max(last, sequences.maxValue());
      }
    } finally {
      readers.release(reader);
    }
    return last;
  }

  private Map<String, String> commitData() {
    Map<String, String> data = new HashMap<>();
    Iterable<Map.Entry<String, String>> live = writer.getLiveCommitData();
    if (live != null) {
      live.forEach(entry -> data.put(entry.getKey(), entry.getValue()));
    }
    return data;
  }

  /** The last sequence number that the index held when it was opened. */
  long committed() {
    return committed;
  }

  /** The sequence number up to which the journal is no longer needed, as of the last commit. */
  long covered() {
    return Long.parseLong(commitData().getOrDefault(COVERED, "0"));
  }

  /** Restores the fields of every dataset as of the last commit. */
  void restore(Catalogue catalogue) {
    commitData()
        .forEach(
            (key, value) -> {
              if (key.startsWith(FIELDS)) {
                catalogue.restore(key.substring(FIELDS.length()), value);
              }
            });
  }

  /** Waits until the index has caught up far enough to take so many events more. */
  void reserve(int events) {
    check();
    room.acquireUninterruptibly(Math.min(events, Limits.PENDING_EVENTS));
  }

  /** Gives back what was reserved for events that are not going to come. */
  void release(int events) {
    room.release(Math.min(events, Limits.PENDING_EVENTS));
  }

  /** Takes durable events, for which there must be a reservation. */
  void add(Journal.Entry entry) {
    queue.add(entry);
  }

  private void run() {
    try {
      for (Journal.Entry entry = queue.take();
          entry.sequence() < END.sequence();
          entry = queue.take()) {
        try {
          writer.addDocuments(Columns.documents(entry));
          advance(entry.last());
        } finally {
          release(entry.batch().events().size());
        }
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      fail(e);
    }
  }

  private void advance(long sequence) {
    lock.lock();
    try {
      indexed = sequence;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fail(Throwable e) {
    lock.lock();
    try {
      failure = e;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
    room.release(Integer.MAX_VALUE / 2);
  }

  private void check() {
    Throwable cause = failure;
    if (cause != null) {
      throw new UncheckedIOException(
          new IOException("The index failed; a restart rebuilds it from the journal.", cause));
    }
  }

  /** What is asked of the index. */
  @FunctionalInterface
  interface Question<T> {
    T answer(DirectoryReader reader) throws IOException;
  }

  /** Asks about everything up to a sequence number, and perhaps more. */
  <T> T ask(long sequence, Question<T> question) {
    await(sequence);
    refresh();
    try {
      DirectoryReader reader = readers.acquire();
      try {
        return question.answer(reader);
      } finally {
        readers.release(reader);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes what is indexed visible, on a thread of our own that no caller can interrupt. */
  private void refresh() {
    CompletableFuture.runAsync(
            () -> {
              try {
                readers.maybeRefreshBlocking();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            refresher)
        .join();
  }

  private void await(long sequence) {
    lock.lock();
    try {
      while (indexed < sequence && failure == null) {
        progress.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
    check();
  }

  /** Commits, and tells up to where the journal is no longer needed. */
  long commit(Catalogue catalogue) throws IOException {
    check();
    long covers = indexed;
    if (covers == covered()) {
      return covers;
    }
    Map<String, String> data = new HashMap<>();
    data.put(COVERED, Long.toString(covers));
    catalogue.save().forEach((dataset, fields) -> data.put(FIELDS + dataset, fields));
    writer.setLiveCommitData(data.entrySet());
    writer.commit();
    return covers;
  }

  /** Adds what is queued and stops adding. */
  void drain() {
    queue.add(END);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    try (directory;
        writer;
        readers;
        refresher) {
      drain();
    }
  }
}
