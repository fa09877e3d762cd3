package firebreak.flags;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Changes whom a flag serves what. Every write is fenced: it applies only if nothing has touched
 * the flag since its fence was taken.
 */
public interface FlagSwitch {
  /** Of a provider that gives back at once or not at all. */
  Outcome.Refused NOT_IN_STEPS =
      new Outcome.Refused("the flag provider gives nothing back in steps");

  /** The flags there are, by key. */
  List<String> keys();

  /** The flags as they stand, as {@link #read} has each. */
  default List<FlagState> all() {
    return keys().stream().map(this::read).flatMap(Optional::stream).toList();
  }

  /** The flag as it stands at its provider, empty when there is none of that key. */
  Optional<FlagState> read(String flag);

  /** Takes the variation away from the audience, in one atomic change. */
  Outcome apply(Withdrawal withdrawal);

  /** Says what {@link #apply} would change, and writes nothing. */
  Outcome dryRun(Withdrawal withdrawal);

  /**
   * Puts back what an applied withdrawal took away; only a person asks for this.
   *
   * @param fence the fence that the withdrawal produced, or the one in force that the person saw
   */
  Outcome undo(Withdrawal withdrawal, String before, String fence);

  /**
   * Gives a part of what an applied withdrawal took away back, in one change; only a person asks
   * for this.
   */
  default Outcome restore(Restoration step) {
    return NOT_IN_STEPS;
  }

  /** Says what {@link #restore} would change, and writes nothing. */
  default Outcome dryRun(Restoration step) {
    return NOT_IN_STEPS;
  }

  /** Asks the provider whether a step that was sent has landed. */
  default Landing landed(Restoration step) {
    return new Landing.Absent();
  }

  /** Asks the provider whether a withdrawal that was sent has landed. */
  Landing landed(Withdrawal withdrawal);

  /** Whether the provider can remove a target by itself at a time. */
  default boolean removesTargets() {
    return false;
  }

  /**
   * The targets of a flag that the provider is to remove by itself.
   *
   * @throws java.io.UncheckedIOException if the provider does not answer
   */
  default List<ExpiringTarget> expiring(String flag) {
    return List.of();
  }

  /**
   * Has the provider remove the targets of an applied withdrawal at that time, by which it gives
   * back what was taken; only a person asks for this.
   */
  default Outcome expire(Withdrawal withdrawal, Instant at) {
    return new Outcome.Refused("the flag provider removes no targets by itself");
  }

  /**
   * Whether the flag has what the withdrawal does.
   *
   * @throws java.io.UncheckedIOException if the provider does not answer
   */
  default boolean holds(Withdrawal withdrawal) {
    return true;
  }

  /** How to ask people at the provider for what may not be written without them. */
  default Approvals approvals() {
    return Approvals.NONE;
  }

  /**
   * Whether the provider is known to honour the fence of a write. While it is not, nothing may act
   * by itself. May ask the provider, by dry runs.
   */
  default boolean preconditionsEnforced() {
    return false;
  }

  /** Whether a change that was sent is in force. */
  sealed interface Landing {
    record Landed(String fence, String before, String after) implements Landing {}

    record Absent() implements Landing {}

    record Unreachable(String why) implements Landing {}
  }
}
