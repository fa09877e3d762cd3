package firebreak.guard;

import firebreak.flags.FlagSwitch;
import firebreak.flags.Outcome;
import firebreak.flags.Withdrawal;
import java.util.HashSet;
import java.util.Set;

/** Wrong ways to fence a write, which a suite must tell from the right one. */
final class WrongFlags {
  private WrongFlags() {}

  /** Writes with whatever fence is in force. */
  static class Rereading extends ForwardingFlags {
    Rereading(FlagSwitch to) {
      super(to);
    }

    @Override
    public Outcome apply(Withdrawal withdrawal) {
      return to.apply(
          new Withdrawal(
              withdrawal.intent(),
              withdrawal.flag(),
              withdrawal.audience(),
              withdrawal.fromVariation(),
              withdrawal.toVariation(),
              to.read(withdrawal.flag()).orElseThrow().fence(),
              withdrawal.comment()));
    }
  }

  /** Keeps the fence the first time, and reads it anew when it sends again. */
  static final class RereadingOnRetry extends Rereading {
    private final Set<String> sent = new HashSet<>();

    RereadingOnRetry(FlagSwitch to) {
      super(to);
    }

    @Override
    public Outcome apply(Withdrawal withdrawal) {
      return sent.add(withdrawal.intent()) ? to.apply(withdrawal) : super.apply(withdrawal);
    }
  }
}
