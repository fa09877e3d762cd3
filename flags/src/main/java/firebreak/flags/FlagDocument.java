package firebreak.flags;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The content of a flag file: an object that has its flags by key, whatever a flag looks like. */
final class FlagDocument {
  static final long FILE_BYTES_AT_MOST = 64L << 20;

  /** No space before a colon: flagd's providers look for {@code "$ref":} in the text itself. */
  private static final PrettyPrinter LAYOUT =
      new DefaultPrettyPrinter(
          Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));

  private final ObjectNode root;

  private FlagDocument(ObjectNode root) {
    this.root = root;
  }

  /** Reads and checks the file; a complaint is one line that names the path and the cause. */
  static FlagDocument read(Path path, FlagFormat format) throws IOException {
    try {
      if (Files.isDirectory(path)) {
        throw new IOException("it is a folder");
      }
      if (Files.size(path) > FILE_BYTES_AT_MOST) {
        throw new IOException("it is larger than " + FILE_BYTES_AT_MOST + " bytes");
      }
      return new FlagDocument(checked(FlagJson.MAPPER.readTree(Files.readAllBytes(path)), format));
    } catch (NoSuchFileException e) {
      throw new IOException("flag file " + path + ": there is no such file", e);
    } catch (JsonProcessingException e) {
      throw new IOException("flag file " + path + ": " + FlagJson.firstLine(e), e);
    } catch (IOException e) {
      throw new IOException("flag file " + path + ": " + e.getMessage(), e);
    }
  }

  private static ObjectNode checked(JsonNode tree, FlagFormat format) throws IOException {
    if (!(tree instanceof ObjectNode root)) {
      throw new IOException("it must be a JSON object {\"flags\": {…}}");
    }
    if (!(root.get("flags") instanceof ObjectNode flags)) {
      throw new IOException("it has no object \"flags\"");
    }
    for (var flag : flags.properties()) {
      if (!flag.getValue().isObject()) {
        throw new IOException("flag \"" + flag.getKey() + "\" must be an object");
      }
    }
    format.check(root);
    return root;
  }

  List<String> keys() {
    List<String> keys = new ArrayList<>();
    flags().fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** The flag's node, which is the document's own. */
  @Nullable ObjectNode flag(String key) {
    return flags().get(key) instanceof ObjectNode flag ? flag : null;
  }

  /** Whether the document has something of that key beside the flags. */
  boolean has(String section, String key) {
    return root.path(section).has(key);
  }

  /** The text of this document with one flag's node replaced, all else in its place. */
  byte[] with(String key, ObjectNode flag) throws IOException {
    ObjectNode copy = root.deepCopy();
    copy.withObjectProperty("flags").set(key, flag);
    return (FlagJson.MAPPER.writer(LAYOUT).writeValueAsString(copy) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private ObjectNode flags() {
    return root.withObjectProperty("flags");
  }
}
