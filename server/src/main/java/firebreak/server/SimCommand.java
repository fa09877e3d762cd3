package firebreak.server;

import firebreak.sim.Simulation;
import firebreak.sim.TalkIncident;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plays an incident against a running server, over HTTP. */
@Command(
    name = "sim",
    mixinStandardHelpOptions = true,
    description = {
      "Plays an incident against a running server, over HTTP.",
      "",
      "talk: a build shortens a cache behind a flag; one customer floods the store.",
      "outage: the store slows down for everyone while the same build and flags change.",
      "",
      "The simulated application reads the flag file through LaunchDarkly's SDK, so a flag that is",
      "turned changes what it does. Thirty thin, quiet days come first."
    })
final class SimCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "INCIDENT", description = "talk or outage")
  private String incident = "talk";

  @Option(names = "--server", description = "the server to play against (${DEFAULT-VALUE})")
  private URI server = URI.create("http://127.0.0.1:8080");

  @Option(names = "--flags", required = true, description = "the flag file the application reads")
  private Path flags = Path.of("flags.json");

  @Option(names = "--key", description = "the key to send with, where the server has keys")
  private String key = "";

  @Option(names = "--github-secret", description = "a file with the secret to sign webhooks with")
  private @Nullable Path githubSecret;

  @Option(names = "--seed", description = "the same seed plays the same events (${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(names = "--minutes", description = "how long the live part is (${DEFAULT-VALUE})")
  private int minutes = 10;

  @Option(names = "--no-history", description = "leave out the thirty quiet days")
  private boolean noHistory;

  @Option(
      names = "--backdated",
      description = "play the live part at once, as if it had ended just now")
  private boolean backdated;

  @Option(names = "--ledger", description = "note the id of each acknowledged live event here")
  private @Nullable Path ledger;

  @Override
  public Integer call() throws IOException, InterruptedException {
    TalkIncident.Kind kind = kind(incident);
    Path secret = githubSecret;
    Simulation.Plan plan =
        new Simulation.Plan(
            server,
            key,
            kind,
            seed,
            flags,
            secret == null ? "" : Files.readString(secret).strip(),
            !noHistory,
            backdated,
            Duration.ofMinutes(minutes),
            ledger);
    new Simulation(plan, System.out, Clock.systemUTC()).play();
    return 0;
  }

  static TalkIncident.Kind kind(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "talk" -> TalkIncident.Kind.TALK;
      case "outage" -> TalkIncident.Kind.OUTAGE;
      default ->
          throw new IllegalArgumentException(
              "there is no incident '%s'; there are talk and outage".formatted(name));
    };
  }
}
