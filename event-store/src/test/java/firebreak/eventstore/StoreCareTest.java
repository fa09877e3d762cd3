package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.journal.FaultyDisk;
import firebreak.eventstore.journal.JournalDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator does to a store: retain, erase, copy, verify. */
final class StoreCareTest {
  private static final Instant NOON = EventStoreContract.NOON;
  private static final TimeRange EVER = new TimeRange(Instant.MIN, Instant.MAX);

  @TempDir Path directory;

  private LuceneEventStore open() {
    return LuceneEventStore.open(directory, StoreSettings.defaults().withSealRows(1_000));
  }

  private static Event event(long id) {
    return new Event(
        NOON.plusSeconds(id), 1, Map.of("id", Value.of(id), "customer", Value.of("c" + id % 3)));
  }

  private static List<Event> events(long from, long to) {
    return LongStream.range(from, to).mapToObj(StoreCareTest::event).toList();
  }

  private static List<Long> ids(EventStore store) {
    List<Long> ids = new ArrayList<>();
    store.scan(
        List.of("api"),
        EVER,
        Filter.ALL,
        List.of("id"),
        event -> ids.add((long) event.fields().getOrDefault("id", Value.of(-1)).asDouble()));
    return ids;
  }

  private static List<Long> without(long customer, long to) {
    return LongStream.range(0, to).filter(id -> id % 3 != customer).boxed().toList();
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("parts"))) {
      return files.filter(file -> file.toString().endsWith(".columns")).sorted().toList();
    }
  }

  @Test
  void dropsWholeDaysThatAreOlder() throws IOException {
    try (LuceneEventStore store = open()) {
      for (int day = 0; day < 4; day++) {
        Instant time = NOON.plus(Duration.ofDays(day));
        store.append("api", List.of(new Event(time, 1, Map.of("id", Value.of(day)))));
      }
      store.seal();
      assertEquals(4, parts().size());
      Instant secondDay = NOON.plus(Duration.ofDays(1));
      assertEquals(1, store.retain("api", secondDay.plusSeconds(-1)));
      assertEquals(List.of(1L, 2L, 3L), ids(store));
      assertEquals(2, store.retain("api", secondDay.plus(Duration.ofDays(1)).plusSeconds(1)));
      assertEquals(1, parts().size());
      assertEquals(0, store.retain("api", NOON));
    }
    try (LuceneEventStore store = open()) {
      assertEquals(List.of(3L), ids(store));
      assertEquals(Map.of("api", 1L), store.datasets());
    }
  }

  @Test
  void erasesFromMemoryAndDiskForGood() throws IOException {
    Filter customer = Filter.equal("customer", "c1");
    try (LuceneEventStore store = open()) {
      store.append("api", events(0, 30));
      store.append("web", events(0, 30));
      store.seal();
      store.append("api", events(30, 60));
      assertEquals(20, store.erase("api", customer));
      assertEquals(without(1, 60), ids(store));
      assertEquals(Map.of("api", 40L, "web", 30L), store.datasets());
      assertEquals(0, store.erase("api", customer));
      store.append("api", List.of(event(61)));
      assertEquals(41, ids(store).size());
      assertThrows(
          IllegalArgumentException.class, () -> store.erase("api", new Filter.InTrace(customer)));
    }
    try (LuceneEventStore store = open()) {
      assertEquals(41, ids(store).size());
    }
  }

  /**
   * The order is durable, then the process dies before it is carried out.
   *
   * @param left how many part files can still be written: none, or the rows in memory but not what
   *     the erasure leaves
   */
  @ParameterizedTest(name = "room for {0} parts")
  @ValueSource(ints = {-1, 0, 1, 2})
  void carriesAnErasureOutAfterACrash(int left) throws IOException {
    AtomicInteger room = new AtomicInteger(100);
    StoreDisk disk =
        new StoreDisk(new FaultyDisk(1), path -> new FullDirectory(FSDirectory.open(path), room));
    LuceneEventStore store = LuceneEventStore.open(directory, StoreSettings.defaults(), disk);
    store.append("api", events(0, 30));
    store.seal();
    store.append("api", events(30, 60));
    room.set(left);
    assertThrows(
        UncheckedIOException.class, () -> store.erase("api", Filter.equal("customer", "c2")));
    assertEquals(60, ids(store).size());
    store.append("api", events(60, 63));
    assertTrue(String.valueOf(store.status().trouble()).contains("full"));
    store.abandon();
    try (LuceneEventStore next = open()) {
      List<Long> expected = new ArrayList<>(without(2, 60));
      expected.addAll(List.of(60L, 61L, 62L));
      assertEquals(expected, ids(next));
    }
    try (LuceneEventStore next = open()) {
      assertEquals(43, ids(next).size());
    }
  }

  /** When the disk has room again, an erasure that failed is carried out by itself. */
  @Test
  @Timeout(30)
  void triesAgainWhenTheDiskHasRoom() throws Exception {
    AtomicInteger room = new AtomicInteger(100);
    StoreDisk disk =
        new StoreDisk(new FaultyDisk(1), path -> new FullDirectory(FSDirectory.open(path), room));
    StoreSettings quick = StoreSettings.defaults().withCheckInterval(Duration.ofMillis(20));
    try (LuceneEventStore store = LuceneEventStore.open(directory, quick, disk)) {
      store.append("api", events(0, 30));
      room.set(-1);
      assertThrows(
          UncheckedIOException.class, () -> store.erase("api", Filter.equal("customer", "c2")));
      room.set(100);
      while (ids(store).size() > 20) {
        Thread.sleep(10);
      }
      assertEquals(without(2, 30), ids(store));
      while (store.status().trouble() != null) {
        Thread.sleep(10);
      }
    }
  }

  @Test
  @Timeout(60)
  void copiesItselfWhileEventsCome() throws Exception {
    Path copy = directory.resolve("copy");
    AtomicLong acknowledged = new AtomicLong();
    AtomicBoolean enough = new AtomicBoolean();
    long atLeast;
    try (LuceneEventStore store =
        LuceneEventStore.open(
            directory.resolve("store"),
            StoreSettings.defaults()
                .withSealRows(300)
                .withMerging(2, 2_000)
                .withJournalFileBytes(5_000))) {
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!enough.get()) {
                      store.append("api", List.of(event(acknowledged.get())));
                      acknowledged.incrementAndGet();
                    }
                  });
      while (acknowledged.get() < 1_000) {
        Thread.sleep(1);
      }
      atLeast = acknowledged.get();
      store.snapshot(copy);
      assertThrows(UncheckedIOException.class, () -> store.snapshot(copy));
      enough.set(true);
      writer.join();
    }
    try (EventStore store = EventStore.open(copy)) {
      List<Long> found = ids(store);
      assertTrue(found.size() >= atLeast, found.size() + " of " + atLeast);
      assertEquals(LongStream.range(0, found.size()).boxed().toList(), found);
      store.append("api", List.of(event(found.size())));
      assertEquals(found.size() + 1, ids(store).size());
    }
  }

  @Test
  void neverAnswersFromADamagedPart() throws IOException {
    try (LuceneEventStore store = open()) {
      store.append("api", events(0, 50));
      store.seal();
      store.append("api", List.of(new Event(NOON.plus(Duration.ofDays(2)), 1, Map.of())));
      store.seal();
    }
    Path part = parts().getFirst();
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length / 3] ^= 4;
    Files.write(part, bytes);
    String name = part.getFileName().toString();
    try (LuceneEventStore store = open()) {
      List<String> damaged = store.scrub();
      assertEquals(1, damaged.size());
      assertTrue(damaged.getFirst().contains(name), damaged::toString);
      DamagedPartException refused = assertThrows(DamagedPartException.class, () -> ids(store));
      assertTrue(refused.toString().contains("50 events of the dataset \"api\""));
      assertFalse(store.status().isHealthy());
      TimeRange later = new TimeRange(NOON.plus(Duration.ofDays(1)), Instant.MAX);
      Query query = Query.of("api", later, Filter.ALL, Calculation.count());
      assertEquals(1, store.query(query).rowsExamined());
      assertEquals(damaged, store.scrub());
    }
    Files.move(part, part.resolveSibling(name + DamagedPartException.GIVEN_UP));
    try (LuceneEventStore store = open()) {
      assertEquals(1, ids(store).size());
      assertTrue(store.status().damaged().getFirst().contains("given up"));
    }
    bytes[bytes.length / 3] ^= 4;
    Files.write(part, bytes);
    try (LuceneEventStore store = open()) {
      assertEquals(51, ids(store).size());
      assertEquals(List.of(), store.scrub());
    }
  }

  @Test
  void noticesAtTheStartThatAPartIsCutShort() throws IOException {
    try (LuceneEventStore store = open()) {
      store.append("api", events(0, 50));
    }
    Path part = parts().getFirst();
    byte[] bytes = Files.readAllBytes(part);
    Files.write(part, Arrays.copyOf(bytes, bytes.length - 1));
    try (LuceneEventStore store = open()) {
      assertEquals(1, store.status().damaged().size());
      assertThrows(DamagedPartException.class, () -> ids(store));
    }
    Files.delete(part);
    try (LuceneEventStore store = open()) {
      assertEquals(1, store.status().damaged().size());
      store.append("api", List.of(event(1)));
    }
  }

  @Test
  void refusesEventsWhileTheDiskIsNearlyFullAndGoesOnAfterwards() throws Exception {
    AtomicLong free = new AtomicLong(1_000);
    StoreDisk disk = new StoreDisk(new NarrowDisk(free), FSDirectory::open);
    StoreSettings settings = StoreSettings.defaults().withFreeBytes(500);
    try (LuceneEventStore store = LuceneEventStore.open(directory, settings, disk)) {
      store.append("api", events(0, 3));
      free.set(499);
      Thread.sleep(60);
      LimitExceededException refused =
          assertThrows(LimitExceededException.class, () -> store.append("api", events(3, 4)));
      assertTrue(refused.toString().contains("The disk has"), refused.toString());
      assertEquals(1, store.erase("api", Filter.equal("id", Value.of(1))));
      free.set(500);
      Thread.sleep(60);
      store.append("api", events(3, 4));
      assertEquals(List.of(0L, 2L, 3L), ids(store));
    }
  }

  /** As when the program's files are replaced under it: an error is no exception. */
  @Test
  void closesAndLosesNothingThoughAClassIsMissing() {
    AtomicBoolean missing = new AtomicBoolean();
    StoreDisk disk =
        new StoreDisk(JournalDisk.FILES, path -> new Unloadable(FSDirectory.open(path), missing));
    LuceneEventStore store = LuceneEventStore.open(directory, StoreSettings.defaults(), disk);
    store.append("api", events(0, 30));
    missing.set(true);
    assertTimeoutPreemptively(Duration.ofSeconds(20), store::close);
    try (LuceneEventStore next = open()) {
      assertEquals(30, ids(next).size());
    }
  }

  /** Writing needs a class that may be missing. */
  private static final class Unloadable extends FilterDirectory {
    private final AtomicBoolean missing;

    Unloadable(Directory in, AtomicBoolean missing) {
      super(in);
      this.missing = missing;
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
      if (missing.get()) {
        throw new NoClassDefFoundError("missing");
      }
      return super.createOutput(name, context);
    }
  }

  @Test
  void closesInOrderThoughItsThreadIsInterrupted() {
    LuceneEventStore store = open();
    store.append("api", events(0, 30));
    Thread.currentThread().interrupt();
    store.close();
    assertTrue(Thread.interrupted());
    try (LuceneEventStore next = open()) {
      assertEquals(0, next.status().freshRows());
      assertEquals(30, ids(next).size());
    }
  }

  @Test
  void tellsHowItIsDoing() {
    StoreSettings settings =
        StoreSettings.defaults().withDurability("web", Durability.FAST).withSealRows(40);
    try (LuceneEventStore store = LuceneEventStore.open(directory, settings)) {
      assertEquals(Durability.DURABLE, store.append("api", events(0, 30)));
      assertEquals(Durability.FAST, store.append("web", events(0, 3)));
      assertEquals(Durability.FAST, store.append("web", List.of()));
      StoreStatus status = store.status();
      assertEquals(33, status.events());
      assertEquals(33, status.freshRows());
      assertTrue(status.freshBytes() > 0 && status.journalBytes() > 0);
      assertTrue(status.isHealthy());
      store.seal();
      status = store.status();
      assertEquals(33, status.events());
      assertEquals(0, status.freshRows());
      assertEquals(2, status.parts());
      assertTrue(status.partBytes() > 0);
    }
  }

  @Test
  void writesEventsOfManyDaysToFewFiles() throws IOException {
    List<Event> scattered = new ArrayList<>();
    for (int day = 0; day < 500; day++) {
      scattered.add(new Event(NOON.plus(Duration.ofDays(day)), 1, Map.of("id", Value.of(day))));
    }
    try (LuceneEventStore store = open()) {
      store.append("api", scattered);
      store.seal();
      assertTrue(parts().size() <= 32, parts().size() + " files");
      assertEquals(LongStream.range(0, 500).boxed().toList(), ids(store));
    }
  }
}
