package firebreak.server;

import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import firebreak.flags.Outcome;
import firebreak.flags.Withdrawal;
import java.util.List;
import java.util.Optional;

/** What stands where no flag source is configured: there is no flag, and nothing can be turned. */
final class NoFlags implements FlagSwitch {
  private static final String WHY =
      "no flag source is configured; set flags.file or flags.launchdarkly";

  @Override
  public List<String> keys() {
    return List.of();
  }

  @Override
  public Optional<FlagState> read(String flag) {
    return Optional.empty();
  }

  @Override
  public Outcome apply(Withdrawal withdrawal) {
    return new Outcome.Refused(WHY);
  }

  @Override
  public Outcome dryRun(Withdrawal withdrawal) {
    return new Outcome.Refused(WHY);
  }

  @Override
  public Outcome undo(Withdrawal withdrawal, String before, String fence) {
    return new Outcome.Refused(WHY);
  }

  @Override
  public Landing landed(Withdrawal withdrawal) {
    return new Landing.Absent();
  }
}
