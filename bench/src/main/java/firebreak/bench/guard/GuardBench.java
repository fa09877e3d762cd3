package firebreak.bench.guard;

import firebreak.bench.accuracy.Result;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * {@code firebreak bench guard}: how often the guard turns a flag that is innocent, and how soon
 * one that is guilty, over weeks in which all is well and incidents whose cause is known.
 *
 * @param weeks healthy weeks of a service
 * @param incidents of every kind
 * @param contrasts whether burns are also found by the contrast of units; else by burn rules alone
 * @param cases where to write the incidents; null for nowhere
 * @param earlier the incidents of earlier runs, which count too
 */
public record GuardBench(
    int weeks,
    int incidents,
    long seed,
    int threads,
    boolean contrasts,
    @Nullable Path json,
    @Nullable Path cases,
    List<Path> earlier,
    String command,
    PrintStream out,
    PrintStream err) {
  private static final int PROGRESS_EVERY = 500;

  /** The weeks that were lived, and the processor time that they took. */
  record Lived(List<Week.Outcome> weeks, double coreMinutes) {}

  /** Runs it; whether there was something to report. */
  public boolean run() throws IOException, InterruptedException {
    AtomicLong nanos = new AtomicLong();
    List<Week.Outcome> lived =
        all(
            "weeks",
            weeks,
            i -> {
              long start = cpu();
              Week.Outcome outcome = new Week(seed * 7_919 + i).live();
              nanos.addAndGet(cpu() - start);
              return outcome;
            });
    List<Ruling> rulings =
        all(
            "incidents",
            incidents,
            i -> {
              try (Trial trial = new Trial(Case.of(i, seed), contrasts)) {
                return trial.play();
              }
            });
    if (cases != null) {
      CaseFile.write(cases, rulings);
    }
    List<Ruling> all = new ArrayList<>(CaseFile.read(earlier));
    all.addAll(rulings);
    List<Result> results = new Report(lived, all, nanos.get() / 60e9).results();
    Report.print(results, out);
    if (json != null) {
      Report.write(results, command, json);
    }
    return true;
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** One of many that do not depend on each other. */
  private interface Play<T> {
    T play(int number);
  }

  private <T> List<T> all(String what, int count, Play<T> play) throws InterruptedException {
    List<Future<T>> futures = new ArrayList<>();
    List<T> done = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < count; i++) {
        int number = i;
        Callable<T> one = () -> play.play(number);
        futures.add(pool.submit(one));
      }
      for (Future<T> future : futures) {
        done.add(future.get());
        if (done.size() % PROGRESS_EVERY == 0) {
          err.printf("%d of %d %s%n", done.size(), count, what);
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("one of the %s could not be played".formatted(what), e);
    }
    return done;
  }
}
