package firebreak.bench.fleet;

import firebreak.bench.fleet.Options.Case;
import firebreak.eventstore.Durability;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.StoreSettings;
import firebreak.sim.fleet.Fleet;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Plays the simulated production and tells how well its incidents were explained. */
public final class FleetTable {
  private static final int PROGRESS_EVERY = 50;

  /** A busy machine makes an answer late, never another one. */
  private static final StoreSettings SETTINGS =
      StoreSettings.defaults()
          .withDurability(Durability.FAST)
          .withQueryTime(Duration.ofMinutes(10));

  private final Options options;
  private final PrintStream out;
  private final PrintStream err;

  private FleetTable(Options options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  /**
   * Plays all cases, prints the table and writes the cases and the plot if they are asked for.
   *
   * @param out gets the table
   * @param err is told of progress
   */
  public static List<Figure> run(Options options, PrintStream out, PrintStream err)
      throws IOException, InterruptedException {
    return new FleetTable(options, out, err).run();
  }

  private List<Figure> run() throws IOException, InterruptedException {
    long start = System.nanoTime();
    List<Ruling> rulings = rulings();
    double seconds = (System.nanoTime() - start) / 1e9;
    Report report = new Report(options, rulings, seconds);
    report.print(out);
    if (options.cases() != null) {
      Files.write(options.cases(), rulings.stream().flatMap(one -> one.story().stream()).toList());
    }
    if (options.plot() != null) {
      Files.writeString(options.plot(), new CalibrationPlot(new Calibration(rulings)).svg());
    }
    return report.figures();
  }

  private List<Ruling> rulings() throws InterruptedException {
    List<Case> cases = options.all();
    AtomicInteger done = new AtomicInteger();
    List<Future<Ruling>> futures = new ArrayList<>();
    List<Ruling> rulings = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(options.threads())) {
      for (Case one : cases) {
        Callable<Ruling> play =
            () -> {
              Ruling ruling = play(one);
              int count = done.incrementAndGet();
              if (count % PROGRESS_EVERY == 0) {
                err.printf("%d of %d%n", count, cases.size());
              }
              return ruling;
            };
        futures.add(threads.submit(play));
      }
      for (Future<Ruling> future : futures) {
        rulings.add(future.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a case could not be played", e.getCause());
    }
    return rulings;
  }

  private Ruling play(Case one) throws IOException {
    Fleet fleet = Fleet.of(one.kind(), one.seed());
    try (Watch watch = new Watch(fleet)) {
      Watch.Raised raised = watch.raised();
      if (raised == null) {
        return Ruling.quiet(one, fleet.truth());
      }
      return judge(one, fleet, watch, raised);
    } catch (RuntimeException e) {
      throw new IllegalStateException("%s, seed %d".formatted(one.kind(), one.seed()), e);
    }
  }

  /** In a store on disk, which answers quicker by far than the one in memory. */
  private static Ruling judge(Case one, Fleet fleet, Watch watch, Watch.Raised raised)
      throws IOException {
    Path folder = Files.createTempDirectory("firebreak-bench-fleet");
    try (EventStore store = EventStore.open(folder, SETTINGS)) {
      return judge(one, fleet, watch, raised, store);
    } finally {
      delete(folder);
    }
  }

  private static Ruling judge(
      Case one, Fleet fleet, Watch watch, Watch.Raised raised, EventStore store) {
    try (Scene scene = new Scene(fleet, watch, raised, store)) {
      return Ruling.of(one, fleet.truth(), scene, scene.patrol());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
