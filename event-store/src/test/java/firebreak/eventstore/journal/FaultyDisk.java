package firebreak.eventstore.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A disk that keeps only what was forced: what was written since lies in memory and a power cut
 * loses it, or leaves a torn part of it; and a file whose directory was not forced is gone.
 */
public final class FaultyDisk implements JournalDisk {
  private final Random random;
  private final Map<Path, Unforced> files = new HashMap<>();
  private final List<Path> unlisted = new ArrayList<>();
  private boolean forgetsToForce;
  private boolean cut;
  private int forcesUntilFailure = Integer.MAX_VALUE;
  private volatile @Nullable CountDownLatch gate;
  private final AtomicInteger held = new AtomicInteger();

  public FaultyDisk(long seed) {
    random = new Random(seed);
  }

  /** From now on a force does nothing: as if the journal acknowledged before it. */
  public synchronized void forgetToForce() {
    forgetsToForce = true;
  }

  /** The force after so many more fails once, and what was written may be there or not. */
  public synchronized void failForceAfter(int forces) {
    forcesUntilFailure = forces;
  }

  /** Every force waits until the latch is open. */
  public void holdForces(CountDownLatch latch) {
    gate = latch;
  }

  /** How many forces have come to the latch. */
  public int held() {
    return held.get();
  }

  /** Loses what was not forced; nothing can be written any more. */
  public synchronized void cutPower() throws IOException {
    cut = true;
    for (Map.Entry<Path, Unforced> file : files.entrySet()) {
      byte[] lost = file.getValue().bytes.toByteArray();
      if (random.nextBoolean() && Files.exists(file.getKey())) {
        append(file.getKey(), torn(lost));
      }
    }
    for (Path path : unlisted) {
      Files.deleteIfExists(path);
    }
  }

  private byte[] torn(byte[] bytes) {
    byte[] left = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    for (int i = 0; i < left.length; i += 512) {
      if (random.nextBoolean()) {
        Arrays.fill(left, i, Math.min(i + 512, left.length), (byte) 0);
      }
    }
    // Even if all of it looks whole, it is not: the last byte never got there.
    return left.length < bytes.length || left.length == 0
        ? left
        : Arrays.copyOf(left, left.length - 1);
  }

  private static void append(Path path, byte[] bytes) throws IOException {
    Files.write(path, bytes, StandardOpenOption.APPEND);
  }

  @Override
  public synchronized Output create(Path file) throws IOException {
    checkPower();
    Files.createFile(file);
    unlisted.add(file);
    Unforced unforced = new Unforced(file);
    files.put(file, unforced);
    return unforced;
  }

  @Override
  public synchronized void forceDirectory(Path directory) throws IOException {
    checkPower();
    unlisted.removeIf(path -> directory.equals(path.getParent()));
  }

  private void checkPower() throws IOException {
    if (cut) {
      throw new IOException("the power is cut");
    }
  }

  private void force(Unforced file) throws IOException {
    CountDownLatch latch = gate;
    if (latch != null) {
      held.incrementAndGet();
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    synchronized (this) {
      checkPower();
      if (forcesUntilFailure-- == 0) {
        if (random.nextBoolean()) {
          append(file.path, file.bytes.toByteArray());
        }
        file.bytes.reset();
        throw new IOException("a force failed");
      }
      if (forgetsToForce) {
        return;
      }
      append(file.path, file.bytes.toByteArray());
      file.bytes.reset();
    }
  }

  /** What of a file lies in memory only. */
  private final class Unforced implements Output {
    private final Path path;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Unforced(Path path) {
      this.path = path;
    }

    @Override
    public void write(ByteBuffer buffer) throws IOException {
      synchronized (FaultyDisk.this) {
        checkPower();
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        bytes.write(copy);
      }
    }

    @Override
    public void force() throws IOException {
      FaultyDisk.this.force(this);
    }

    @Override
    public void close() {}
  }
}
