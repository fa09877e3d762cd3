package firebreak.bench;

import firebreak.bench.accuracy.AccuracyBench;
import firebreak.bench.api.ApiBench;
import firebreak.bench.fleet.Options;
import firebreak.bench.guard.GuardBench;
import firebreak.bench.kernels.KernelsBench;
import firebreak.bench.store.ScalingBench;
import firebreak.bench.store.Settings;
import firebreak.bench.store.StoreBench;
import firebreak.sim.fleet.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code firebreak bench}: measurements, printed as a table and on demand as JSON. */
public final class Main {
  private static final long DEFAULT_EVENTS = 1_000_000;
  private static final long OPEN_SEARCH_EVENTS = 1_000_000;
  private static final int DEFAULT_ROUNDS = 7;
  private static final int DEFAULT_SEEDS = 10;
  private static final int WEEKS = 10_000;
  private static final int INCIDENTS = 5_000;
  private static final int OVERLOAD_SECONDS = 60;
  private static final int OVERLOAD_SECONDS_AT_MOST = 600;
  private static final List<Long> SIZES = List.of(1_000_000L, 10_000_000L, 50_000_000L);

  private final Deque<String> arguments;
  private final String command;
  private long events = DEFAULT_EVENTS;
  private long openSearchEvents = OPEN_SEARCH_EVENTS;
  private long seed = 1;
  private int rounds = DEFAULT_ROUNDS;
  private List<String> peers = Settings.PEERS;
  private List<String> questions = List.of();
  private boolean scaling;
  private boolean check;
  private List<Long> sizes = SIZES;
  private Path folder = Path.of(System.getProperty("java.io.tmpdir"));
  private @Nullable Path json;
  private @Nullable Path data;
  private @Nullable URI server;
  private Set<String> tables = AccuracyBench.TABLES;
  private @Nullable Path cases;
  private List<Path> earlier = List.of();
  private @Nullable Path plot;
  private List<Kind> kinds = Options.incidents();
  private int seeds = DEFAULT_SEEDS;
  private int quiet = -1;
  private int weeks = WEEKS;
  private boolean rulesOnly;
  private int incidents = INCIDENTS;
  private int seconds = OVERLOAD_SECONDS;
  private boolean overloadOnly;
  private int threads = Runtime.getRuntime().availableProcessors();

  private Main(String[] arguments) {
    this.arguments = new ArrayDeque<>(List.of(arguments));
    this.command = "firebreak bench " + String.join(" ", arguments);
  }

  public static void main(String[] arguments) throws Exception {
    try {
      boolean good = new Main(arguments).run();
      System.exit(good ? 0 : 1);
    } catch (IllegalArgumentException e) {
      System.err.println("firebreak bench: " + e.getMessage() + "; see firebreak bench --help");
      System.exit(2);
    }
  }

  private boolean run() throws Exception {
    String bench = arguments.isEmpty() ? "store" : arguments.remove();
    while (!arguments.isEmpty()) {
      option(arguments.remove());
    }
    return switch (bench) {
      case "store" -> store();
      case "accuracy" -> accuracy();
      case "guard" -> guard();
      case "api" -> api();
      case "kernels" -> new KernelsBench(check, json, System.out).run();
      default ->
          throw new IllegalArgumentException(
              "there is no bench '%s'; there are store, kernels, accuracy, guard and api"
                  .formatted(bench));
    };
  }

  private boolean accuracy() throws Exception {
    Path work = folder.resolve("firebreak-accuracy-" + ProcessHandle.current().pid());
    int hours = quiet < 0 ? seeds * Options.QUIET_PER_SEED : quiet;
    Options fleet = new Options(kinds, seed, seeds, hours, threads, json, cases, plot, command);
    AccuracyBench.Server asked =
        server == null ? null : new AccuracyBench.Server(server, Instant.now());
    return new AccuracyBench(tables, data, asked, fleet, work, System.out, System.err).run();
  }

  private boolean api() throws Exception {
    if (seconds < 1 || seconds > OVERLOAD_SECONDS_AT_MOST) {
      throw new IllegalArgumentException(
          "--seconds lies between 1 and %d, was %d".formatted(OVERLOAD_SECONDS_AT_MOST, seconds));
    }
    Path server = home().resolveSibling("server");
    Path work = folder.resolve("firebreak-api-" + ProcessHandle.current().pid());
    Duration overload = Duration.ofSeconds(seconds);
    ApiBench bench = new ApiBench(server, work, json, command, System.out);
    boolean took = overloadOnly || bench.rates();
    boolean held = bench.overload(overload);
    bench.write();
    return took && held;
  }

  private static Path home() {
    return Path.of(System.getProperty("firebreak.bench.home", "bench")).toAbsolutePath();
  }

  private boolean guard() throws Exception {
    return new GuardBench(
            weeks,
            incidents,
            seed,
            threads,
            !rulesOnly,
            json,
            cases,
            earlier,
            command,
            System.out,
            System.err)
        .run();
  }

  private boolean store() throws Exception {
    Settings settings = settings();
    return scaling
        ? new ScalingBench(settings, System.out, System.err).run()
        : new StoreBench(settings, System.out, System.err).run();
  }

  private void option(String name) {
    switch (name) {
      case "--events" -> events = number(name);
      case "--opensearch-events" -> openSearchEvents = number(name);
      case "--seed" -> seed = number(name);
      case "--rounds" -> rounds = (int) number(name);
      case "--peers" -> peers = peers(value(name));
      case "--questions" -> questions = List.of(value(name).split(","));
      case "--folder" -> folder = Path.of(value(name));
      case "--json" -> json = Path.of(value(name));
      case "--tables" -> tables = Set.of(value(name).split(","));
      case "--server" -> server = URI.create(value(name));
      case "--data" -> data = Path.of(value(name));
      case "--cases" -> cases = Path.of(value(name));
      case "--earlier" -> earlier = Arrays.stream(value(name).split(",")).map(Path::of).toList();
      case "--plot" -> plot = Path.of(value(name));
      case "--kinds" -> kinds = Arrays.stream(value(name).split(",")).map(Kind::of).toList();
      case "--seeds" -> seeds = (int) number(name);
      case "--rules-only" -> rulesOnly = true;
      case "--weeks" -> weeks = (int) number(name);
      case "--incidents" -> incidents = (int) number(name);
      case "--quiet" -> quiet = (int) number(name);
      case "--seconds" -> seconds = (int) number(name);
      case "--overload-only" -> overloadOnly = true;
      case "--threads" -> threads = (int) number(name);
      case "--scaling" -> scaling = true;
      case "--check" -> check = true;
      case "--sizes" ->
          sizes = Arrays.stream(value(name).split(",")).map(size -> number(name, size)).toList();
      default -> throw new IllegalArgumentException("there is no option '%s'".formatted(name));
    }
  }

  private static List<String> peers(String names) {
    return names.equals("none") ? List.of() : List.of(names.split(","));
  }

  private String value(String option) {
    String value = arguments.poll();
    if (value == null) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return value;
  }

  private long number(String option) {
    return number(option, value(option));
  }

  private static long number(String option, String text) {
    try {
      return Long.parseLong(text.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s takes a whole number, was '%s'".formatted(option, text), e);
    }
  }

  private Settings settings() {
    return new Settings(
        events,
        seed,
        rounds,
        peers,
        questions,
        openSearchEvents,
        sizes,
        home(),
        folder.resolve("firebreak-bench-" + ProcessHandle.current().pid()),
        json,
        command);
  }
}
