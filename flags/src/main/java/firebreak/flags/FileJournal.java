package firebreak.flags;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The withdrawals about to be written to a flag file, one line each in a file beside it, on disk
 * before the flag file changes. It is what a provider's audit log is elsewhere: it tells our own
 * change from a person's that looks the same, and remembers what stood there before.
 */
final class FileJournal {
  static final int ENTRIES_KEPT = 200;

  private final Path path;

  FileJournal(Path flagFile) {
    this.path = LockedFile.sibling(flagFile, ".journal");
  }

  /** One withdrawal as it was about to be written. */
  record Entry(String intent, String fence, String before, String after) {}

  void append(Entry entry) throws IOException {
    List<String> lines = lines();
    if (lines.size() >= 2 * ENTRIES_KEPT) {
      List<String> kept = lines.subList(lines.size() - ENTRIES_KEPT, lines.size());
      LockedFile.replace(path, (String.join("\n", kept) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    ObjectNode line = FlagJson.MAPPER.createObjectNode();
    line.put("intent", entry.intent()).put("fence", entry.fence());
    line.put("before", entry.before()).put("after", entry.after());
    // A line cut short by a crash ends here, and does not swallow this one.
    ByteBuffer bytes = ByteBuffer.wrap(("\n" + line).getBytes(StandardCharsets.UTF_8));
    try (FileChannel out = FileChannel.open(path, CREATE, APPEND)) {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
  }

  /** The newest entry of the intent. */
  Optional<Entry> find(String intent) throws IOException {
    for (String line : lines().reversed()) {
      try {
        JsonNode node = FlagJson.MAPPER.readTree(line);
        if (node.path("intent").asText().equals(intent)) {
          return Optional.of(
              new Entry(
                  intent,
                  node.path("fence").asText(),
                  node.path("before").asText(),
                  node.path("after").asText()));
        }
      } catch (JsonProcessingException _) {
        // Cut short by a crash, so the flag file was not changed either.
      }
    }
    return Optional.empty();
  }

  private List<String> lines() throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    try (var lines = Files.lines(path)) {
      return lines.filter(line -> !line.isBlank()).toList();
    }
  }
}
