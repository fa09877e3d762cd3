package firebreak.bench.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What lies under a folder. */
public final class Folders {
  private Folders() {}

  static long bytes(Path folder) throws IOException {
    long sum = 0;
    for (Path file : below(folder)) {
      if (Files.isRegularFile(file)) {
        sum += Files.size(file);
      }
    }
    return sum;
  }

  public static void delete(Path folder) throws IOException {
    for (Path file : below(folder)) {
      Files.deleteIfExists(file);
    }
  }

  /** Deepest first. */
  private static List<Path> below(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
