package firebreak.bench.accuracy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import firebreak.bench.store.Folders;
import firebreak.bench.store.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs every table whose data is there: A and B and D from a folder, C and the tiny culprits made
 * from seeds.
 *
 * @param data a folder with published data, at any depth; null for none
 * @param seeds how many cases are made of each kind
 * @param work a folder for the stores, emptied afterwards
 */
public record AccuracyBench(
    @Nullable Path data,
    int seeds,
    long firstSeed,
    Path work,
    @Nullable Path json,
    String command,
    PrintStream out,
    PrintStream progress) {
  private static final int TINY_SEEDS = 8;
  private static final int DEPTH = 4;

  /** Always true: the figures are to be read, not passed. */
  public boolean run() throws IOException {
    out.printf("%naccuracy, seeds from %d%n%s%n%n", firstSeed, Machine.describe());
    out.printf(
        "%-16s %-42s %9s  %-19s %s%n", "table", "figure", "value", "95 % interval", "others");
    List<Result> results = new ArrayList<>();
    try {
      Files.createDirectories(work);
      for (Path folder : folders()) {
        if (RobustSpotFolder.isAt(folder)) {
          show(
              IncidentTable.run(RobustSpotFolder.read(folder), work.resolve("incidents"), progress),
              results);
        }
        if (MacroBaseTable.isIn(folder)) {
          show(MacroBaseTable.run(folder), results);
        }
      }
      show(cubes(), results);
      for (CubeMaker maker : List.of(CubeMaker.S, CubeMaker.L)) {
        show(CubeTable.made(maker, firstSeed, seeds, progress).results(), results);
      }
      show(
          TinyTable.run(firstSeed, Math.min(seeds, TINY_SEEDS), work.resolve("tiny"), progress),
          results);
    } finally {
      Folders.delete(work);
    }
    write(results);
    return true;
  }

  private List<Path> folders() throws IOException {
    if (data == null) {
      return List.of();
    }
    try (Stream<Path> found = Files.walk(data, DEPTH)) {
      return found.filter(Files::isDirectory).sorted().toList();
    }
  }

  private List<Result> cubes() throws IOException {
    CubeTable table = new CubeTable("B");
    if (data != null) {
      for (Path folder : SqueezeFolder.below(data)) {
        SqueezeFolder.read(folder).forEach(table::add);
        progress.printf("B: %d cubes%n", table.cases());
      }
    }
    return table.cases() == 0 ? List.of() : table.results();
  }

  private void show(List<Result> more, List<Result> results) {
    results.addAll(more);
    for (Result result : more) {
      out.printf(
          "%-16s %-42s %9.3f  %-19s %s%n",
          result.table(),
          result.figure(),
          result.value(),
          result.interval().low() == result.interval().high()
              ? ""
              : "%.3f to %.3f".formatted(result.interval().low(), result.interval().high()),
          result.others().isEmpty() ? "" : others(result));
    }
  }

  private static String others(Result result) {
    List<String> others = new ArrayList<>();
    result.others().forEach((name, value) -> others.add("%s %.3f".formatted(name, value)));
    return String.join(", ", others);
  }

  private void write(List<Result> results) throws IOException {
    if (json == null) {
      return;
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("bench", "accuracy");
    report.put("machine", Machine.describe());
    report.put("command", command);
    report.put("rows", results.stream().map(Result::json).toList());
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), report);
    out.println("written to " + json);
  }
}
