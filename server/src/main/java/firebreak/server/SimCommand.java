package firebreak.server;

import firebreak.sim.TalkIncident;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Plays an incident against a running server, over HTTP. */
@Command(
    name = "sim",
    mixinStandardHelpOptions = true,
    description = {
      "Plays an incident against a running server, over HTTP.",
      "",
    },
    synopsisSubcommandLabel = "INCIDENT")
final class SimCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** The command with one of its own for each incident. */
  static CommandLine withIncidents() {
    return new CommandLine(new SimCommand())
        .addSubcommand(
            "talk",
            SimTalkCommand.of(
                TalkIncident.Kind.TALK,
                "A build shortens a cache behind a flag; one customer floods the store."))
        .addSubcommand(
            "outage",
            SimTalkCommand.of(
                TalkIncident.Kind.OUTAGE,
                "The store slows down for everyone while a build and flags change."))
        .addSubcommand("fleet", SimFleetCommand.withKinds());
  }

  /** Without an incident there is only help to give. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return Main.CANNOT_START;
  }
}
