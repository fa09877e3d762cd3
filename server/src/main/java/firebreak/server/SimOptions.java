package firebreak.server;

import firebreak.sim.ServerTrouble;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What everything that is played against a server can be told. */
final class SimOptions {
  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "the server to play against (${DEFAULT-VALUE})")
  URI server = URI.create("http://127.0.0.1:8080");

  @Option(
      names = "--flags",
      paramLabel = "FILE",
      description = "the flag file that the server and the simulated application read")
  private @Nullable Path flags;

  @Option(names = "--key", description = "the key to send with, where the server has keys")
  String key = "";

  @Option(names = "--seed", description = "the same seed plays the same events (${DEFAULT-VALUE})")
  long seed = 1;

  @Option(
      names = "--backdated",
      description = "play all of it at once, as if it had ended just now")
  boolean backdated;

  /** Something that is played. */
  @FunctionalInterface
  interface Play {
    int play() throws IOException, InterruptedException;
  }

  /** Plays; what somebody can mend comes out as {@link StartFailure}. */
  static int played(Play play) throws InterruptedException {
    try {
      return play.play();
    } catch (ServerTrouble | IllegalArgumentException | IOException e) {
      throw StartFailure.because(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  /** The flag file, which is there. */
  Path flags() {
    Path file = flags;
    if (file == null) {
      throw new IllegalArgumentException(
          "--flags names the flag file that the server follows, its configuration's flags.file;"
              + " it is missing");
    }
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "there is no flag file %s: --flags names the one that the server follows"
              .formatted(file));
    }
    return file;
  }
}
