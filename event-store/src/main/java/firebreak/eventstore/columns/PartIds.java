package firebreak.eventstore.columns;

import java.util.concurrent.atomic.AtomicLong;

/** Numbers for parts, none of them twice in one process. */
final class PartIds {
  private static final AtomicLong LAST = new AtomicLong();

  private PartIds() {}

  static long next() {
    return LAST.incrementAndGet();
  }
}
