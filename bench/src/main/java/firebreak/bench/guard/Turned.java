package firebreak.bench.guard;

import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import firebreak.flags.Outcome;
import firebreak.flags.Withdrawal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The service's flags, each of which has changed once; remembers the first that is turned. */
final class Turned implements FlagSwitch {
  @Nullable Withdrawal turned;

  @Override
  public List<String> keys() {
    return IntStream.range(0, Service.FLAGS).mapToObj(Service::flag).toList();
  }

  @Override
  public Optional<FlagState> read(String flag) {
    return Optional.of(
        new FlagState(
            flag, "2", true, List.of("true", "false"), "false", true, false, Set.of(), "{}"));
  }

  @Override
  public Outcome apply(Withdrawal withdrawal) {
    turned = turned == null ? withdrawal : turned;
    return new Outcome.Applied("3", "{}", "{}");
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
