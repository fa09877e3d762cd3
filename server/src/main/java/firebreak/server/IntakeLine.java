package firebreak.server;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The line in which requests with events wait, still encoded, until they may be decoded and stored.
 *
 * <p>An event takes many times the memory when it is decoded, so only so many bytes are at work at
 * a time. The others wait in order, but not for long: who is told soon comes again, or goes
 * elsewhere; who waits for seconds sends once more what is still in the line. While the first in
 * the line has waited longer than is usual, nobody else gets into it.
 */
final class IntakeLine {
  /** What the smallest request counts for: its objects and its share of a write to disk. */
  private static final int LEAST_BYTES = 32 << 10;

  private static final int UNIT = 1 << 10;

  private final Semaphore work;
  private final int units;
  private final Duration usual;
  private final Duration longest;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

  /** One that waits, since when. It is no record: two that came at the same time are two. */
  private static final class Waiting {
    private final long since = System.nanoTime();
  }

  /**
   * @param bytes how many bytes of requests are decoded and stored at a time; one request that is
   *     larger has it to itself
   * @param usual how long the first may have waited while others still get into the line
   * @param longest after so long one that waits is turned away
   */
  IntakeLine(long bytes, Duration usual, Duration longest) {
    this.units = Math.toIntExact(Math.max(1, bytes / UNIT));
    this.work = new Semaphore(units, true);
    this.usual = usual;
    this.longest = longest;
  }

  /** For this machine. */
  static IntakeLine ofThisHeap() {
    return new IntakeLine(
        Limits.INGEST_BYTES_AT_WORK, Limits.INGEST_WAIT_USUAL, Limits.INGEST_WAIT);
  }

  /** Why a request that comes now is not let in; null if it is. Does not block. */
  @Nullable Refusal turnedAway() {
    Waiting first = waiting.peek();
    return first != null && System.nanoTime() - first.since > usual.toNanos() ? full() : null;
  }

  private static Refusal full() {
    return Refusal.overloaded("more events come than can be taken; come again");
  }

  /** A request that is at work. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Waits for its turn.
   *
   * @throws Refusal if that takes too long
   */
  Place enter(long bytes) {
    int needed = Math.clamp(Math.max(bytes, LEAST_BYTES) / UNIT, 1, units);
    Waiting self = new Waiting();
    waiting.add(self);
    try {
      if (!work.tryAcquire(needed, longest.toNanos(), TimeUnit.NANOSECONDS)) {
        throw full();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw full();
    } finally {
      waiting.remove(self);
    }
    return () -> work.release(needed);
  }
}
