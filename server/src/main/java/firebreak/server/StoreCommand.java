package firebreak.server;

import firebreak.eventstore.PersistentEventStore;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks after the event store. */
@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    description = "Checks the event store, while the service is stopped.")
final class StoreCommand {
  private static final int DAMAGED = 1;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Reads every file of the event store and compares it with its checksum.",
        "Exit codes: 0 all are whole, 1 some are damaged, 2 it could not be read."
      })
  int verify(
      @Option(
              names = "--data",
              paramLabel = "DIR",
              defaultValue = "data",
              description = "the data folder, or a backup (${DEFAULT-VALUE})")
          Path data) {
    PrintWriter out = spec.commandLine().getOut();
    if (!Files.isDirectory(data.resolve(Backup.EVENTS))) {
      throw StartFailure.because("there are no events in " + data);
    }
    try (PersistentEventStore store = StartFailure.explain(() -> Backup.open(data))) {
      List<String> damaged = StartFailure.explain(store::scrub);
      if (damaged.isEmpty()) {
        out.println("%d events, all whole".formatted(store.status().events()));
        return 0;
      }
      damaged.forEach(out::println);
      return DAMAGED;
    }
  }
}
