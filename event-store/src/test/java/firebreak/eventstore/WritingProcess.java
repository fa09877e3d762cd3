package firebreak.eventstore;

import firebreak.eventstore.journal.JournalDisk;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.lucene.store.FSDirectory;

/**
 * A process that appends numbered events to a store under load and says the number of each once it
 * is acknowledged, on a pipe, so that what it said survives it and its disk.
 */
final class WritingProcess implements AutoCloseable {
  private static final int THREADS = 4;
  private static final String OPEN = "open";

  /** How the store under it keeps events. */
  enum Mode {
    DURABLE,
    FAST,

    /** As if it were durable, on a disk that forces nothing. */
    FORGETFUL
  }

  private record Acknowledgement(long number, long nanos) {}

  private final Process process;
  private final PrintStream orders;
  private final Thread reader = new Thread(this::read, "acknowledgements");
  private final List<Acknowledgement> acknowledged = new ArrayList<>();
  private final CountDownLatch open = new CountDownLatch(1);
  private final CountDownLatch first = new CountDownLatch(1);

  private WritingProcess(Process process) {
    this.process = process;
    this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    reader.start();
  }

  /** Starts it; it then waits for {@link #begin}, so that its start takes nobody's time. */
  static WritingProcess start(Mode mode) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath(),
            WritingProcess.class.getName(),
            mode.name());
    return new WritingProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  /** Without Lucene's test framework, whose codecs make the start of every process slow. */
  static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.contains("lucene-test-framework"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Lets it open the store and append events numbered from {@code first} on. */
  void begin(Path directory, long first) {
    orders.println(first + " " + directory);
  }

  void awaitOpen() throws InterruptedException {
    if (!open.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the writing process does not open its store");
    }
  }

  void awaitFirst() throws InterruptedException {
    if (!first.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the writing process does not write");
    }
  }

  /** The numbers of all that it has said is acknowledged by now. */
  List<Long> acknowledged() {
    return acknowledged(Duration.ZERO);
  }

  /** The numbers of all that it said was acknowledged so long ago. */
  List<Long> acknowledged(Duration ago) {
    long before = System.nanoTime() - ago.toNanos();
    synchronized (acknowledged) {
      return acknowledged.stream()
          .filter(one -> one.nanos() - before <= 0)
          .map(Acknowledgement::number)
          .toList();
    }
  }

  /** Kills it, and returns when all that it ever said is {@link #acknowledged}. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    reader.join();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals(OPEN)) {
          open.countDown();
        } else {
          synchronized (acknowledged) {
            acknowledged.add(new Acknowledgement(Long.parseLong(line), System.nanoTime()));
          }
          first.countDown();
        }
      }
    } catch (IOException e) {
      // It was closed before it ended, by somebody who does not want to hear more.
      return;
    }
  }

  /** A store that seals, merges and begins new journal files all the time. */
  static LuceneEventStore open(Path directory, Mode mode) {
    JournalDisk journal = mode == Mode.FORGETFUL ? new ForgetfulDisk() : JournalDisk.FILES;
    return LuceneEventStore.open(
        directory,
        StoreSettings.defaults()
            .withDurability(mode == Mode.FAST ? Durability.FAST : Durability.DURABLE)
            .withSealRows(150)
            .withSealAge(Duration.ofMillis(60))
            .withCheckInterval(Duration.ofMillis(15))
            .withMerging(3, 2_000)
            .withJournalFileBytes(16 * 1024)
            .withFreeBytes(0),
        new StoreDisk(journal, FSDirectory::open));
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String[] order = orders.readLine().split(" ", 2);
    long start = Long.parseLong(order[0]);
    LuceneEventStore store = open(Path.of(order[1]), Mode.valueOf(arguments[0]));
    say(OPEN);
    List<Thread> threads = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      long first = start + thread;
      threads.add(Thread.ofPlatform().start(() -> write(store, first)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void write(EventStore store, long first) {
    for (long number = first; ; number += THREADS) {
      try {
        store.append(Numbered.DATASET, List.of(Numbered.event(number)));
      } catch (UncheckedIOException e) {
        // Whatever comes after a failure must not be acknowledged wrongly either.
        continue;
      }
      say(Long.toString(number));
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
