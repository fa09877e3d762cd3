package firebreak.eventstore.journal;

import firebreak.eventstore.Durability;
import firebreak.eventstore.LimitExceededException;
import firebreak.eventstore.Limits;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The file to which changes go before anybody is told that they are kept.
 *
 * <p>One thread of its own writes and forces, so that no interrupted caller can close the file
 * under the others. All changes that wait when it looks become one frame and share one force. When
 * writing or forcing fails, nothing more is acknowledged on that file: what a second force would
 * say about the lost pages is not the truth. The next change tries a new file, which must first
 * prove that it keeps what it is given.
 */
public final class Journal implements Closeable {
  public static final String SUFFIX = ".journal";

  /** How long a change that was acknowledged as {@link Durability#FAST} may wait for its force. */
  private static final Duration FORCED_WITHIN = Duration.ofMillis(500);

  /** Is told what became of a change, on the journal's thread and in the journal's order. */
  public interface Receipt {
    /** The change is kept; its numbers start at {@code sequence}. */
    void kept(long sequence);

    void failed(Exception cause);
  }

  /** A change that waits to be written. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Waiting(int numbers, byte[] bytes, Durability durability, Receipt receipt) {}

  /** A frame of which all was acknowledged as {@link Durability#FAST} and is not forced yet. */
  private record Unforced(long first, int numbers, List<byte[]> changes) {
    long last() {
      return first + numbers - 1;
    }
  }

  private record FileInUse(Path path, JournalDisk.Output output, long secret) {}

  /** A file that is full, or failed, with the last sequence that counts on it. */
  private record Sealed(Path path, long last, long bytes) {}

