package firebreak.server;

import firebreak.sim.FlagFileEdit;
import firebreak.sim.Story;
import firebreak.sim.TalkIncident;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the service, and beside it a simulated production that plays an incident. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Starts the service with an embedded store and a flag file, and beside it a simulated",
      "production, a process of its own, that plays an incident in about two minutes. Prints the",
      "story as it happens, with links into the console.",
      "",
      "With --exit it ends when the incident has closed; the exit code is 0 only if the right",
      "customer was turned off and the burn stopped."
    })
final class DemoCommand implements Callable<Integer> {
  private static final Duration AT_MOST = Duration.ofMinutes(5);
  private static final Duration OUTAGE_AT_MOST = Duration.ofSeconds(150);

  private final Map<String, String> environment;

  @Option(names = "--port", description = "the port to listen on (${DEFAULT-VALUE})")
  private int port = 8080;

  @Option(names = "--data", description = "the data folder; a new temporary one by default")
  private @Nullable Path data;

  @Option(names = "--exit", description = "end when the incident has closed")
  private boolean exit;

  @Option(names = "--incident", description = "talk, or outage: none of ours (${DEFAULT-VALUE})")
  private String incident = "talk";

  @Option(names = "--seed", description = "the same seed plays the same events (${DEFAULT-VALUE})")
  private long seed = 1;

  DemoCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    TalkIncident.Kind kind = kind(incident);
    Path folder = data == null ? Files.createTempDirectory("firebreak-demo-") : data;
    Path config = prepare(folder);
    try (App app = StartFailure.explain(() -> start(config))) {
      URI server = URI.create("http://127.0.0.1:" + app.port());
      Story story = new Story(server, kind, System.out, Clock.systemUTC());
      story.tell("Firebreak listens on " + server + " and may act; its data is in " + folder);
      Process production = production(server, folder, kind);
      Runtime.getRuntime().addShutdownHook(new Thread(production::destroy, "end of production"));
      try {
        Thread teller = Thread.ofVirtual().start(() -> relay(production, story));
        List<String> wrongs =
            story.follow(kind == TalkIncident.Kind.TALK ? AT_MOST : OUTAGE_AT_MOST);
        int code = conclude(story, wrongs);
        if (exit) {
          return code;
        }
        story.tell("The console stays open at " + server + "; end with Ctrl-C.");
        teller.join();
        production.waitFor();
        Thread.currentThread().join();
        return code;
      } finally {
        production.destroy();
      }
    }
  }

  private static TalkIncident.Kind kind(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "talk" -> TalkIncident.Kind.TALK;
      case "outage" -> TalkIncident.Kind.OUTAGE;
      default ->
          throw StartFailure.because(
              "there is no incident '%s'; there are talk and outage".formatted(name));
    };
  }

  private App start(Path config) {
    return App.start(ConfigReader.read(config, environment), InstantSource.system());
  }

  private static int conclude(Story story, List<String> wrongs) {
    if (wrongs.isEmpty()) {
      story.tell("DONE  the right customer was turned off, nobody else, and the burn stopped");
      return 0;
    }
    wrongs.forEach(wrong -> story.tell("WRONG " + wrong));
    return 1;
  }

  /** Writes the configuration, the objective and the flags of the demo. */
  private Path prepare(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("slos"));
    FlagFileEdit.create(folder.resolve("flags.json"));
    Files.writeString(folder.resolve("slos/query-api-fast.yaml"), resource("query-api-fast.yaml"));
    SplittableRandom random = new SplittableRandom(System.nanoTime());
    String secret = HexFormat.of().toHexDigits(random.nextLong());
    Files.writeString(folder.resolve("github.secret"), secret);
    Path config = folder.resolve("firebreak.yaml");
    Files.writeString(config, resource("demo.yaml").formatted(port));
    return config;
  }

  /** A file of the class path, beside this class. */
  static String resource(String name) throws IOException {
    try (var in = DemoCommand.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is missing from the class path");
      }
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  private Process production(URI server, Path folder, TalkIncident.Kind kind) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "sim",
            kind.name().toLowerCase(Locale.ROOT),
            "--server",
            server.toString(),
            "--flags",
            folder.resolve("flags.json").toString(),
            "--github-secret",
            folder.resolve("github.secret").toString(),
            "--seed",
            Long.toString(seed),
            "--ledger",
            folder.resolve("ledger.txt").toString())
        .redirectErrorStream(true)
        .start();
  }

  private static void relay(Process production, Story story) {
    try (BufferedReader lines = production.inputReader()) {
      lines.lines().forEach(line -> story.tell("sim   " + line));
    } catch (IOException | java.io.UncheckedIOException e) {
      story.tell("sim   can no longer be heard: " + e.getMessage());
    }
  }
}
