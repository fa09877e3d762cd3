package firebreak.guard;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Work that can halt in the middle while its starter goes on; only one of both runs at a time. */
final class Coroutine {
  private final Semaphore mine = new Semaphore(0);
  private final Semaphore starters = new Semaphore(0);
  private volatile boolean done;
  private volatile @Nullable Throwable failure;

  Coroutine(Runnable work) {
    Thread.ofVirtual()
        .start(
            () -> {
              mine.acquireUninterruptibly();
              try {
                work.run();
              } catch (Throwable thrown) {
                failure = thrown;
              } finally {
                done = true;
                starters.release();
              }
            });
  }

  /** Goes on until the work halts or is done; throws what the work threw. */
  void resume() {
    mine.release();
    starters.acquireUninterruptibly();
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null -> {}
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /** Halts; called by the work itself. */
  void halt() {
    starters.release();
    mine.acquireUninterruptibly();
  }

  boolean isDone() {
    return done;
  }
}
