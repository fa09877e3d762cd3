package firebreak.flags;

import java.time.Duration;

/** What became of an attempt to change a flag. */
public sealed interface Outcome {

  /**
   * It is in force; {@code fence} is the one it produced, {@code before} and {@code after} JSON.
   */
  record Applied(String fence, String before, String after) implements Outcome {}

  /** A dry run: nothing was written, this is what would be. */
  record WouldApply(String before, String after) implements Outcome {}

  /** Somebody else changed the flag since the fence was taken; nothing was written. */
  record Superseded(String fence) implements Outcome {}

  /** The provider wants a person's approval first. */
  record NeedsApproval(String why) implements Outcome {}

  /** It cannot be done, now or later: no such flag, variation or right. */
  record Refused(String why) implements Outcome {}

  /** Nothing was written, and trying again later may help. */
  record Unavailable(String why, Duration retryAfter) implements Outcome {}

  /** It was sent and no answer came: it may have landed, or may land yet. */
  record Unknown(String why) implements Outcome {}
}
