package firebreak.bench.fleet;

import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import firebreak.flags.Outcome;
import firebreak.flags.Withdrawal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The production's flags, which let themselves be turned; that nothing comes of it is no matter.
 */
final class Turned implements FlagSwitch {
  private final Map<String, FlagState> flags = new LinkedHashMap<>();

  Turned(List<FlagState> states) {
    states.forEach(state -> flags.put(state.key(), state));
  }

  @Override
  public List<String> keys() {
    return List.copyOf(flags.keySet());
  }

  @Override
  public Optional<FlagState> read(String flag) {
    return Optional.ofNullable(flags.get(flag));
  }

  @Override
  public Outcome apply(Withdrawal withdrawal) {
    return new Outcome.Applied(withdrawal.fence() + "+", "{}", "{}");
  }

  @Override
  public Outcome dryRun(Withdrawal withdrawal) {
    return new Outcome.WouldApply("{}", "{}");
  }

  @Override
  public Outcome undo(Withdrawal withdrawal, String before, String fence) {
    return new Outcome.Refused("nobody takes anything back here");
  }

  @Override
  public Landing landed(Withdrawal withdrawal) {
    return new Landing.Absent();
  }

  @Override
  public boolean preconditionsEnforced() {
    return true;
  }
}
