package firebreak.server;

import firebreak.sim.Simulation;
import firebreak.sim.TalkIncident;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Plays the talk's incident, or one in its place that no change of ours made. */
@Command(mixinStandardHelpOptions = true)
final class SimTalkCommand implements Callable<Integer> {
  private final TalkIncident.Kind kind;

  @Mixin private final SimOptions options = new SimOptions();

  @Option(names = "--github-secret", description = "a file with the secret to sign webhooks with")
  private @Nullable Path githubSecret;

  @Option(names = "--minutes", description = "how long the live part is (${DEFAULT-VALUE})")
  private int minutes = 10;

  @Option(names = "--no-history", description = "leave out the thirty quiet days")
  private boolean noHistory;

  @Option(names = "--ledger", description = "note the id of each acknowledged live event here")
  private @Nullable Path ledger;

  private SimTalkCommand(TalkIncident.Kind kind) {
    this.kind = kind;
  }

  static CommandLine of(TalkIncident.Kind kind, String story) {
    CommandLine command = new CommandLine(new SimTalkCommand(kind));
    command
        .getCommandSpec()
        .usageMessage()
        .description(
            story,
            "",
            "The simulated application reads the flag file through LaunchDarkly's SDK, so a",
            "flag that is turned changes what it does. Thirty thin, quiet days come first.",
            "");
    return command;
  }

  @Override
  public Integer call() throws InterruptedException {
    return SimOptions.played(this::play);
  }

  private int play() throws IOException, InterruptedException {
    Path secret = githubSecret;
    Simulation.Plan plan =
        new Simulation.Plan(
            options.server,
            options.key,
            kind,
            options.seed,
            options.flags(),
            secret == null ? "" : Files.readString(secret).strip(),
            !noHistory,
            options.backdated,
            Duration.ofMinutes(minutes),
            ledger);
    new Simulation(plan, System.out, Clock.systemUTC()).play();
    return 0;
  }
}
