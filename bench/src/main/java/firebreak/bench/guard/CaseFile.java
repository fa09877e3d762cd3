package firebreak.bench.guard;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What came of each incident, a line of JSON for each, so that a long run can be made in parts. */
final class CaseFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CaseFile() {}

  static void write(Path file, List<Ruling> rulings) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Ruling ruling : rulings) {
      lines.add(JSON.writeValueAsString(ruling));
    }
    Files.write(file, lines);
  }

  static List<Ruling> read(List<Path> files) throws IOException {
    List<Ruling> rulings = new ArrayList<>();
    for (Path file : files) {
      for (String line : Files.readAllLines(file)) {
        rulings.add(JSON.readValue(line, Ruling.class));
      }
    }
    return rulings;
  }
}
