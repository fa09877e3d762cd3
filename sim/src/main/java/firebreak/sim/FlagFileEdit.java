package firebreak.sim;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What release managers do to the flag file, under the same lock as everybody else. */
public final class FlagFileEdit {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The tag of flags that a simulated production has put into a file. */
  private static final String TAG = "simulated";

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
    edit(
        file,
        flags -> {
          ObjectNode node = (ObjectNode) flags.path(flag);
          JsonNode weights = node.path("fallthrough").path("rollout").path("variations");
          ((ObjectNode) weights.path(0)).put("weight", percent * 1_000);
          ((ObjectNode) weights.path(1)).put("weight", 100_000 - percent * 1_000);
          node.put("version", node.path("version").asInt() + 1);
        });
  }

  /**
   * Puts flags in the place of those that were put there before; leaves everybody else's alone.
   *
   * @throws IllegalArgumentException if one of them is somebody else's by its key
   */
  static void put(Path file, Map<String, String> definitions) throws IOException {
    edit(
        file,
        flags -> {
          flags.removeIf(FlagFileEdit::isPut);
          definitions.forEach(
              (key, definition) -> {
                if (flags.has(key)) {
                  throw new IllegalArgumentException(
                      ("the flag %s in %s is not of a simulated production, and so is left alone:"
                              + " give the simulation a flag file of its own")
                          .formatted(key, file));
                }
                flags.set(key, node(definition));
              });
        });
  }

  /**
   * Changes in a flag what differs between two definitions, and nothing else: somebody may have
   * changed the rest.
   *
   * @return the flag as it stands then; null where it is gone
   */
  static @Nullable String change(Path file, String flag, String before, String after)
      throws IOException {
    AtomicReference<@Nullable String> changed = new AtomicReference<>();
    edit(
        file,
        flags -> {
          if (flags.get(flag) instanceof ObjectNode node) {
            JsonNode old = node(before);
            node(after)
                .properties()
                .forEach(
                    member -> {
                      if (!member.getValue().equals(old.path(member.getKey()))) {
                        node.set(member.getKey(), member.getValue());
                      }
                    });
            changed.set(node.toString());
          }
        });
    return changed.get();
  }

  private static boolean isPut(JsonNode flag) {
    return flag.path("tags").valueStream().anyMatch(tag -> tag.asText().equals(TAG));
  }

  /** The definition as it is put into a file, JSON text. */
  static String tagged(String definition) {
    return node(definition).toString();
  }

  private static ObjectNode node(String definition) {
    try {
      ObjectNode node = (ObjectNode) JSON.readTree(definition);
      node.putArray("tags").add(TAG);
      return node;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a flag's definition is JSON, was " + definition, e);
    }
  }

  /** What is done to the flags of a file, by key. */
  private static void edit(Path file, Consumer<ObjectNode> change) throws IOException {
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      JsonNode root = JSON.readTree(file.toFile());
      if (!(root.get("flags") instanceof ObjectNode flags)) {
        throw new IllegalArgumentException(
            file + " is no flag file: it has no object \"flags\", such as {\"flags\": {}}");
      }
      change.accept(flags);
      Path next = file.resolveSibling(file.getFileName() + ".next");
      JSON.writerWithDefaultPrettyPrinter().writeValue(next.toFile(), root);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      if (!lock.isValid()) {
        throw new IOException("lost the lock on " + file);
      }
    }
  }
}
