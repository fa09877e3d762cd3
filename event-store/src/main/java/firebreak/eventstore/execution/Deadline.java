package firebreak.eventstore.execution;

import firebreak.eventstore.LimitExceededException;
import java.time.Duration;

/** The moment at which a question has taken too long. */
public final class Deadline {
  private final Duration allowed;
  private final long start = System.nanoTime();

  public Deadline(Duration allowed) {
    this.allowed = allowed;
  }

  /** Fails when the time is over. */
  public void check() {
    if (System.nanoTime() - start > allowed.toNanos()) {
      throw new LimitExceededException(
          ("The question took longer than %s. A shorter time range, a narrower filter or fewer"
                  + " groups make it quicker.")
              .formatted(allowed));
    }
  }
}
