package firebreak.flags;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file held under its lock file, against other processes and other threads of this one. An editor
 * that ignores the lock file can still slip in between reading and renaming.
 */
final class LockedFile implements AutoCloseable {
  static final Duration LOCK_WAIT = Duration.ofSeconds(5);
  private static final Duration LOCK_POLL = Duration.ofMillis(5);

  /** The JDK's file locks belong to the process, so its threads need one of their own. */
  private static final Map<Path, ReentrantLock> THREAD_LOCKS = new ConcurrentHashMap<>();

  private final Path path;
  private final ReentrantLock threads;
  private final FileChannel channel;
  private final FileLock processes;

  private LockedFile(Path path, ReentrantLock threads, FileChannel channel, FileLock processes) {
    this.path = path;
    this.threads = threads;
    this.channel = channel;
    this.processes = processes;
  }

  /** Waits for the lock, at most {@link #LOCK_WAIT}. */
  static LockedFile open(Path link) throws IOException {
    // A rename onto a symbolic link would replace the link.
    Path path = link.toRealPath();
    long deadline = System.nanoTime() + LOCK_WAIT.toNanos();
    ReentrantLock threads = THREAD_LOCKS.computeIfAbsent(path, _ -> new ReentrantLock(true));
    try {
      if (!threads.tryLock(LOCK_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException("flag file " + path + ": its lock is held by another thread");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the lock of " + path, e);
    }
    FileChannel channel = null;
    try {
      Path lockFile = sibling(path, ".lock");
      channel = FileChannel.open(lockFile, CREATE, WRITE);
      FileLock lock = channel.tryLock();
      while (lock == null) {
        if (System.nanoTime() > deadline) {
          throw new IOException("flag file " + path + ": another process holds " + lockFile);
        }
        Thread.sleep(LOCK_POLL);
        lock = channel.tryLock();
      }
      return new LockedFile(path, threads, channel, lock);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      release(channel, threads);
      throw new IOException("interrupted while waiting for the lock of " + path, e);
    } catch (IOException | RuntimeException e) {
      release(channel, threads);
      throw e;
    }
  }

  Path path() {
    return path;
  }

  /** Replaces the file as a whole: a reader sees the old content or the new. */
  void replace(byte[] content) throws IOException {
    replace(path, content);
  }

  /** Makes sure that the renaming itself survives a power cut. */
  void syncFolder() throws IOException {
    try (FileChannel folder = FileChannel.open(folder(path), READ)) {
      folder.force(true);
    }
  }

  /** Writes beside the file, to disk, then renames. */
  static void replace(Path path, byte[] content) throws IOException {
    Path temporary = sibling(path, ".tmp");
    try {
      try (FileChannel out = FileChannel.open(temporary, CREATE, WRITE, TRUNCATE_EXISTING)) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
        out.force(true);
      }
      if (Files.exists(path) && Files.getFileStore(path).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(path));
      }
      Files.move(temporary, path, ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  static Path sibling(Path path, String suffix) {
    return folder(path).resolve(path.getFileName() + suffix);
  }

  private static Path folder(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? path.getFileSystem().getPath("/") : parent;
  }

  private static void release(@Nullable FileChannel channel, ReentrantLock threads)
      throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      threads.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      processes.release();
    } finally {
      release(channel, threads);
    }
  }
}
