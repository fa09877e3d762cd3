package firebreak.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The line in which requests with events wait, still encoded, until they may be decoded and stored.
 *
 * <p>An event takes many times the memory when it is decoded, and what is decoded by more threads
 * than there are processors is only ready later; so only so many bytes are at work at a time. The
 * others wait in order, but not for long: who is told soon comes again, or goes elsewhere; who
 * waits for seconds sends once more what is still in the line. While the first in the line has
 * waited longer than is usual, nobody else gets into it. Nobody blocks here.
 */
final class IntakeLine {
  /** What the smallest request counts for: its objects and its share of a write to disk. */
  private static final int LEAST_BYTES = 32 << 10;

  private final long limit;
  private final Duration usual;
  private final Duration longest;
  private final Deque<Waiting> line = new ArrayDeque<>();
  private long atWork;

  /** One that waits. */
  private record Waiting(long bytes, long since, Runnable work, Consumer<Refusal> turnedAway) {}

  /**
   * @param limit while so many bytes of requests are decoded and stored, no other is begun
   * @param usual how long the first may have waited while others still get into the line
   * @param longest one that has waited so long is turned away
   */
  IntakeLine(long limit, Duration usual, Duration longest) {
    this.limit = limit;
    this.usual = usual;
    this.longest = longest;
  }

  /** For this machine. */
  static IntakeLine ofThisMachine() {
    return new IntakeLine(
        Limits.INGEST_BYTES_AT_WORK, Limits.INGEST_WAIT_USUAL, Limits.INGEST_WAIT);
  }

  /** Why a request that comes now is not let in; null if it is. */
  synchronized @Nullable Refusal turnedAway() {
    @Nullable Waiting first = line.peek();
    boolean isLong = first != null && System.nanoTime() - first.since > usual.toNanos();
    return isLong || line.size() >= Limits.INGEST_REQUESTS ? full() : null;
  }

  private static Refusal full() {
    return Refusal.overloaded("more events come than can be taken; come again");
  }

  /**
   * Begins with a request when it is its turn, now or on the thread of another that ends.
   *
   * @param work begins with it; {@link #left} is to be called when it has ended
   * @param turnedAway is told instead if that takes too long
   */
  void enter(long bytes, Runnable work, Consumer<Refusal> turnedAway) {
    long counted = counted(bytes);
    List<Runnable> next = new ArrayList<>();
    synchronized (this) {
      if (line.size() >= Limits.INGEST_REQUESTS) {
        next.add(() -> turnedAway.accept(full()));
      } else {
        line.add(new Waiting(counted, System.nanoTime(), work, turnedAway));
      }
      advance(next);
    }
    next.forEach(Runnable::run);
  }

  /** A request of so many bytes, which was at work, has ended. */
  void left(long bytes) {
    List<Runnable> next = new ArrayList<>();
    synchronized (this) {
      atWork -= counted(bytes);
      advance(next);
    }
    next.forEach(Runnable::run);
  }

  private static long counted(long bytes) {
    return Math.max(bytes, LEAST_BYTES);
  }

  /** Whose turn it is, and who has waited too long for it. */
  private void advance(List<Runnable> next) {
    long now = System.nanoTime();
    for (Waiting first = line.peek(); first != null; first = line.peek()) {
      Waiting one = first;
      if (now - one.since > longest.toNanos()) {
        next.add(() -> one.turnedAway.accept(full()));
      } else if (atWork < limit) {
        atWork += one.bytes;
        next.add(one.work);
      } else {
        return;
      }
      line.remove();
    }
  }
}
