package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The scripts that drive other makers' clients for Node. What they need is installed once from the
 * lock file; where it cannot be had, the test that asked is skipped, and says so.
 */
final class NodeClients {
  private static final Path FOLDER = TidyTest.ROOT.resolve("server/src/test/clients");
  private static final Path LOCK = FOLDER.resolve("package-lock.json");
  private static final Path INSTALLED = FOLDER.resolve("node_modules/.installed-lock.json");

  private NodeClients() {}

  /** What a program printed, and whether it ended well. */
  private record Run(int exitCode, String output) {}

  /** Runs a script, which has to end well, and gives the lines that it printed. */
  static List<String> run(String script, String... arguments) throws Exception {
    install();
    List<String> command = new ArrayList<>(List.of("node", script));
    command.addAll(List.of(arguments));
    Run run = run(command);
    assertEquals(0, run.exitCode(), run.output());
    return run.output().lines().toList();
  }

  private static synchronized void install() throws Exception {
    if (Files.exists(INSTALLED) && Files.mismatch(INSTALLED, LOCK) < 0) {
      return;
    }
    try {
      Run run = run(List.of("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund"));
      if (run.exitCode() != 0) {
        Skip.because("npm ci failed in " + FOLDER + ": " + run.output());
      }
    } catch (IOException e) {
      Skip.because("Node and npm are missing: " + e.getMessage());
    }
    Files.copy(LOCK, INSTALLED, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Run run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output);
  }
}
