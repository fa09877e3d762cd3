package firebreak.server;

import firebreak.sim.FleetJudgement;
import firebreak.sim.FleetSimulation;
import firebreak.sim.fleet.Fleet;
import firebreak.sim.fleet.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Plays one production of the fleet against a running server, and judges its verdict. */
@Command(
    mixinStandardHelpOptions = true,
    description = {
      "One of twenty kinds of things goes wrong, or nothing does.",
      "",
      "A service of dozens of hosts and hundreds of customers. Its changes are told",
      "as its tools would tell them, a few in a hundred late, twice, or never. At the",
      "end, the truth beside the server's verdict.",
      "",
      "Played live, it is served what the flag file says, through LaunchDarkly's SDK,",
      "so that a flag that is turned changes what it does. Each production wants a",
      "server of its own, with the objective and flag file that --prepare writes.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the verdict is right; in a quiet hour, there was no alert",
      "1:it is wrong, unsure, or there was no alert; or a flag was turned wrongly",
      "2:it could not be played"
    })
final class SimFleetCommand implements Callable<Integer> {
  private static final int NOT_RIGHT = 1;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private final SimOptions options = new SimOptions();

  @Option(
      names = "--kind",
      paramLabel = "N",
      description = "what goes wrong, by number, or quiet (${DEFAULT-VALUE})")
  private String kind = "4";

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "how long it goes on from about when things go wrong (${DEFAULT-VALUE})")
  private int minutes = 60;

  @Option(
      names = "--hours",
      paramLabel = "N",
      description = "how many hours come before, thinned (${DEFAULT-VALUE})")
  private int hours = FleetSimulation.HOURS;

  @Option(
      names = "--per-minute",
      paramLabel = "N",
      description = "how many requests a minute, on average (${DEFAULT-VALUE})")
  private int perMinute = Fleet.PER_MINUTE;

  @Option(
      names = "--prepare",
      paramLabel = "DIR",
      description = {
        "play nothing; write what a server for it needs:",
        "firebreak.yaml, slos/orders-answered.yaml, flags.json"
      })
  private @Nullable Path prepare;

  /** The command, whose help lists what can go wrong. */
  static CommandLine withKinds() {
    List<String> footer = new ArrayList<>(List.of("", "What goes wrong, by number:"));
    for (Kind kind : Kind.values()) {
      String line = "%4s  %s".formatted(kind.number(), kind.story());
      footer.add(line.replace("%", "%%"));
    }
    footer.addAll(
        List.of(
            "",
            "Example:",
            "  firebreak sim fleet --prepare fleet",
            "  firebreak serve --config fleet/firebreak.yaml &",
            "  firebreak sim fleet --kind 4 --flags fleet/flags.json --backdated"));
    CommandLine command = new CommandLine(new SimFleetCommand());
    command.getCommandSpec().usageMessage().footer(footer.toArray(String[]::new));
    return command;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Path folder = prepare;
    return SimOptions.played(() -> folder == null ? play(out) : prepare(folder, out));
  }

  private int play(PrintWriter out) throws IOException, InterruptedException {
    FleetSimulation.Plan plan =
        new FleetSimulation.Plan(
            options.server,
            options.key,
            kind.equalsIgnoreCase("quiet") ? Kind.QUIET : Kind.of(kind),
            options.seed,
            options.flags(),
            perMinute,
            hours,
            options.backdated,
            Duration.ofMinutes(minutes));
    FleetSimulation simulation = new FleetSimulation(plan, System.out, Clock.systemUTC());
    simulation.play();
    FleetJudgement judgement =
        FleetJudgement.await(options.server, options.key, simulation.fleet(), simulation.end());
    judgement.says().forEach(out::println);
    out.println(word(judgement));
    return judgement.isGood() ? 0 : NOT_RIGHT;
  }

  private static String word(FleetJudgement judgement) {
    String word =
        switch (judgement.result()) {
          case RIGHT -> "right";
          case WRONG -> "wrong";
          case UNSURE -> "unsure";
          case NO_ALERT -> "no alert";
        };
    return judgement.actedWrongly() ? word + ", but a flag was turned wrongly" : word;
  }

  private int prepare(Path folder, PrintWriter out) throws IOException {
    Path config = folder.resolve("firebreak.yaml");
    if (Files.exists(config)) {
      throw new IllegalArgumentException(
          config + " is there already: name another folder, or start a server with that one");
    }
    Files.createDirectories(folder.resolve("slos"));
    Files.writeString(
        folder.resolve("slos/orders-answered.yaml"), DemoCommand.resource("orders-answered.yaml"));
    Path flags = folder.resolve("flags.json");
    Files.writeString(flags, "{\"flags\": {}}\n");
    Files.writeString(
        config, DemoCommand.resource("fleet.yaml").formatted(options.server.getPort()));
    out.println("Next, each in a shell of its own:");
    out.println("  firebreak serve --config " + config);
    out.printf(
        "  firebreak sim fleet --server %s --flags %s --kind 4 --backdated%n",
        options.server, flags);
    return 0;
  }
}
