package firebreak.bench.store;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** On what it was measured. */
public final class Machine {
  private static final long GIB = 1L << 30;

  private Machine() {}

  public static String describe() {
    return "%s, %d processors, %s, Java %s, heap limit %.1f GiB%s"
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            memory(),
            Runtime.version(),
            (double) Memory.heapLimit() / GIB,
            load());
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  private static String memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? "%.0f GiB".formatted((double) system.getTotalMemorySize() / GIB)
        : "memory unknown";
  }

  /** What else was running, as far as the load tells. */
  private static String load() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? "" : ", load %.1f".formatted(load);
  }
}
