package firebreak.server;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. */
@Command(
    name = "firebreak",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Finds the change that burns an error budget, and takes the smallest step that stops it.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all is well", "2:it could not start, or was not understood"})
public final class Main implements Callable<Integer> {

  /** The exit code of a start that failed. */
  static final int CANNOT_START = 2;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Says which build this is. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"firebreak " + (version == null ? "(not packaged)" : version)};
    }
  }

  public static void main(String[] args) {
    // What libraries log through the JDK's own logging comes out in the one format, too.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    System.exit(
        run(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            System.getenv(),
            args));
  }

  /** Runs a command and returns its exit code. */
  static int run(
      PrintWriter out, PrintWriter err, Map<String, String> environment, String... args) {
    return new CommandLine(new Main())
        .addSubcommand(new Serve(environment))
        .addSubcommand(new DemoCommand(environment))
        .addSubcommand(SimCommand.withIncidents())
        .addSubcommand(new AuditCommand())
        .addSubcommand(new BackupCommand(InstantSource.system()))
        .addSubcommand(new RestoreCommand())
        .addSubcommand(new StoreCommand())
        .addSubcommand(new GateCommand())
        .addSubcommand(new ExecCommand(environment, InstantSource.system()))
        .addSubcommand(new BuildEventCommand(environment, InstantSource.system()))
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler((failure, _, _) -> explain(failure, err))
        .execute(args);
  }

  /** One line for what an operator can mend, the stack for what only we can. */
  private static int explain(Exception failure, PrintWriter err) {
    switch (failure) {
      case StartFailure e -> err.println("firebreak: " + e.getMessage());
      case Exception e -> {
        err.println("firebreak: an error of ours: " + e);
        e.printStackTrace(err);
      }
    }
    return CANNOT_START;
  }

  /** Without a command there is only help to give. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CANNOT_START;
  }
}
