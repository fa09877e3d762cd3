package firebreak.bench.accuracy;

import firebreak.bubbleup.ResidualPursuit.Leaf;
import firebreak.bubbleup.Term;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Faults as Squeeze's authors published them (ISSRE 2019): {@code injection_info.csv} lists each
 * with its time and its set of causes, a file of comma-separated values named by the time holds
 * {@code real} and {@code predict} of every leaf. Faults whose file is missing are passed over.
 */
final class SqueezeFolder {
  private static final String LABELS = "injection_info.csv";
  private static final Set<String> MEASURES = Set.of("real", "predict");

  private SqueezeFolder() {}

  /** All folders with labels at or below one. */
  static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.endsWith(LABELS)).map(Path::getParent).sorted().toList();
    }
  }

  static List<Cube> read(Path folder) throws IOException {
    List<Cube> cubes = new ArrayList<>();
    for (Map<String, String> label : Table.read(folder.resolve(LABELS))) {
      String time = Table.field(label, "timestamp");
      Path file = folder.resolve(time + ".csv");
      if (Files.exists(file)) {
        String name = folder.getFileName() + "/" + time;
        cubes.add(cube(name, Table.read(file), causes(Table.field(label, "set"))));
      }
    }
    return cubes;
  }

  private static Cube cube(String name, List<Map<String, String>> rows, Set<Slice> causes)
      throws IOException {
    List<String> attributes =
        rows.getFirst().keySet().stream().filter(column -> !MEASURES.contains(column)).toList();
    List<Leaf> leaves = new ArrayList<>();
    for (Map<String, String> row : rows) {
      List<String> values = new ArrayList<>();
      for (String attribute : attributes) {
        values.add(Table.field(row, attribute));
      }
      leaves.add(
          new Leaf(
              values,
              Double.parseDouble(Table.field(row, "real")),
              Double.parseDouble(Table.field(row, "predict"))));
    }
    return new Cube(name, attributes, leaves, causes);
  }

  /** Causes as {@code b=b10&c=c4;a=a2}. */
  private static Set<Slice> causes(String text) {
    Set<Slice> causes = new LinkedHashSet<>();
    for (String cause : text.split(";", -1)) {
      List<Term> terms = new ArrayList<>();
      for (String term : cause.split("&", -1)) {
        int equal = term.indexOf('=');
        terms.add(new Term(term.substring(0, equal), Value.of(term.substring(equal + 1))));
      }
      causes.add(new Slice(terms));
    }
    return causes;
  }
}
