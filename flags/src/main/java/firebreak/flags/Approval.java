package firebreak.flags;

import java.time.Duration;
import java.time.Instant;

/** Where a request stands that people at the flag provider approve a withdrawal. */
public sealed interface Approval {

  /** Nobody there has said no, and it is not in force. */
  record Waiting(String id, Review review, String why) implements Approval {}

  /** How far those who review it have come. */
  enum Review {
    PENDING,
    APPROVED,
    SCHEDULED
  }

  /**
   * It was approved and carried out.
   *
   * @param by who carried it out, as the provider names them; empty when it does not say
   * @param fence the one it produced; {@code before} and {@code after} are JSON, {@code before}
   *     empty where the provider does not tell
   * @param inForce whether the flag still has it, so that nobody has taken it back since
   */
  record Applied(Instant at, String by, String fence, String before, String after, boolean inForce)
      implements Approval {}

  /** A reviewer said no; the provider may let somebody carry it out all the same. */
  record Declined(String by, String why) implements Approval {}

  /** It was approved, and could not be carried out. */
  record Failed(String why) implements Approval {}

  /** The request is no longer there: somebody deleted it. */
  record Deleted() implements Approval {}

  /** The provider does not tell now; asking again later may help. */
  record Unavailable(String why, Duration retryAfter) implements Approval {}

  /** It cannot be asked for, now or later. */
  record Refused(String why) implements Approval {}
}
