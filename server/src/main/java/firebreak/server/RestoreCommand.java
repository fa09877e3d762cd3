package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a data folder of a backup. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a new data folder of a backup, and verifies it before it has its name.",
      "Nothing is overwritten: the folder is empty, or not there yet."
    },
    footer = {"", "Example:", "  firebreak restore --from /backups/monday --data ./data"},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the data folder is whole", "2:nothing was restored"})
final class RestoreCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--from",
      paramLabel = "DIR",
      required = true,
      description = "The folder of the backup.")
  Path from = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "The data folder to be made.")
  Path data = Path.of("");

  @Override
  public Integer call() {
    JsonNode contents = StartFailure.explain(() -> Backup.restore(from, data));
    spec.commandLine()
        .getOut()
        .println(
            "%s holds the %s events of %s."
                .formatted(data, contents.path("events"), contents.path("made_at").asText()));
    return 0;
  }
}
