package firebreak.bench.accuracy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import firebreak.bench.fleet.FleetTable;
import firebreak.bench.fleet.Options;
import firebreak.bench.store.Folders;
import firebreak.bench.store.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs every table whose data is there: A and B and D from a folder; C, F and the tiny culprits
 * made from seeds.
 *
 * @param tables which of {@link #TABLES}
 * @param data a folder with published data, at any depth; null for none
 * @param server is asked about the incidents of A as well; null for none
 * @param fleet what F plays; its first seed is that of the others too
 * @param work a folder for the stores, emptied afterwards
 */
public record AccuracyBench(
    Set<String> tables,
    @Nullable Path data,
    @Nullable Server server,
    Options fleet,
    Path work,
    PrintStream out,
    PrintStream progress) {
  /** The tables there are. */
  public static final Set<String> TABLES =
      Collections.unmodifiableSet(new LinkedHashSet<>(List.of("A", "B", "C", "D", "F", "tiny")));

  private static final int TINY_SEEDS = 8;
  private static final int DEPTH = 4;
  private static final Duration AGO = Duration.ofHours(1);

  /**
   * A running server.
   *
   * @param now the incidents are told to have happened an hour before
   */
  public record Server(URI address, Instant now) {
    Instant minute() {
      return now.minus(AGO).truncatedTo(ChronoUnit.MINUTES);
    }
  }

  public AccuracyBench {
    tables = Set.copyOf(tables);
    if (!TABLES.containsAll(tables)) {
      throw new IllegalArgumentException(
          "there are the tables %s, not %s".formatted(TABLES, tables));
    }
  }

  /** Always true: the figures are to be read, not passed. */
  public boolean run() throws IOException, InterruptedException {
    out.printf("%naccuracy, seeds from %d%n%s%n%n", fleet.firstSeed(), Machine.describe());
    out.printf(
        "%-16s %-42s %9s  %-19s %s%n", "table", "figure", "value", "95 % interval", "others");
    List<Result> results = new ArrayList<>();
    try {
      Files.createDirectories(work);
      for (Path folder : folders()) {
        if (tables.contains("A") && RobustSpotFolder.isAt(folder)) {
          show(incidents(RobustSpotFolder.read(folder)), results);
        }
        if (tables.contains("D") && MacroBaseTable.isIn(folder)) {
          show(MacroBaseTable.run(folder), results);
        }
      }
      if (tables.contains("B")) {
        show(cubes(), results);
      }
      if (tables.contains("C")) {
        for (CubeMaker maker : List.of(CubeMaker.S, CubeMaker.L)) {
          show(
              CubeTable.made(maker, fleet.firstSeed(), fleet.seeds(), progress).results(), results);
        }
      }
      if (tables.contains("tiny")) {
        int seeds = Math.min(fleet.seeds(), TINY_SEEDS);
        show(TinyTable.run(fleet.firstSeed(), seeds, work.resolve("tiny"), progress), results);
      }
      if (tables.contains("F")) {
        show(Result.of("F", FleetTable.run(fleet, out, progress)), results);
      }
    } finally {
      Folders.delete(work);
    }
    write(results);
    return true;
  }

  private List<Result> incidents(List<Incident> incidents) {
    List<Result> results =
        new ArrayList<>(IncidentTable.run(incidents, work.resolve("incidents"), progress));
    if (server != null) {
      results.addAll(
          IncidentTable.overHttp(incidents, server.address(), server.minute(), progress));
    }
    return results;
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
        List<Cube> cubes = SqueezeFolder.read(folder);
        cubes.forEach(CubeTable::answer);
        cubes.forEach(table::add);
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
    Path json = fleet.json();
    if (json == null) {
      return;
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("bench", "accuracy");
    report.put("machine", Machine.describe());
    report.put("command", fleet.command());
    report.put("rows", results.stream().map(Result::json).toList());
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), report);
    out.println("written to " + json);
  }
}
