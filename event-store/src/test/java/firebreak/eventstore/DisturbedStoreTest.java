package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.EventStore.Contrast;
import firebreak.eventstore.EventStore.FieldContrast;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.journal.FaultyDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong, or goes on, while the store is at something else. */
final class DisturbedStoreTest {
  private static final Instant NOON = EventStoreContract.NOON;
  private static final TimeRange EVER = new TimeRange(Instant.MIN, Instant.MAX);
  private static final StoreSettings SETTINGS =
      StoreSettings.defaults().withMerging(4, 100_000).withCheckInterval(Duration.ofMillis(20));

  @TempDir Path directory;

  private final AtomicInteger room = new AtomicInteger(100);

  private LuceneEventStore open() {
    StoreDisk disk =
        new StoreDisk(new FaultyDisk(1), path -> new FullDirectory(FSDirectory.open(path), room));
    return LuceneEventStore.open(directory, SETTINGS, disk);
  }

  private static List<Event> events(long from, long to) {
    return LongStream.range(from, to)
        .mapToObj(
            id ->
                new Event(
                    NOON.plusSeconds(id),
                    1,
                    Map.of("id", Value.of(id), "customer", Value.of("c" + id % 3))))
        .toList();
  }

  private static List<Long> upTo(long end) {
    return LongStream.range(0, end).boxed().toList();
  }

  private static long id(Event event) {
    return (long) event.fields().getOrDefault("id", Value.of(-1)).asDouble();
  }

  private static List<Long> ids(EventStore store) {
    List<Long> ids = new ArrayList<>();
    store.scan(List.of("api"), EVER, Filter.ALL, List.of("id"), event -> ids.add(id(event)));
    return ids;
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("parts"))) {
      return files.filter(file -> file.toString().endsWith(".columns")).sorted().toList();
    }
  }

  @Test
  @Timeout(60)
  void aDiskThatIsFullWhenPartsAreMergedLeavesThemAsTheyWere() throws Exception {
    try (LuceneEventStore store = open()) {
      room.set(4);
      for (long i = 0; i < 4; i++) {
        store.append("api", events(10 * i, 10 * i + 10));
        store.seal();
      }
      while (store.status().trouble() == null) {
        Thread.sleep(5);
      }
      assertTrue(String.valueOf(store.status().trouble()).contains("full"));
      assertEquals(upTo(40), ids(store));
      assertEquals(4, parts().size());
      room.set(100);
      store.append("api", events(40, 50));
      store.seal();
      while (store.status().parts() > 1 || store.status().trouble() != null) {
        Thread.sleep(5);
      }
      assertEquals(upTo(50), ids(store));
    }
    try (LuceneEventStore store = open()) {
      assertEquals(upTo(50), ids(store));
      assertEquals(1, parts().size());
    }
  }

  @Test
  void aPartThatIsDroppedWhileItIsReadIsReadToItsEnd() throws IOException {
    try (LuceneEventStore store = open()) {
      store.append("api", events(0, 20_000));
      store.seal();
      List<Long> seen = new ArrayList<>();
      store.scan(
          List.of("api"),
          EVER,
          Filter.ALL,
          List.of("id"),
          event -> {
            if (seen.isEmpty()) {
              assertEquals(20_000, store.retain("api", Instant.MAX));
              assertEquals(List.of(), ids(store));
            }
            return seen.add(id(event));
          });
      assertEquals(upTo(20_000), seen);
      assertEquals(List.of(), parts());
    }
  }

  @Test
  void anErasureThatARestartCarriesOutNamesInTheStatusWhatItCouldNotRead() throws IOException {
    LuceneEventStore store = open();
    store.append("api", events(0, 30));
    store.seal();
    store.append("api", events(30, 60));
    room.set(-1);
    Filter customer = Filter.equal("customer", "c1");
    assertThrows(UncheckedIOException.class, () -> store.erase("api", customer));
    store.abandon();
    room.set(100);
    Path part = parts().getFirst();
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length / 3] ^= 4;
    Files.write(part, bytes);
    try (LuceneEventStore next = open()) {
      StoreStatus status = next.status();
      assertNull(status.trouble());
      assertEquals(1, status.damaged().size());
      assertTrue(status.damaged().getFirst().contains(part.getFileName().toString()));
      assertEquals(20, next.datasets().get("api"));
    }
  }

  @Test
  @Timeout(60)
  void manyFieldsOfHugeValuesAreContrastedAtOnce() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Map<String, Value> fields = new HashMap<>(Map.of("id", Value.of(i)));
      for (int field = 0; field < 800; field++) {
        String name = "f%d_%d".formatted(i, field);
        fields.put(name, Value.of(name + "x".repeat(20_000)));
      }
      events.add(new Event(NOON.plusSeconds(i), 1, fields));
    }
    try (LuceneEventStore store = open()) {
      events.forEach(event -> store.append("api", List.of(event)));
      for (int time = 0; time < 2; time++) {
        Selection selection =
            new Selection(List.of("api"), EVER, Filter.ALL, Filter.equal("id", Value.of(1)));
        Contrast contrast = store.contrast(selection);
        assertEquals(new Weight(1, 2), contrast.total());
        assertTrue(contrast.fields().size() <= Limits.FIELDS_PER_DATASET + 2);
        FieldContrast own = Objects.requireNonNull(contrast.fields().get("f1_7"));
        assertEquals(new Weight(0, 2), own.absent());
        assertEquals(Map.of(Value.of("f1_7" + "x".repeat(20_000)), new Weight(1, 0)), own.values());
        store.seal();
      }
    }
  }
}
