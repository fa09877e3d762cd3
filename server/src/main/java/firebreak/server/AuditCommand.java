package firebreak.server;

import firebreak.records.AuditChain;
import firebreak.records.Records;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks after the audit record. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = "Checks the chain of the audit record, while the service is stopped.")
final class AuditCommand {
  private static final int BROKEN = 1;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Recomputes every hash of the audit record.",
        "Exit codes: 0 the chain is whole, 1 it is broken, 2 it could not be read."
      })
  int verify(
      @Option(
              names = "--data",
              paramLabel = "DIR",
              defaultValue = "data",
              description = "the data folder (${DEFAULT-VALUE})")
          Path data,
      @Option(
              names = "--config",
              paramLabel = "FILE",
              description = "the configuration, which says where records lie")
          @Nullable Path config) {
    PrintWriter out = spec.commandLine().getOut();
    try (Records records = StartFailure.explain(() -> open(data, config))) {
      return switch (records.audit().verify()) {
        case AuditChain.Verification.Intact intact -> {
          out.println("%d records, all whole; head %s".formatted(intact.count(), intact.head()));
          yield 0;
        }
        case AuditChain.Verification.Broken broken -> {
          out.println("broken at record %d: %s".formatted(broken.sequence(), broken.why()));
          yield BROKEN;
        }
      };
    }
  }

  private static Records open(Path data, @Nullable Path config) {
    if (config != null) {
      return ConfigForRecords.open(ConfigReader.read(config, System.getenv()));
    }
    Path file = data.resolve(Backup.RECORDS);
    if (!Files.exists(file)) {
      throw new IllegalArgumentException("there is no audit record at " + file);
    }
    return Records.open(file);
  }
}
