package firebreak.bench.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import firebreak.bench.wide.Batches;
import firebreak.bench.wide.WideEvents;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the cost of each question grows with the number of events, our own store alone. The events
 * are made while they are loaded, so what is said of loading includes their making.
 */
public final class ScalingBench {
  private static final double MIB = 1 << 20;

  private final Settings settings;
  private final PrintStream out;
  private final PrintStream progress;
  private final Map<String, Map<Long, Double>> table = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  public ScalingBench(Settings settings, PrintStream out, PrintStream progress) {
    this.settings = settings;
    this.out = out;
    this.progress = progress;
  }

  /** Runs it; false where a question failed. */
  public boolean run() throws Exception {
    List<Long> done = new ArrayList<>();
    for (long size : settings.sizes()) {
      Files.createDirectories(settings.folder());
      try {
        Disk.check(settings.folder(), Disk.OWN_BYTES * size);
        measure(size);
        done.add(size);
      } catch (IOException e) {
        notes.add("%,d events are left out: %s".formatted(size, e.getMessage()));
      } finally {
        Folders.delete(settings.folder());
      }
    }
    print(done);
    writeJson();
    return notes.isEmpty();
  }

  private void measure(long size) throws Exception {
    WideEvents events = new WideEvents(size, settings.seed());
    Path folder = settings.folder().resolve(Row.OURS);
    try (FirebreakPeer peer = new FirebreakPeer(folder, new Workload(events));
        Batches batches = Batches.made(events, StoreBench.BATCH)) {
      Load load = Load.of(peer, batches, progress);
      put("loading, thousand events/s", size, load.eventsPerSecond() / 1_000);
      put("on disk, bytes/event", size, load.bytesPerEvent());
      put("restart, ms", size, load.settleMillis());
      put("peak memory loading, MiB", size, load.residentPeak() / MIB);
      Memory.reset();
      for (Question question : settings.asked()) {
        progress.printf("%,d events: %s%n", size, question.title());
        Row row = new Rounds(question, size, List.of(peer), settings.rounds()).run();
        row.notes().values().forEach(why -> notes.add(question.title() + ": " + why));
        Timing timing = row.ours();
        if (timing != null) {
          put(question.title() + ", ms", size, timing.medianMillis());
        }
      }
      put("peak memory asking, MiB", size, Memory.residentPeak() / MIB);
      put("of it heap, MiB", size, Memory.heapPeak() / MIB);
    }
  }

  private void put(String what, long size, double value) {
    table.computeIfAbsent(what, _ -> new LinkedHashMap<>()).put(size, value);
  }

  private void print(List<Long> sizes) {
    out.println(Machine.describe());
    StringBuilder heading = new StringBuilder("%-32s".formatted("events"));
    sizes.forEach(size -> heading.append(" %,14d".formatted(size)));
    out.println(heading);
    table.forEach(
        (what, values) -> {
          StringBuilder line = new StringBuilder("%-32s".formatted(what));
          sizes.forEach(
              size -> line.append(" %,14.2f".formatted(values.getOrDefault(size, Double.NaN))));
          out.println(line);
        });
    notes.forEach(out::println);
  }

  private void writeJson() throws IOException {
    Path json = settings.json();
    if (json != null) {
      List<Map<String, Object>> rows = new ArrayList<>();
      table.forEach((what, values) -> rows.add(Map.of("question", what, "by_events", values)));
      new ObjectMapper()
          .writeValue(
              json.toFile(),
              Map.of(
                  "bench",
                  "store scaling",
                  "machine",
                  Machine.describe(),
                  "command",
                  settings.command(),
                  "rows",
                  rows));
    }
  }
}
