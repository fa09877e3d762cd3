package firebreak.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What a release manager does to the flag file, under the same lock as everybody else. */
public final class FlagFileEdit {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FlagFileEdit() {}

  /** Writes the simulated production's flags to a new file. */
  public static void create(Path file) throws IOException {
    try (InputStream flags = FlagFileEdit.class.getResourceAsStream("flags.json")) {
      if (flags == null) {
        throw new IOException("flags.json is missing from the class path");
      }
      Files.copy(flags, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Serves the first variation to {@code percent} of customers where no rule or target says more.
   */
  static void rollOut(Path file, String flag, int percent) throws IOException {
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      JsonNode root = JSON.readTree(file.toFile());
      ObjectNode node = (ObjectNode) root.path("flags").path(flag);
      JsonNode weights = node.path("fallthrough").path("rollout").path("variations");
      ((ObjectNode) weights.path(0)).put("weight", percent * 1_000);
      ((ObjectNode) weights.path(1)).put("weight", 100_000 - percent * 1_000);
      node.put("version", node.path("version").asInt() + 1);
      Path next = file.resolveSibling(file.getFileName() + ".next");
      JSON.writerWithDefaultPrettyPrinter().writeValue(next.toFile(), root);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      if (!lock.isValid()) {
        throw new IOException("lost the lock on " + file);
      }
    }
  }
}
