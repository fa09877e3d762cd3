package firebreak.eventstore.execution;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that read rows, for all questions together. Each question is cut into tasks; a thread
 * that has worked on one question for a while turns to another that waits.
 *
 * <p>The asker's own thread only waits, so that an interrupt meant for it cannot hit a file that
 * others read too.
 */
final class Workers implements AutoCloseable {
  private static final long TURN_NANOS = 5_000_000;

  private final ThreadPoolExecutor pool;
  private final int width;

  Workers(int width) {
    this.width = width;
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            width,
            width,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            runnable ->
                Thread.ofPlatform()
                    .daemon()
                    .name("event-store-" + number.incrementAndGet())
                    .unstarted(runnable));
  }

  /** How many threads there are. */
  int width() {
    return width;
  }

  /** One piece of a question's work, done with the state of the lane that has taken it. */
  interface Task<L> {
    void run(L lane, int task);
  }

  /** Does the tasks 0 to {@code tasks - 1} in some order. */
  void run(int tasks, Deadline deadline, Task<Workers> task) {
    run(tasks, deadline, () -> this, task);
  }

  /**
   * Does the tasks 0 to {@code tasks - 1} in some order and returns what each lane has gathered.
   *
   * @param newLane makes the state of one lane, used by one thread at a time
   */
  <L> List<L> run(int tasks, Deadline deadline, Supplier<L> newLane, Task<L> task) {
    deadline.check();
    Work<L> work = new Work<>(tasks, deadline, task, Math.min(width, tasks));
    List<L> lanes = new ArrayList<>();
    for (int i = 0; i < work.lanes; i++) {
      lanes.add(newLane.get());
    }
    for (L lane : lanes) {
      try {
        pool.execute(() -> turn(work, lane));
      } catch (RejectedExecutionException e) {
        work.fail(new IllegalStateException("the event store is closed", e));
        work.done.countDown();
      }
    }
    work.await();
    return lanes;
  }

  private <L> void turn(Work<L> work, L lane) {
    long start = System.nanoTime();
    try {
      while (work.step(lane)) {
        if (System.nanoTime() - start > TURN_NANOS && !pool.getQueue().isEmpty()) {
          pool.execute(() -> turn(work, lane));
          return;
        }
      }
    } catch (RejectedExecutionException e) {
      work.fail(new IllegalStateException("the event store is closed", e));
    }
    work.done.countDown();
  }

  private static final class Work<L> {
    private final int tasks;
    private final Deadline deadline;
    private final Task<L> task;
    private final int lanes;
    private final CountDownLatch done;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Work(int tasks, Deadline deadline, Task<L> task, int lanes) {
      this.tasks = tasks;
      this.deadline = deadline;
      this.task = task;
      this.lanes = lanes;
      done = new CountDownLatch(lanes);
    }

    /** Does one task and tells whether there may be more. */
    boolean step(L lane) {
      int number = next.getAndIncrement();
      if (number >= tasks || failure.get() != null) {
        return false;
      }
      try {
        deadline.check();
        task.run(lane, number);
        return true;
      } catch (RuntimeException | Error e) {
        fail(e);
        return false;
      }
    }

    void fail(Throwable cause) {
      failure.compareAndSet(null, cause);
    }

    /** Waits to the end even if interrupted, since the tasks still use what the asker holds. */
    void await() {
      boolean interrupted = false;
      while (true) {
        try {
          done.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
