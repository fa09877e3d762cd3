package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.flags.Audience;
import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import firebreak.flags.Flags;
import firebreak.flags.Outcome;
import firebreak.flags.Withdrawal;
import firebreak.sim.FleetJudgement;
import firebreak.sim.FleetSimulation;
import firebreak.sim.fleet.Fleet;
import firebreak.sim.fleet.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Productions of the fleet, played over HTTP against one service, each in hours of its own. */
@Execution(ExecutionMode.CONCURRENT)
class FleetIT {
  /** A seed whose flag changes two seconds after it begins, and is told of two seconds later. */
  private static final long GOES_TO_EVERYBODY_AT_ONCE = 78;

  /** Enough to tell; a third of what is usual. */
  private static final int PER_MINUTE = 500;

  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), Map.of(), args);
  }

  private Path flags() {
    return folder.resolve("flags.json");
  }

  private FleetSimulation simulation(URI server, Kind kind, long seed, int minutes, Clock clock) {
    return new FleetSimulation(
        new FleetSimulation.Plan(
            server, "", kind, seed, flags(), PER_MINUTE, 1, true, Duration.ofMinutes(minutes)),
        NOWHERE,
        clock);
  }

  private static Clock hoursAgo(int hours) {
    return Clock.offset(Clock.systemUTC(), Duration.ofHours(-hours));
  }

  private App prepared() {
    assertEquals(
        0, run("sim", "fleet", "--prepare", folder.toString(), "--server", "http://127.0.0.1:0"));
    Config config = ConfigReader.read(folder.resolve("firebreak.yaml"), Map.of());
    return App.start(config, InstantSource.system());
  }

  @Test
  void theVerdictsAreTheTruth() throws Exception {
    try (App app = prepared();
        Api api = new Api(app.port())) {
      URI server = api.server();
      List<FleetSimulation> played =
          List.of(
              simulation(server, Kind.QUIET, 1, 20, hoursAgo(12)),
              simulation(server, Kind.BUILD, 1, 13, hoursAgo(8)),
              simulation(server, Kind.FLAG_ARM, 3, 15, hoursAgo(4)));
      for (FleetSimulation simulation : played) {
        simulation.play();
      }
      out.getBuffer().setLength(0);
      int code =
          run(
              "sim",
              "fleet",
              "--server",
              server.toString(),
              "--flags",
              flags().toString(),
              "--kind",
              "15",
              "--seed",
              "3",
              "--hours",
              "1",
              "--per-minute",
              "500",
              "--minutes",
              "14",
              "--backdated");

      assertEquals(0, code, out + " " + err);
      assertTrue(out.toString().endsWith("right\n"), out.toString());
      assertTrue(out.toString().contains("none of our changes explains it"), out.toString());
      for (FleetSimulation simulation : played) {
        FleetJudgement judgement =
            FleetJudgement.look(server, "", simulation.fleet(), simulation.end());
        assertTrue(judgement.isGood(), simulation.fleet().kind() + " " + judgement);
      }
    }
  }

  /** Played live, it asks what the flag file serves, whoever changes it. */
  @Test
  void aFlagThatIsTurnedOffIsServedNoMore() throws Exception {
    try (App app = prepared();
        Api api = new Api(app.port())) {
      FleetSimulation live =
          new FleetSimulation(
              new FleetSimulation.Plan(
                  api.server(),
                  "",
                  Kind.FLAG_EVERYBODY,
                  GOES_TO_EVERYBODY_AT_ONCE,
                  flags(),
                  Fleet.PER_MINUTE,
                  0,
                  false,
                  Duration.ofMinutes(10)),
              NOWHERE,
              Clock.systemUTC());
      Thread player = Thread.ofVirtual().start(() -> play(live));
      FlagSwitch flags = Flags.file(flags());
      api.await(
          "the flag goes to everybody",
          Duration.ofMinutes(1),
          () ->
              flags
                  .read("guilty-flag")
                  .filter(flag -> flag.definition().contains("\"fallthrough\":{\"variation\":0}")));
      awaitServed(api, "true");
      turnOff(flags);
      awaitServed(api, "false");
      player.interrupt();
      player.join();
      assertTheChangeIsKnownOnce(api);
    }
  }

  /** Until everybody has been served it for two seconds. */
  private static void awaitServed(Api api, String variation) {
    api.await(
        "everybody is served " + variation,
        Duration.ofMinutes(1),
        () -> {
          Instant now = Instant.now();
          List<String> served = served(api, now.minusSeconds(3), now.minusSeconds(1));
          return served.equals(List.of(variation)) ? Optional.of(served) : Optional.empty();
        });
  }

  private static void turnOff(FlagSwitch flags) {
    FlagState flag = flags.read("guilty-flag").orElseThrow();
    Outcome outcome =
        flags.apply(
            new Withdrawal(
                "off", flag.key(), new Audience.Everyone(), "true", "false", flag.fence(), "off"));
    assertTrue(outcome instanceof Outcome.Applied, outcome.toString());
  }

  /**
   * Told of by the provider and seen in the file, it is one: to all, and off. The flag's first
   * sight is another, unless the server was slow and saw the change first.
   */
  private static void assertTheChangeIsKnownOnce(Api api) {
    List<JsonNode> changes =
        Api.list(api.get("/api/v1/changes?kind=flag").path("changes")).stream()
            .filter(change -> change.path("flag").asText().equals("guilty-flag"))
            .toList();
    assertTrue(changes.size() == 2 || changes.size() == 3, changes.toString());
  }

  private static void play(FleetSimulation simulation) {
    try {
      simulation.play();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // It has gone on for long enough.
    }
  }

  private static List<String> served(Api api, Instant from, Instant until) {
    JsonNode query =
        api.post(
            "/1/queries/orders-api",
            """
            {"calculations": [{"op": "COUNT"}], "breakdowns": ["flag.guilty-flag"],
             "start_time": %d, "end_time": %d}"""
                .formatted(from.getEpochSecond(), until.getEpochSecond()));
    JsonNode result =
        api.post(
            "/1/query_results/orders-api",
            "{\"disable_series\": true, \"query_id\": %s}".formatted(query.path("id")));
    List<String> served = new ArrayList<>();
    result
        .at("/data/results")
        .forEach(row -> served.add(row.path("data").path("flag.guilty-flag").asText()));
    return served;
  }

  @Test
  void whatCannotBePlayedIsSaidInOneLine() {
    assertEquals(2, run("sim", "fleet", "--kind", "99", "--flags", "flags.json"));
    assertEquals(2, run("sim", "fleet", "--kind", "4"));
    assertEquals(2, run("sim", "talk", "--flags", folder.resolve("none.json").toString()));
    assertEquals(2, run("sim"));
    List<String> lines = err.toString().lines().toList();
    assertTrue(lines.get(0).contains("no kind of incident '99'; there are 1, 1e, 2"), lines.get(0));
    assertTrue(lines.get(1).contains("--flags names the flag file"), lines.get(1));
    assertTrue(lines.get(2).contains("there is no flag file"), lines.get(2));
    assertTrue(lines.get(3).contains("Usage: firebreak sim"), lines.get(3));
  }
}
