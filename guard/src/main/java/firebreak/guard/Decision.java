package firebreak.guard;

import firebreak.flags.Withdrawal;
import java.util.List;

/** What is to be done about a burn. */
public sealed interface Decision {

  /** The guard takes the variation away by itself. */
  record Withdraw(Withdrawal withdrawal) implements Decision {}

  /**
   * A person decides.
   *
   * @param recommended what the guard would do
   * @param refusals sentences that say why it does not do it by itself
   */
  record AskHuman(Withdrawal recommended, List<String> refusals) implements Decision {
    public AskHuman {
      refusals = List.copyOf(refusals);
      if (refusals.isEmpty()) {
        throw new IllegalArgumentException("asking a person needs a reason not to act alone");
      }
    }
  }

  /** It cannot be told at this moment; what stands stays. */
  record Wait(String why) implements Decision {}

  /** There is nothing to turn, or nothing left to decide. */
  record StandDown(String why) implements Decision {}
}
