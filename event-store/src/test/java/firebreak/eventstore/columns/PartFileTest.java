package firebreak.eventstore.columns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import firebreak.eventstore.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartFileTest {
  private final Directory directory = new ByteBuffersDirectory();

  private static Memtable memtable(List<Event> events) {
    Memtable memtable = new Memtable();
    memtable.add(events.subList(0, events.size() / 2));
    events.subList(events.size() / 2, events.size()).forEach(memtable::add);
    return memtable;
  }

  private static List<Event> byTime(List<Event> events) {
    return events.stream().sorted(Comparator.comparing(Event::time)).toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aMemtableAndTheFileItBecomesShowTheEvents(long seed) throws IOException {
    String context = "seed " + seed;
    Random random = new Random(seed);
    List<Event> events = new RandomEvents(seed).list(1 + random.nextInt(9_000));
    Memtable memtable = memtable(events);
    new PartChecks(context + ", memtable", memtable.view(), events, seed).check();
    PartMeta meta = PartWriter.write(directory, "part", List.of(memtable.view()));
    try (PartFile part = PartFile.open(directory, "part", new ColumnCache(1 << 20))) {
      new PartChecks(context + ", file", part, byTime(events), seed).check();
      assertEquals(meta.rows(), part.rows());
      assertEquals(meta.bytes(), part.bytes());
      part.checkIntegrity();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void severalPartsBecomeOne(long seed) throws IOException {
    Random random = new Random(seed);
    RandomEvents generator = new RandomEvents(seed);
    List<Event> all = new ArrayList<>();
    List<Part> parts = new ArrayList<>();
    ColumnCache cache = new ColumnCache(1 << 20);
    for (int i = 0; i < 4; i++) {
      List<Event> events = generator.list(1 + random.nextInt(6_000));
      Part part = memtable(events).view();
      if (i % 2 == 0) {
        PartWriter.write(directory, "source" + i, List.of(part));
        part = PartFile.open(directory, "source" + i, cache);
        events = byTime(events);
      }
      parts.add(part);
      all.addAll(events);
    }
    PartWriter.write(directory, "merged", parts);
    try (PartFile merged = PartFile.open(directory, "merged", cache)) {
      new PartChecks("seed " + seed, merged, byTime(all), seed).check();
    }
  }
}
