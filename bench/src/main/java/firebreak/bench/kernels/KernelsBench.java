package firebreak.bench.kernels;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the kernels and compares each with its sum. The best of many short iterations counts, which
 * other work on the machine disturbs the least.
 */
public final class KernelsBench {
  private static final double BYTES_PER_MICRO_IN_GB = 1_000;
  private static final TimeValue SHORT = TimeValue.milliseconds(100);
  private static final TimeValue LONG = TimeValue.milliseconds(500);

  private final boolean check;
  private final @Nullable Path json;
  private final PrintStream out;

  /**
   * @param check whether to be quick about it and to hold the loops to their bounds
   */
  public KernelsBench(boolean check, @Nullable Path json, PrintStream out) {
    this.check = check;
    this.json = json;
    this.out = out;
  }

  /** Runs them; false where one is beyond its bound and bounds are checked. */
  public boolean run() throws RunnerException, IOException {
    Map<String, Double> best = best(new Runner(options().build()).run());
    boolean good = true;
    List<Map<String, Object>> rows = new ArrayList<>();
    out.printf("%,d rows; a plain sum over as many bytes beside each%n", Columns.ROWS);
    out.printf("%-20s %12s %12s %10s %8s%n", "loop", "ns a row", "sum, GB/s", "ratio", "bound");
    for (Kernel kernel : Kernel.values()) {
      double micros = best.getOrDefault(kernel.loop(), Double.NaN);
      double sum = best.getOrDefault(kernel.sum(), Double.NaN);
      double ratio = micros / sum;
      boolean within = ratio <= kernel.bound();
      good &= within;
      out.printf(
          "%-20s %12.3f %12.1f %10.2f %8.1f%s%n",
          kernel.loop(),
          micros * 1_000 / Columns.ROWS,
          bytes(kernel.sum()) / sum / BYTES_PER_MICRO_IN_GB,
          ratio,
          kernel.bound(),
          within ? "" : "  beyond");
      rows.add(
          Map.of(
              "table",
              "kernels",
              "figure",
              kernel.loop(),
              "value",
              ratio,
              "high",
              kernel.bound(),
              "micros",
              micros));
    }
    if (json != null) {
      new ObjectMapper().writeValue(json.toFile(), Map.of("bench", "kernels", "rows", rows));
    }
    return good || !check;
  }

  private ChainedOptionsBuilder options() {
    return new OptionsBuilder()
        .include(KernelBench.class.getName())
        .forks(1)
        .warmupIterations(check ? 10 : 5)
        .warmupTime(check ? SHORT : LONG)
        .measurementIterations(check ? 20 : 10)
        .measurementTime(check ? SHORT : LONG)
        .jvmArgsAppend("-Xmx2g")
        .verbosity(check ? VerboseMode.SILENT : VerboseMode.NORMAL);
  }

  private static Map<String, Double> best(Collection<RunResult> results) {
    Map<String, Double> best = new HashMap<>();
    for (RunResult result : results) {
      best.put(
          result.getPrimaryResult().getLabel(), result.getPrimaryResult().getStatistics().getMin());
    }
    return best;
  }

  private static long bytes(String sum) {
    return switch (sum) {
      case "sumOneByte" -> Columns.ROWS;
      case "sumTwoBytes" -> 2L * Columns.ROWS;
      default -> 4L * Columns.ROWS;
    };
  }
}
