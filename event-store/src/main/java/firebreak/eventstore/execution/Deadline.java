package firebreak.eventstore.execution;

import firebreak.eventstore.Asker;
import firebreak.eventstore.LimitExceededException;
import firebreak.eventstore.WithdrawnException;
import java.time.Duration;

/** The moment at which a question has taken too long, or at which its asker has gone. */
public final class Deadline {
  private final Duration allowed;
  private final Asker asker;
  private final long start = System.nanoTime();

  public Deadline(Duration allowed) {
    this(allowed, Asker.PATIENT);
  }

  public Deadline(Duration allowed, Asker asker) {
    this.allowed = allowed;
    this.asker = asker;
  }

  /** Fails when the time is over, or when nobody waits any more. */
  public void check() {
    if (asker.isGone()) {
      throw new WithdrawnException();
    }
    if (System.nanoTime() - start > allowed.toNanos()) {
      throw new LimitExceededException(
          ("The question took longer than %s. A shorter time range, a narrower filter or fewer"
                  + " groups make it quicker.")
              .formatted(allowed));
    }
  }
}
