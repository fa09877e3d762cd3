package firebreak.eventstore;

import firebreak.eventstore.columns.Times;
import java.util.List;

/**
 * A question concerns a time of which a part file is damaged, so that any answer could be wrong.
 */
public final class DamagedPartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What the name of a part file must end in for the store to go on without it. */
  public static final String GIVEN_UP = ".damaged";

  private DamagedPartException(String message) {
    super(message);
  }

  static void check(PartEntry entry, List<TimeRange> ranges) {
    for (TimeRange range : ranges) {
      if (Times.nanos(range.start()) <= entry.lastTime()
          && entry.firstTime() < Times.nanos(range.end())) {
        throw new DamagedPartException(describe(entry));
      }
    }
  }

  /** Says what the damage of a part costs and what to do about it. */
  static String describe(PartEntry entry) {
    return ("The part file %s is damaged: %d events of the dataset \"%s\" between %s and %s cannot"
            + " be read. Restore it from a snapshot, or, to go on without these events, rename it"
            + " to %s%s and start again.")
        .formatted(
            entry.file(),
            entry.rows(),
            entry.dataset(),
            Times.instant(entry.firstTime()),
            Times.instant(entry.lastTime()),
            entry.file(),
            GIVEN_UP);
  }

  /** Says where events of a part lie that was given up, and what to do about it. */
  static String describeKept(PartEntry entry) {
    return ("The part file %s was given up, and %s%s still holds %d events of the dataset \"%s\"."
            + " Empty that file, but leave it where it is.")
        .formatted(entry.file(), entry.file(), GIVEN_UP, entry.rows(), entry.dataset());
  }

  /** Says what going on without a part costs. */
  static String describeGivenUp(PartEntry entry) {
    return ("The part file %s was given up: %d events of the dataset \"%s\" between %s and %s are"
            + " missing.")
        .formatted(
            entry.file(),
            entry.rows(),
            entry.dataset(),
            Times.instant(entry.firstTime()),
            Times.instant(entry.lastTime()));
  }
}
