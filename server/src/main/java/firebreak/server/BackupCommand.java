package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.eventstore.PersistentEventStore;
import firebreak.records.Records;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a backup: of a running service through its API, of a stopped one from its data folder. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = {
      "Copies events, records and the stop switch to a folder of their own.",
      "",
      "While the service runs, name it with --server; it needs a key with the",
      "scope admin, unless it is open. The folder is one on the server's machine;",
      "on the same disk the files are shared where they can be, so keep the copy",
      "that is to outlive the disk on another one."
    },
    footer = {
      "",
      "Examples:",
      "  firebreak backup --to /backups/monday --server http://127.0.0.1:8080",
      "  firebreak backup --to /backups/monday --data /var/lib/firebreak"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the backup is whole", "2:there is none"})
final class BackupCommand implements Callable<Integer> {
  private final InstantSource clock;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "The data folder of a stopped service (${DEFAULT-VALUE}).")
  Path data = Path.of("data");

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "The folder of the backup: empty, or not there yet.")
  Path to = Path.of("");

  @Option(names = "--server", paramLabel = "URL", description = "The running service.")
  @Nullable URI server;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "The file that holds the key for the running service.")
  @Nullable Path keyFile;

  BackupCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws InterruptedException {
    Path target = to.toAbsolutePath().normalize();
    JsonNode contents = server == null ? stopped(target) : running(server, target);
    spec.commandLine()
        .getOut()
        .println("%s holds %s events.".formatted(target, contents.path("events")));
    return 0;
  }

  private JsonNode stopped(Path target) {
    if (!Files.isDirectory(data.resolve(Backup.EVENTS))) {
      throw StartFailure.because("there are no events in " + data);
    }
    try (PersistentEventStore store = StartFailure.explain(() -> Backup.open(data));
        Records records = StartFailure.explain(() -> Records.open(data.resolve(Backup.RECORDS)))) {
      return StartFailure.explain(() -> Backup.make(store, records, data, target, clock.instant()));
    }
  }

  private JsonNode running(URI service, Path target) throws InterruptedException {
    ServiceClient.Reply reply =
        ServiceClient.withKeyOf(service, keyFile)
            .post("/api/v1/admin/snapshot", JsonTree.object().put("to", target.toString()));
    if (reply.status() != 200) {
      throw StartFailure.because(
          "%s made no backup: %s"
              .formatted(service, reply.body().path("detail").asText(reply.body().toString())));
    }
    return reply.body();
  }
}
