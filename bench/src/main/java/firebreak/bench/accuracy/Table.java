package firebreak.bench.accuracy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A file of comma-separated values with a heading, none of which has a comma within. */
final class Table {
  private Table() {}

  /** Each line, by the names in the heading. */
  static List<Map<String, String>> read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    String[] names = lines.getFirst().split(",", -1);
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      if (line.isBlank()) {
        continue;
      }
      String[] cells = line.split(",", -1);
      if (cells.length != names.length) {
        throw new IOException(
            "%s: a line has %d values and not %d: %s"
                .formatted(file, cells.length, names.length, line));
      }
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < names.length; i++) {
        row.put(names[i], cells[i]);
      }
      rows.add(row);
    }
    return rows;
  }

  static String field(Map<String, String> row, String name) throws IOException {
    String text = row.get(name);
    if (text == null) {
      throw new IOException("a column '%s' is missing; there are %s".formatted(name, row.keySet()));
    }
    return text;
  }
}
