package firebreak.server;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/** Gives up the test that runs, where a tool of others is missing, so that nobody overlooks it. */
final class Skip {
  private Skip() {}

  static void because(String why) {
    System.err.println("SKIPPED a test: " + why);
    Assumptions.abort(why);
  }

  static void unlessThereAre(String... programs) {
    for (String program : programs) {
      if (!isOnThePath(program)) {
        because(program + " is not on the path");
      }
    }
  }

  static boolean isOnThePath(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
