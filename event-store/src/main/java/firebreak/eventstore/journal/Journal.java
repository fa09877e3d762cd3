package firebreak.eventstore.journal;

import firebreak.eventstore.LimitExceededException;
import firebreak.eventstore.Limits;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The file to which events go before anybody is told that they are kept.
 *
 * <p>One thread of its own writes and forces, so that no interrupted caller can close the file
 * under the others. All appends that wait when it looks become one frame and share one force. When
 * writing or forcing fails, nothing more is acknowledged on that file: what a second force would
 * say about the lost pages is not the truth. The next append tries a new file, which must first
 * prove that it keeps what it is given.
 */
public final class Journal implements Closeable {
  public static final String SUFFIX = ".journal";

  /** A durable append; its events are numbered from {@code sequence} on. */
  public record Entry(long sequence, EventCodec.Batch batch) {
    long last() {
      return sequence + batch.events().size() - 1;
    }
  }

  /** Is given durable appends in their order, before those who made them are told. */
  @FunctionalInterface
  public interface Sink {
    void durable(Entry entry);
  }

  /** An append that waits to be written. */
  private static final class Waiting {
    final EventCodec.Batch batch;
    final byte[] bytes;
    final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    Waiting(EventCodec.Batch batch, byte[] bytes) {
      this.batch = batch;
      this.bytes = bytes;
    }
  }

  private record FileInUse(Path path, JournalDisk.Output output) {}

  /** A file that is full, or failed, with the last sequence that was acknowledged on it. */
  private record Sealed(Path path, long last) {}

  private final Path directory;
  private final JournalDisk disk;
  private final int fileBytes;
  private final Sink sink;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final List<Sealed> sealed = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "firebreak-journal");
  private List<Waiting> waiting = new ArrayList<>();
  private long waitingBytes;
  private boolean closing;
  private volatile long durable;
  private final AtomicLong forces = new AtomicLong();

  // Used by the journal's thread alone.
  private long next;
  private long fileNumber;
  private long written;
  private @Nullable FileInUse file;

  /** Starts a journal behind what {@code replayed} found; no old file is written to again. */
  Journal(
      Path directory, JournalReader.Replayed replayed, JournalDisk disk, int fileBytes, Sink sink) {
    this.directory = directory;
    this.disk = disk;
    this.fileBytes = fileBytes;
    this.sink = sink;
    durable = replayed.last();
    next = replayed.last() + 1;
    fileNumber = replayed.fileNumber() + 1;
    replayed.files().forEach(path -> sealed.add(new Sealed(path, replayed.last())));
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns when the events are on disk. */
  public void append(EventCodec.Batch batch) {
    byte[] bytes = EventCodec.encode(batch);
    if (bytes.length > Limits.APPEND_BYTES) {
      throw new IllegalArgumentException(
          "an append may take %d bytes, took %d".formatted(Limits.APPEND_BYTES, bytes.length));
    }
    Waiting entry = new Waiting(batch, bytes);
    lock.lock();
    try {
      if (closing) {
        throw new IllegalStateException("the event store is closed");
      }
      if (waitingBytes + bytes.length > Limits.APPEND_BYTES) {
        throw new LimitExceededException(
            "More than %d bytes already wait for the disk.".formatted(Limits.APPEND_BYTES));
      }
      waiting.add(entry);
      waitingBytes += bytes.length;
      work.signal();
    } finally {
      lock.unlock();
    }
    try {
      entry.done.join();
    } catch (CompletionException e) {
      throw new UncheckedIOException(
          new IOException("The events could not be written to " + directory, e.getCause()));
    }
  }

  private void run() {
    for (List<Waiting> batch = take(); !batch.isEmpty(); batch = take()) {
      try {
        write(batch);
      } catch (IOException | RuntimeException e) {
        seal();
        batch.forEach(one -> one.done.completeExceptionally(e));
      }
    }
    seal();
  }

  /** All appends that wait; none when the journal is closing. */
  private List<Waiting> take() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closing) {
        work.awaitUninterruptibly();
      }
      List<Waiting> taken = waiting;
      waiting = new ArrayList<>();
      waitingBytes = 0;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void write(List<Waiting> batch) throws IOException {
    int events = batch.stream().mapToInt(one -> one.batch.events().size()).sum();
    long first = next;
    // Whatever becomes of them, these numbers are not given out again.
    next += events;
    if (file != null && written >= fileBytes) {
      seal();
    }
    FileInUse current = file == null ? open(first) : file;
    file = current;
    ByteBuffer frame =
        JournalFormat.frame(first, events, batch.stream().map(one -> one.bytes).toList());
    written += frame.remaining();
    current.output().write(frame);
    current.output().force();
    forces.incrementAndGet();
    long sequence = first;
    for (Waiting one : batch) {
      Entry entry = new Entry(sequence, one.batch);
      sink.durable(entry);
      sequence = entry.last() + 1;
    }
    durable = sequence - 1;
    batch.forEach(one -> one.done.complete(null));
  }

  /** A new file that has shown to keep what is written to it. */
  private FileInUse open(long first) throws IOException {
    Path path = directory.resolve("%016d%s".formatted(fileNumber++, SUFFIX));
    ByteBuffer header = JournalFormat.header(first, durable);
    JournalDisk.Output output = disk.create(path);
    try {
      output.write(header.duplicate());
      output.force();
      disk.forceDirectory(directory);
      if (!header.equals(ByteBuffer.wrap(Files.readAllBytes(path)))) {
        throw new IOException(path + " does not hold what was just written to it");
      }
    } catch (IOException e) {
      try (output) {
        Files.deleteIfExists(path);
      }
      throw e;
    }
    written = header.capacity();
    return new FileInUse(path, output);
  }

  private void seal() {
    FileInUse old = file;
    if (old == null) {
      return;
    }
    file = null;
    lock.lock();
    try {
      sealed.add(new Sealed(old.path(), durable));
    } finally {
      lock.unlock();
    }
    try {
      old.output().close();
    } catch (IOException e) {
      // Everything acknowledged on it was forced; what was not, the callers know of.
      return;
    }
  }

  /** The last sequence number that has been acknowledged. */
  public long durable() {
    return durable;
  }

  /** How often data was forced to disk. */
  public long forces() {
    return forces.get();
  }

  /** How many appends wait for the next force. */
  public int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Deletes the files whose events are all numbered {@code covered} or lower. */
  public void deleteCovered(long covered) throws IOException {
    lock.lock();
    try {
      // Oldest first: a younger file is what says how far an older one was acknowledged.
      while (!sealed.isEmpty() && sealed.getFirst().last() <= covered) {
        Files.deleteIfExists(sealed.getFirst().path());
        sealed.removeFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes what waits and stops. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      work.signal();
    } finally {
      lock.unlock();
    }
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
}