  private final Path directory;
  private final JournalDisk disk;
  private final int fileBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final List<Sealed> sealed = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "firebreak-journal");
  private List<Waiting> waiting = new ArrayList<>();
  private long waitingBytes;
  private boolean closing;
  private volatile long forced;
  private volatile long written;
  private volatile @Nullable Exception failure;
  private final AtomicLong forces = new AtomicLong();

  // Used by the journal's thread alone.
  private long next;
  private long fileNumber;
  private long lastWritten;
  private long unforcedSince;
  private final List<Unforced> unforced = new ArrayList<>();
  private @Nullable FileInUse file;

  /** Starts a journal behind what {@code replayed} found; no old file is written to again. */
  public Journal(Path directory, JournalReader.Replayed replayed, JournalDisk disk, int fileBytes)
      throws IOException {
    this.directory = directory;
    this.disk = disk;
    this.fileBytes = fileBytes;
    forced = replayed.last();
    next = replayed.last() + 1;
    fileNumber = replayed.fileNumber() + 1;
    for (Path path : replayed.files()) {
      sealed.add(new Sealed(path, replayed.last(), Files.size(path)));
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns when the change is on disk; its first sequence number. */
  public long append(Change change) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    append(
        change,
        Durability.DURABLE,
        new Receipt() {
          @Override
          public void kept(long sequence) {
            done.complete(sequence);
          }

          @Override
          public void failed(Exception cause) {
            done.completeExceptionally(cause);
          }
        });
    try {
      return done.join();
    } catch (CompletionException e) {
      throw new UncheckedIOException(
          new IOException("The events could not be written to " + directory, e.getCause()));
    }
  }

  /** Encodes the change and leaves it to be written. */
  public void append(Change change, Durability durability, Receipt receipt) {
    byte[] bytes = ChangeCodec.encode(change);
    if (bytes.length > Limits.APPEND_BYTES) {
      throw new IllegalArgumentException(
          "an append may take %d bytes, took %d".formatted(Limits.APPEND_BYTES, bytes.length));
    }
    lock.lock();
    try {
      if (closing) {
        throw new IllegalStateException("the event store is closed");
      }
      if (waitingBytes + bytes.length > Limits.APPEND_BYTES) {
        throw new LimitExceededException(
            "More than %d bytes already wait for the disk.".formatted(Limits.APPEND_BYTES));
      }
      waiting.add(new Waiting(change.numbers(), bytes, durability, receipt));
      waitingBytes += bytes.length;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    for (List<Waiting> batch = take(); batch != null; batch = take()) {
      try {
        if (!batch.isEmpty()) {
          write(batch);
        } else {
          force();
        }
      } catch (IOException | RuntimeException | Error e) {
        // Whatever it is, nobody may wait for this thread for ever.
        Exception cause = e instanceof Exception known ? known : new IOException(e);
        failure = cause;
        seal();
        // What could not be forced is tried again when that is due, on another file.
        unforcedSince = unforced.isEmpty() ? 0 : System.nanoTime() | 1;
        batch.forEach(one -> one.receipt().failed(cause));
      }
    }
    try {
      force();
      roll();
    } catch (IOException e) {
      failure = e;
      seal();
    }
  }

  /** All that wait; none when it is time to force; null when the journal is closing. */
  private @Nullable List<Waiting> take() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closing && !isForceDue()) {
        if (unforcedSince == 0) {
          work.awaitUninterruptibly();
        } else {
          long left = unforcedSince + FORCED_WITHIN.toNanos() - System.nanoTime();
          long _ = work.awaitNanos(left);
        }
      }
      if (waiting.isEmpty() && closing) {
        return null;
      }
      List<Waiting> taken = waiting;
      waiting = new ArrayList<>();
      waitingBytes = 0;
      return taken;
    } catch (InterruptedException e) {
      // Nobody has this thread to interrupt it; forcing early does no harm.
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private boolean isForceDue() {
    return unforcedSince != 0 && System.nanoTime() - unforcedSince >= FORCED_WITHIN.toNanos();
  }

  private void write(List<Waiting> batch) throws IOException {
    if (written >= fileBytes) {
      roll();
    }
    int numbers = batch.stream().mapToInt(Waiting::numbers).sum();
    long first = next;
    // Whatever becomes of them, these numbers are not given out again.
    next += numbers;
    FileInUse current = fileInUse(first);
    Unforced frame = new Unforced(first, numbers, batch.stream().map(Waiting::bytes).toList());
    write(current, frame);
    boolean durable = batch.stream().anyMatch(one -> one.durability() == Durability.DURABLE);
    if (durable || isForceDue()) {
      force(current);
    } else {
      unforced.add(frame);
    }
    long sequence = first;
    for (Waiting one : batch) {
      one.receipt().kept(sequence);
      sequence += one.numbers();
    }
  }

  /**
   * The file in use. A new one begins with what a file that failed has acknowledged and may have
   * lost.
   */
  private FileInUse fileInUse(long first) throws IOException {
    FileInUse current = file;
    if (current == null) {
      current = open(unforced.isEmpty() ? first : unforced.getFirst().first());
      file = current;
      for (Unforced frame : unforced) {
        write(current, frame);
      }
    }
    return current;
  }

  private void write(FileInUse current, Unforced frame) throws IOException {
    ByteBuffer bytes =
        JournalFormat.frame(
            current.secret(), frame.first(), forced, frame.numbers(), frame.changes());
    long grown = written + bytes.remaining();
    written = grown;
    current.output().write(bytes);
    lastWritten = frame.last();
    if (unforcedSince == 0) {
      unforcedSince = System.nanoTime() | 1;
    }
  }

  /** Forces what is not forced yet, if there is anything. */
  private void force() throws IOException {
    if (!unforced.isEmpty()) {
      force(fileInUse(next));
    }
  }

  private void force(FileInUse current) throws IOException {
    current.output().force();
    unforced.clear();
    unforcedSince = 0;
    forced = lastWritten;
    forces.incrementAndGet();
    failure = null;
  }

  /** A new file that has shown to keep what is written to it. */
  private FileInUse open(long first) throws IOException {
    Path path = directory.resolve("%016d%s".formatted(fileNumber++, SUFFIX));
    long secret = disk.secret();
    ByteBuffer header = JournalFormat.header(first, forced, secret);
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
    return new FileInUse(path, output, secret);
  }

  /** Ends the file in use, all of it on disk. */
  private void roll() throws IOException {
    force();
    seal();
  }

  private void seal() {
    FileInUse old = file;
    if (old == null) {
      return;
    }
    file = null;
    unforcedSince = 0;
    lock.lock();
    try {
      sealed.add(new Sealed(old.path(), forced, written));
      written = 0;
    } finally {
      lock.unlock();
    }
    try {
      old.output().close();
    } catch (IOException e) {
      // All that counts on it was forced; what was not, the callers know of.
      return;
    }
  }

  /** The last sequence number that is known to be on disk. */
  public long forced() {
    return forced;
  }

  /** How often data was forced to disk. */
  public long forces() {
    return forces.get();
  }

  /** Why the last write or force failed; null if it did not. */
  public @Nullable Exception failure() {
    return failure;
  }

  /** How many bytes lie in the journal's files. */
  public long bytes() {
    lock.lock();
    try {
      return written + sealed.stream().mapToLong(Sealed::bytes).sum();
    } finally {
      lock.unlock();
    }
  }

  /** How many changes wait for the next force. */
  public int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Deletes the files whose changes are all numbered {@code covered} or lower. */
  public void deleteCovered(long covered) throws IOException {
    lock.lock();
    try {
      // Oldest first: a younger file is what says how far an older one counts.
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
