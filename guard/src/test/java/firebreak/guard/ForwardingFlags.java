package firebreak.guard;

import firebreak.flags.Approvals;
import firebreak.flags.ExpiringTarget;
import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import firebreak.flags.Outcome;
import firebreak.flags.Restoration;
import firebreak.flags.Withdrawal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A switch that asks another; what goes wrong on the way is for its subclasses to say. */
class ForwardingFlags implements FlagSwitch {
  final FlagSwitch to;

  ForwardingFlags(FlagSwitch to) {
    this.to = to;
  }

  @Override
  public List<String> keys() {
    return to.keys();
  }

  @Override
  public Optional<FlagState> read(String flag) {
    return to.read(flag);
  }

  @Override
  public Outcome apply(Withdrawal withdrawal) {
    return to.apply(withdrawal);
  }

  @Override
  public boolean preconditionsEnforced() {
    return to.preconditionsEnforced();
  }

  @Override
  public Outcome dryRun(Withdrawal withdrawal) {
    return to.dryRun(withdrawal);
  }

  @Override
  public boolean removesTargets() {
    return to.removesTargets();
  }

  @Override
  public List<ExpiringTarget> expiring(String flag) {
    return to.expiring(flag);
  }

  @Override
  public Outcome expire(Withdrawal withdrawal, Instant at) {
    return to.expire(withdrawal, at);
  }

  @Override
  public boolean holds(Withdrawal withdrawal) {
    return to.holds(withdrawal);
  }

  @Override
  public Approvals approvals() {
    return to.approvals();
  }

  @Override
  public Outcome undo(Withdrawal withdrawal, String before, String fence) {
    return to.undo(withdrawal, before, fence);
  }

  @Override
  public Outcome restore(Restoration step) {
    return to.restore(step);
  }

  @Override
  public Outcome dryRun(Restoration step) {
    return to.dryRun(step);
  }

  @Override
  public Landing landed(Restoration step) {
    return to.landed(step);
  }

  @Override
  public Landing landed(Withdrawal withdrawal) {
    return to.landed(withdrawal);
  }
}
