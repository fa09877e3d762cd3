package firebreak.bench.accuracy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import firebreak.bubbleup.Term;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Incidents as RobustSpot's authors published them (TSC 2023): {@code anomaly.yaml} lists each with
 * its minute and its causes, a file of comma-separated values holds per minute and attribute values
 * the viewers ({@code cnt}) and the bad ones among them ({@code value}).
 */
final class RobustSpotFolder {
  private static final String LABELS = "anomaly.yaml";
  private static final Set<String> COUNTS = Set.of("min", "value", "cnt");

  /** A name may look like a number with underscores: it is read as text. */
  private record Label(String data, long timestamp, JsonNode cause) {}

  private RobustSpotFolder() {}

  static boolean isAt(Path folder) {
    return Files.isRegularFile(folder.resolve(LABELS));
  }

  static List<Incident> read(Path folder) throws IOException {
    List<Incident> incidents = new ArrayList<>();
    YAMLMapper mapper = YAMLMapper.builder().build();
    for (Label label : mapper.readValue(folder.resolve(LABELS).toFile(), Label[].class)) {
      String name = label.data();
      TreeMap<Instant, List<Cell>> cells = new TreeMap<>();
      for (Map<String, String> row : Table.read(folder.resolve(name + ".csv"))) {
        Instant minute = Instant.ofEpochSecond(Long.parseLong(Table.field(row, "min")));
        cells.computeIfAbsent(minute, _ -> new ArrayList<>()).add(cell(row));
      }
      incidents.add(
          new Incident(
              name, cells, Instant.ofEpochSecond(label.timestamp()), causes(label.cause())));
    }
    return incidents;
  }

  private static Cell cell(Map<String, String> row) throws IOException {
    Map<String, Value> attributes = new HashMap<>();
    row.forEach(
        (name, text) -> {
          if (!COUNTS.contains(name)) {
            attributes.put(name, Value.of(text));
          }
        });
    return new Cell(
        attributes,
        Math.round(Double.parseDouble(Table.field(row, "value"))),
        Math.round(Double.parseDouble(Table.field(row, "cnt"))));
  }

  private static Set<Slice> causes(JsonNode node) {
    Set<Slice> causes = new LinkedHashSet<>();
    for (JsonNode cause : node.isArray() ? node : List.of(node)) {
      List<Term> terms = new ArrayList<>();
      cause
          .properties()
          .forEach(
              entry -> terms.add(new Term(entry.getKey(), Value.of(entry.getValue().asText()))));
      causes.add(new Slice(terms));
    }
    return causes;
  }
}
