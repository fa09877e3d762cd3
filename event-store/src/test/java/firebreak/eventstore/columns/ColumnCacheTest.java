package firebreak.eventstore.columns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnCacheTest {
  private static final int ROWS = 6_000;

  private final ByteBuffersDirectory directory = new ByteBuffersDirectory();
  private final List<Event> events = new RandomEvents(31).list(ROWS);
  private final List<Event> sorted =
      events.stream().sorted(Comparator.comparing(Event::time)).toList();

  private PartFile part(ColumnCache cache) throws IOException {
    Memtable memtable = new Memtable();
    memtable.add(events);
    PartWriter.write(directory, "part", List.of(memtable.view()));
    return PartFile.open(directory, "part", cache);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4_000, 20_000, 100_000, 1L << 30})
  void whateverTheBudgetTheRowsAreTheSameAndTheBudgetIsKept(long budget) throws IOException {
    ColumnCache cache = new ColumnCache(budget);
    try (PartFile part = part(cache)) {
      for (int round = 0; round < 3; round++) {
        new PartChecks("budget " + budget, part, sorted, round).check();
        assertTrue(cache.bytes() <= budget, "bytes " + cache.bytes());
        assertEquals(budget >= ROWS, cache.bytes() > 0);
      }
    }
    assertEquals(0, cache.bytes());
  }

  @Test
  void aFewRowsAreReadWithoutDecodingTheColumn() throws IOException {
    ColumnCache cache = new ColumnCache(1 << 30);
    try (PartFile part = part(cache)) {
      Codes codes = codes(part, "host");
      codes.gather(new int[] {1, 2, 3}, 3, new int[3]);
      assertEquals(0, cache.bytes());
      codes.read(0, ROWS, new int[ROWS]);
      assertEquals(2 * ROWS, cache.bytes());
    }
  }

  @Test
  void aColumnOftenWantedTakesThePlaceOfOneThatIsNot() throws IOException {
    ColumnCache cache = new ColumnCache(2 * ROWS);
    try (PartFile part = part(cache)) {
      int[] into = new int[ROWS];
      codes(part, "host").read(0, ROWS, into);
      assertEquals(2 * ROWS, cache.bytes());
      codes(part, "constant").read(0, ROWS, into);
      assertEquals(2 * ROWS, cache.bytes());
      for (int i = 0; i < 3; i++) {
        codes(part, "constant").read(0, ROWS, into);
      }
      assertEquals(ROWS, cache.bytes());
    }
  }

  @Test
  void manyThreadsReadThroughOneSmallCache() throws Exception {
    ColumnCache cache = new ColumnCache(30_000);
    try (PartFile part = part(cache);
        ExecutorService pool = Executors.newFixedThreadPool(3)) {
      List<Future<?>> checks = new ArrayList<>();
      for (int seed = 0; seed < 3; seed++) {
        PartChecks check = new PartChecks("seed " + seed, part, sorted, seed);
        checks.add(pool.submit(check::check));
      }
      for (Future<?> check : checks) {
        check.get();
      }
      assertTrue(cache.bytes() <= 30_000);
    }
    assertEquals(0, cache.bytes());
  }

  private static Codes codes(Part part, String field) {
    return part.column(field) instanceof Column.Coded coded ? coded.codes() : new ConstantCodes(0);
  }
}
