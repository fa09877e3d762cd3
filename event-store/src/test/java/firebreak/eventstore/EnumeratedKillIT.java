package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process may be killed, and a call of the system may fail, at every single place. */
@Tag("durability")
final class EnumeratedKillIT {
  private static final List<String> CALLS =
      List.of("write,pwrite64", "fdatasync,fsync", "rename,renameat,renameat2", "unlink,unlinkat");

  /** Seals early, so that the store's upkeep makes its n-th call before the journal; and late. */
  private static final List<Integer> FIRST_SEALS = List.of(1, 18);

  private static final int MOST = 400;

  @TempDir Path directory;

  private int runs;

  /**
   * What a run said.
   *
   * @param ended whether it came to its end
   */
  private record Run(List<String> said, boolean ended) {
    boolean hasSaid(String line) {
      return said.contains(line);
    }
  }

  /**
   * The same in one process, so that it takes milliseconds: each creation, write, force, close,
   * rename and delete of a file is the last one, half done, and all that come after it fail.
   */
  @Test
  void isHarmlessWhereverTheDiskDies() throws IOException {
    Figures figures = new Figures("R2", "the disk dies at the n-th call, in the process");
    int step = Figures.runs("deathStep", 9, 1);
    for (int firstSeal : FIRST_SEALS) {
      boolean died = true;
      for (int n = 1; died; n += step) {
        Path path = directory.resolve("store-" + runs++);
        DyingDisk disk = new DyingDisk(n);
        Run run = run(path, disk, firstSeal);
        died = disk.isDead();
        check(figures, run, path, "call %d, seal %d".formatted(n, firstSeal));
        assertTrue(n < 10 * MOST, "the script is longer than thought");
      }
    }
    figures.write();
  }

  private static Run run(Path path, DyingDisk disk, int firstSeal) {
    List<String> said = new ArrayList<>();
    try (LuceneEventStore store = ScriptedProcess.open(path, disk.disk())) {
      try {
        // Dropping nothing, for want of parts, succeeds on a dead disk too, and promises nothing.
        ScriptedProcess.play(
            store,
            firstSeal,
            line -> said.add(disk.isDead() && line.equals(ScriptedProcess.DROPPED) ? "" : line));
      } finally {
        store.abandon();
      }
    } catch (UncheckedIOException | IllegalStateException e) {
      assertTrue(disk.isDead(), e::toString);
    }
    return new Run(said, !disk.isDead());
  }

  @Test
  void isHarmlessAtEveryWriteForceRenameAndDelete() throws Exception {
    String what = "SIGKILL at the n-th call, for every n";
    if (isSkipped("R2", what)) {
      return;
    }
    Figures figures = new Figures("R2", what);
    int step = Figures.runs("killStep", 1, 1);
    int killed = 0;
    for (String calls : CALLS) {
      for (int firstSeal : FIRST_SEALS) {
        boolean ended = false;
        for (int n = 1; !ended && n < MOST; n += step) {
          Path store = directory.resolve("store-" + runs++);
          Run run = run(store, Strace.injecting(calls, "signal=KILL", n), firstSeal);
          ended = run.ended();
          killed += ended ? 0 : 1;
          check(figures, run, store, "%s, n = %d, seal %d".formatted(calls, n, firstSeal));
        }
        assertTrue(ended, "the script is longer than thought");
      }
    }
    figures.control(killed + " kills");
    figures.write();
    assertTrue(killed > 100 / step, "hardly any run was killed: " + killed);
  }

  @Test
  void acknowledgesNothingOfWhichTheForceFailed() throws Exception {
    String what = "EIO at the n-th fdatasync, for every n";
    if (isSkipped("R7", what)) {
      return;
    }
    Figures figures = new Figures("R7", what);
    boolean refused = true;
    for (int n = 1; refused && n < MOST; n++) {
      Path store = directory.resolve("store-" + runs++);
      Run run = run(store, Strace.injecting("fdatasync", "error=EIO", n), 1);
      assertTrue(run.ended(), "n = " + n + ": the process did not go on");
      refused = run.hasSaid(ScriptedProcess.REFUSED);
      check(figures, run, store, "EIO at fdatasync " + n);
    }
    figures.write();
  }

  /** Whether it is skipped: by day silently, as it takes minutes; without a tracer loudly. */
  private static boolean isSkipped(String promise, String what) throws InterruptedException {
    assumeTrue(Figures.nightly(), "nightly only");
    String missing = Strace.missing();
    if (!missing.isEmpty()) {
      Figures.skipped(promise, what, missing);
    }
    assumeTrue(missing.isEmpty(), missing);
    return false;
  }

  private static Run run(Path store, List<String> tracer, int firstSeal)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(tracer);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            WritingProcess.classPath(),
            ScriptedProcess.class.getName(),
            store.toString(),
            Integer.toString(firstSeal)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (InputStream out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      List<String> lines = said.lines().toList();
      return new Run(lines, lines.contains(ScriptedProcess.DONE));
    }
  }

  private static void check(Figures figures, Run run, Path path, String what) {
    Set<Long> expected = new HashSet<>();
    Set<Long> maybe = new HashSet<>();
    run.said().stream()
        .filter(line -> !line.isEmpty() && Character.isDigit(line.charAt(0)))
        .mapToLong(Long::parseLong)
        .forEach(first -> addBatch(expected, first));
    if (run.hasSaid(ScriptedProcess.ERASING)) {
      maybe.add((long) ScriptedProcess.ERASED);
    }
    if (run.hasSaid(ScriptedProcess.DROPPING)) {
      expected.stream().filter(number -> number < ScriptedProcess.OLD).forEach(maybe::add);
    }
    expected.removeAll(maybe);
    Set<Long> gone = new HashSet<>();
    if (run.hasSaid(ScriptedProcess.ERASED_IT)) {
      gone.add((long) ScriptedProcess.ERASED);
    }
    if (run.hasSaid(ScriptedProcess.DROPPED)) {
      LongStream.range(0, ScriptedProcess.OLD).forEach(gone::add);
    }
    List<Long> found = new ArrayList<>();
    try (LuceneEventStore store = ScriptedProcess.open(path, StoreDisk.FILES)) {
      store.scan(
          List.of(Numbered.DATASET),
          Numbered.EVER,
          Filter.ALL,
          List.of(),
          event -> found.add(number(event)));
    }
    Numbered.Difference difference = Numbered.compare(expected, found);
    figures.ran(1);
    figures.lost(difference.events());
    assertTrue(difference.isNone(), what + ": " + difference);
    gone.retainAll(found);
    assertEquals(Set.of(), gone, what + ": back again");
  }

  private static long number(Event event) {
    long number = (long) event.fields().getOrDefault("number", Value.of(-1)).asDouble();
    return event.equals(ScriptedProcess.event(number)) ? number : -1 - Math.abs(number);
  }

  private static void addBatch(Set<Long> numbers, long first) {
    for (int i = 0; i < ScriptedProcess.BATCH; i++) {
      numbers.add(first + i);
    }
  }
}
