package firebreak.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code firebreak bench}: measurements, printed as a table and on demand as JSON. */
public final class Main {
  private static final long DEFAULT_EVENTS = 200_000;

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    long events = DEFAULT_EVENTS;
    @Nullable Path json = null;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "store" -> {}
        case "--events" -> events = Long.parseLong(next(arguments, i++));
        case "--json" -> json = Path.of(next(arguments, i++));
        default -> {
          System.err.println(
              "firebreak bench [store] [--events N] [--json FILE]: our store beside DuckDB; there is no '"
                  + arguments[i]
                  + "'");
          System.exit(2);
        }
      }
    }
    List<StoreBench.Row> rows = new StoreBench(events, System.out).run();
    System.out.printf("%,d events of 30 fields; medians of 7, in turns with DuckDB%n", events);
    System.out.printf("%-22s %12s %14s%n", "question", "ours, ms", "DuckDB / ours");
    for (StoreBench.Row row : rows) {
      System.out.printf(
          "%-22s %12.1f %14.2f%n", row.question(), row.medianMillis(), row.ratio().get("duckdb"));
    }
    if (json != null) {
      new ObjectMapper().writeValue(json.toFile(), report(events, rows));
    }
  }

  private static Map<String, Object> report(long events, List<StoreBench.Row> rows) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("bench", "store");
    report.put(
        "machine",
        "%d processors, Java %s"
            .formatted(Runtime.getRuntime().availableProcessors(), Runtime.version()));
    report.put("command", "firebreak bench store --events " + events);
    report.put(
        "rows",
        rows.stream()
            .map(
                row ->
                    Map.of(
                        "question", row.question(),
                        "median_ms", row.medianMillis(),
                        "ratio", row.ratio()))
            .toList());
    return report;
  }

  private static String next(String[] arguments, int i) {
    if (i + 1 >= arguments.length) {
      throw new IllegalArgumentException(arguments[i] + " needs a value");
    }
    return arguments[i + 1];
  }
}
