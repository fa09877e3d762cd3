package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.journal.FaultyDisk;
import firebreak.eventstore.journal.JournalDisk;
import firebreak.eventstore.journal.JournalFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the store on disk has acknowledged is there exactly once, whatever happens. */
final class DurabilityTest {
  private static final int SMALL_FILE = 4_000;
  private static final TimeRange EVER = new TimeRange(Instant.MIN, Instant.MAX);

  @TempDir Path directory;

  private LuceneEventStore open(JournalDisk disk) {
    return open(directory, disk);
  }

  private static LuceneEventStore open(Path directory, JournalDisk disk) {
    return LuceneEventStore.open(
        directory,
        StoreSettings.defaults().withJournalFileBytes(SMALL_FILE),
        new StoreDisk(disk, FSDirectory::open));
  }

  private static Event event(long id) {
    return new Event(EventStoreContract.NOON, 1, Map.of("id", Value.of(id)));
  }

  private static List<Long> ids(EventStore store) {
    List<Long> ids = new ArrayList<>();
    store.scan(
        List.of("api"),
        EVER,
        Filter.ALL,
        List.of(),
        event -> ids.add((long) event.fields().getOrDefault("id", Value.of(-1)).asDouble()));
    return ids;
  }

  private static List<Long> upTo(long end) {
    return Stream.iterate(0L, id -> id < end, id -> id + 1).toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void findsEveryAcknowledgedEventOnceAfterPowerCutsAndCommits(long seed) throws IOException {
    Random random = new Random(seed);
    List<Long> acknowledged = new ArrayList<>();
    for (int life = 0; life < 4; life++) {
      FaultyDisk disk = new FaultyDisk(seed + life);
      try (LuceneEventStore store = open(disk)) {
        assertEquals(acknowledged, ids(store), "seed " + seed + ", life " + life);
        assertEquals(
            acknowledged.isEmpty() ? Map.of() : Map.of("api", (long) acknowledged.size()),
            store.datasets());
        int appends = random.nextInt(60);
        for (int i = 0; i < appends; i++) {
          long id = acknowledged.size();
          store.append("api", List.of(event(id), event(id + 1)));
          acknowledged.addAll(List.of(id, id + 1));
          if (random.nextInt(20) == 0) {
            store.seal();
          }
        }
        if (random.nextBoolean()) {
          disk.cutPower();
          assertThrows(UncheckedIOException.class, () -> store.append("api", List.of(event(999))));
        }
        store.abandon();
      }
    }
  }

  @Test
  void needsNoJournalAfterACleanClose() throws IOException {
    try (EventStore store = open(JournalDisk.FILES)) {
      store.append("api", List.of(event(0), event(1)));
    }
    try (Stream<Path> files = Files.list(directory.resolve("journal"))) {
      assertEquals(0, files.count());
    }
    try (EventStore store = open(JournalDisk.FILES)) {
      assertEquals(upTo(2), ids(store));
      assertEquals(Map.of("id", EventStore.FieldType.WHOLE), store.fields("api"));
      store.append("api", List.of(event(2)));
      assertEquals(upTo(3), ids(store));
    }
  }

  @Test
  void refusesToOpenOverADamagedJournal() throws IOException {
    try (LuceneEventStore store = open(JournalDisk.FILES)) {
      store.append("api", List.of(event(0)));
      store.append("api", List.of(event(1)));
      store.abandon();
    }
    Path file = directory.resolve("journal").resolve("0000000000000001.journal");
    byte[] bytes = Files.readAllBytes(file);
    bytes[JournalFormat.HEADER_BYTES + JournalFormat.FRAME_BYTES] ^= 1;
    Files.write(file, bytes);
    UncheckedIOException refused =
        assertThrows(UncheckedIOException.class, () -> open(JournalDisk.FILES));
    assertTrue(refused.toString().contains("cannot be opened"), refused.toString());
    assertTrue(String.valueOf(refused.getCause()).contains("events numbered 1 to 1"));
  }

  @Test
  void letsOnlyOneProcessIn() {
    EventStore store = open(JournalDisk.FILES);
    assertThrows(DirectoryLockedException.class, () -> EventStore.open(directory));
    store.close();
    EventStore.open(directory).close();
  }

  @Test
  void saysSoWhenItIsClosed() {
    EventStore store = open(JournalDisk.FILES);
    store.close();
    store.close();
    assertThrows(IllegalStateException.class, () -> store.append("api", List.of(event(1))));
    assertThrows(IllegalStateException.class, () -> ids(store));
  }

  @Test
  void stopsAQuestionThatTakesTooLong() {
    StoreSettings hasty = StoreSettings.defaults().withQueryTime(Duration.ZERO);
    try (EventStore store = LuceneEventStore.open(directory, hasty)) {
      store.append("api", List.of(event(1)));
      Query query = Query.of("api", EVER, Filter.ALL, Calculation.count());
      assertThrows(LimitExceededException.class, () -> store.query(query));
    }
  }

  /** Appends numbered events and prints the number of each once it is acknowledged. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws InterruptedException {
      LuceneEventStore store = open(Path.of(arguments[0]), JournalDisk.FILES);
      long start = Long.parseLong(arguments[1]);
      List<Thread> threads = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        long first = start + thread;
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (long id = first; ; id += 4) {
                        store.append("api", List.of(event(id)));
                        System.out.println(id);
                        if (id % 400 == 0) {
                          store.seal();
                        }
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  @Test
  @Timeout(60)
  void findsEveryAcknowledgedEventOnceAfterTheProcessWasKilled() throws Exception {
    List<Long> acknowledged = new ArrayList<>();
    for (int life = 0; life < 2; life++) {
      acknowledged.addAll(runAndKill(life * 1_000_000L, 800 + 700 * life));
    }
    Collections.sort(acknowledged);
    try (EventStore store = open(JournalDisk.FILES)) {
      List<Long> found = ids(store).stream().sorted().toList();
      assertEquals(found.stream().distinct().toList(), found, "found twice");
      List<Long> lost = new ArrayList<>(acknowledged);
      lost.removeAll(new HashSet<>(found));
      assertEquals(List.of(), lost);
      assertTrue(found.size() <= acknowledged.size() + 8, "more than was ever in flight");
    }
  }

  private List<Long> runAndKill(long start, int enough) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                directory.toString(),
                Long.toString(start))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<Long> acknowledged = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        acknowledged.add(Long.parseLong(line));
        if (acknowledged.size() == enough) {
          process.toHandle().destroyForcibly();
        }
      }
    }
    process.waitFor();
    assertTrue(acknowledged.size() >= enough, "the writer stopped by itself");
    return acknowledged;
  }
}
