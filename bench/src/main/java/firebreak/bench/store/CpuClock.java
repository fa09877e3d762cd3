package firebreak.bench.store;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The CPU time of a process. On Linux it is the sum over the threads, to the nanosecond; elsewhere
 * what the platform tells, which goes in steps of 10 ms or so.
 */
final class CpuClock {
  private static final long WHOLE = -1;

  private final long process;
  private final Path tasks;

  CpuClock(long process) {
    this.process = process;
    this.tasks = Path.of("/proc/" + process + "/task");
  }

  /** Nanoseconds so far, by thread. */
  Map<Long, Long> read() {
    Map<Long, Long> nanos = new HashMap<>();
    if (Files.isDirectory(tasks)) {
      try (Stream<Path> threads = Files.list(tasks)) {
        threads.forEach(thread -> add(thread, nanos));
      } catch (IOException e) {
        nanos.clear();
      }
    }
    if (nanos.isEmpty()) {
      nanos.put(WHOLE, whole());
    }
    return nanos;
  }

  private static void add(Path thread, Map<Long, Long> nanos) {
    try {
      String statistics = Files.readString(thread.resolve("schedstat"));
      nanos.put(
          Long.parseLong(thread.getFileName().toString()),
          Long.parseLong(statistics.substring(0, statistics.indexOf(' '))));
    } catch (IOException e) {
      // The thread has ended since it was listed.
    }
  }

  /** Nanoseconds so far, also of threads that have ended; in steps of 10 ms or so. */
  long whole() {
    if (process == ProcessHandle.current().pid()
        && ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system) {
      return system.getProcessCpuTime();
    }
    return ProcessHandle.of(process)
        .flatMap(handle -> handle.info().totalCpuDuration())
        .map(Duration::toNanos)
        .orElse(0L);
  }

  /** Nanoseconds since; what threads did that have ended in between is lost. */
  long since(Map<Long, Long> before) {
    long sum = 0;
    for (Map.Entry<Long, Long> thread : read().entrySet()) {
      sum += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
    }
    return sum;
  }
}
