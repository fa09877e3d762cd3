package firebreak.bench.store;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process takes at most, since the last reset. */
final class Memory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");
  private static final String RESET_PEAK = "5";

  private Memory() {}

  static void reset() {
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    try {
      Files.writeString(CLEAR, RESET_PEAK);
    } catch (IOException e) {
      // Not Linux, or not allowed: the peak is then that of the whole run.
    }
  }

  /** The limit of the heap. */
  static long heapLimit() {
    return Runtime.getRuntime().maxMemory();
  }

  /** The sum of the peaks of the heap's pools. */
  static long heapPeak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }

  /** The peak of what was in memory, mapped files included; 0 where the platform does not tell. */
  static long residentPeak() {
    return status("VmHWM:");
  }

  private static long status(String key) {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(key)) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1_024;
        }
      }
    } catch (IOException e) {
      // Said by the 0.
    }
    return 0;
  }
}
