package firebreak.eventstore;

import java.time.Duration;

/** The moment at which a question has taken too long. */
final class Deadline {
  private final Duration allowed;
  private final long start = System.nanoTime();

  Deadline(Duration allowed) {
    this.allowed = allowed;
  }

  /** Fails when the time is over. */
  void check() {
    if (System.nanoTime() - start > allowed.toNanos()) {
      throw new LimitExceededException(
          ("The question took longer than %s. A shorter time range, a narrower filter or fewer"
                  + " groups make it quicker.")
              .formatted(allowed));
    }
  }
}
