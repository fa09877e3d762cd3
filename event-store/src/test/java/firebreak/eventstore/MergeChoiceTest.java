package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.columns.Memtable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class MergeChoiceTest {
  private static final StoreSettings SETTINGS = StoreSettings.defaults().withMerging(3, 1_000);
  private static final long DAY = Duration.ofDays(1).toNanos();

  @TempDir Path directory;

  /** A part by its rows and the days that it covers. */
  private static StoredPart part(int rows, double from, double to) {
    PartEntry entry =
        new PartEntry(
            "api", "f", rows, (long) (from * DAY), (long) (to * DAY), 1, 1, 1, 1, Set.of());
    return new StoredPart(entry, new Memtable().view(), () -> {}, () -> {});
  }

  private static StoredPart part(int rows) {
    return part(rows, 0, 0.5);
  }

  private static List<Integer> chosen(StoredPart... parts) {
    List<StoredPart> all = Arrays.asList(parts);
    return MergeChoice.of(all, SETTINGS).stream().map(all::indexOf).toList();
  }

  @Test
  void choosesNeighboursOfOneDayNoneLargerThanTheOthersTogether() {
    assertEquals(List.of(), chosen(part(1), part(1)));
    assertEquals(List.of(0, 1, 2), chosen(part(1), part(1), part(1)));
    assertEquals(List.of(1, 2, 3), chosen(part(90), part(1), part(1), part(1)));
    assertEquals(List.of(0, 1, 2, 3), chosen(part(90), part(30), part(30), part(30)));
    assertEquals(List.of(), chosen(part(500), part(500), part(1)));
    assertEquals(
        List.of(0, 2, 3), chosen(part(5), part(5, 1.1, 1.2), part(5), part(5), part(9, 1, 1.1)));
  }

  @Test
  void leavesOutWhatADamagedPartOrOneOfSeveralDaysLiesBetween() {
    StoredPart damaged = part(1).asDamaged();
    assertEquals(List.of(), chosen(part(1), damaged, part(1), part(1)));
    assertEquals(List.of(2, 3, 4), chosen(part(1), damaged, part(1), part(1), part(1)));
    assertEquals(List.of(), chosen(part(1), part(1), part(1, -0.5, 0.1), part(1)));
    assertEquals(List.of(0, 1, 3), chosen(part(1), part(1), part(1, -0.9, -0.5), part(1)));
  }

  @Test
  @Timeout(60)
  void fewPartsAreLeftAndNothingChanges() throws Exception {
    Path path = directory.resolve("store");
    try (LuceneEventStore store = LuceneEventStore.open(path, SETTINGS)) {
      for (int i = 0; i < 81; i++) {
        Instant noon = EventStoreContract.NOON;
        store.append("api", List.of(new Event(noon, 1, Map.of("id", Value.of(i)))));
        store.seal();
      }
      while (store.status().parts() > 9) {
        Thread.sleep(10);
      }
      List<Long> ids = new ArrayList<>();
      store.scan(
          List.of("api"),
          new TimeRange(Instant.MIN, Instant.MAX),
          Filter.ALL,
          List.of(),
          event -> ids.add((long) event.fields().getOrDefault("id", Value.of(-1)).asDouble()));
      assertEquals(LongStream.range(0, 81).boxed().toList(), ids);
    }
    try (Stream<Path> files = Files.list(path.resolve("parts"))) {
      assertTrue(files.filter(file -> file.toString().endsWith(".columns")).count() <= 9);
    }
  }
}
