package firebreak.flags;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Which of a file's flags have really changed, whatever else became of the file. */
final class FileChanges {
  private final Path path;
  private final FlagFormat format;
  private final Map<String, String> known = new HashMap<>();

  FileChanges(Path path, FlagFormat format) {
    this.path = path;
    this.format = format;
    FlagDocument document = read();
    document.keys().forEach(key -> known.put(key, hash(document, key)));
  }

  /**
   * Whether the flag has changed since this was last asked.
   *
   * @throws UncheckedIOException while the file cannot be read; nothing is forgotten then
   */
  synchronized boolean isNew(String key) {
    return isNew(read(), key);
  }

  private boolean isNew(FlagDocument document, String key) {
    String now = hash(document, key);
    return !now.equals(known.put(key, now));
  }

  /** The flags that have changed since this was last asked, gone ones among them; as above. */
  synchronized List<String> changed() {
    FlagDocument document = read();
    TreeSet<String> keys = new TreeSet<>(known.keySet());
    keys.addAll(document.keys());
    return keys.stream().filter(key -> isNew(document, key)).toList();
  }

  private FlagDocument read() {
    try {
      return FlagDocument.read(path, format);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(FlagDocument document, String key) {
    ObjectNode flag = document.flag(key);
    return flag == null ? "" : FlagJson.hash(flag);
  }
}
