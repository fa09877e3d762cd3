package firebreak.eventstore.columns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.MMapDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartFileTest {
  private static final ColumnCache CACHE = new ColumnCache(1 << 20);

  private final Directory directory = new ByteBuffersDirectory();

  @TempDir private Path folder = Path.of("");

  private static Memtable memtable(List<Event> events) {
    Memtable memtable = new Memtable();
    memtable.add(events.subList(0, events.size() / 2));
    events.subList(events.size() / 2, events.size()).forEach(memtable::add);
    return memtable;
  }

  private static List<Event> byTime(List<Event> events) {
    return events.stream().sorted(Comparator.comparing(Event::time)).toList();
  }

  private PartFile written(List<Event> events) throws IOException {
    PartWriter.write(directory, "part", List.of(memtable(events).view()));
    return PartFile.open(directory, "part", CACHE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aMemtableAndTheFileItBecomesShowTheEvents(long seed) throws IOException {
    String context = "seed " + seed;
    Random random = new Random(seed);
    List<Event> events = new RandomEvents(seed).list(2_000 + random.nextInt(5_000));
    Memtable memtable = memtable(events);
    new PartChecks(context + ", memtable", memtable.view(), events, seed).check();
    try (MMapDirectory mapped = new MMapDirectory(folder)) {
      PartMeta meta = PartWriter.write(mapped, "part", List.of(memtable.view()));
      try (PartFile part = PartFile.open(mapped, "part", CACHE)) {
        new PartChecks(context + ", file", part, byTime(events), seed).check();
        assertEquals(meta.rows(), part.rows());
        assertEquals(meta.bytes(), part.bytes());
        assertEquals(meta.fields(), part.fields());
        part.checkIntegrity(PartFile.Pace.FULL);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void severalPartsBecomeOne(long seed) throws IOException {
    Random random = new Random(seed);
    RandomEvents generator = new RandomEvents(seed);
    List<Event> all = new ArrayList<>();
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      List<Event> events = generator.list(1 + random.nextInt(4_000));
      Part part = memtable(events).view();
      if (i % 2 == 0) {
        PartWriter.write(directory, "source" + i, List.of(part));
        part = PartFile.open(directory, "source" + i, CACHE);
        events = byTime(events);
      }
      parts.add(part);
      all.addAll(events);
    }
    PartWriter.write(directory, "merged", parts);
    try (PartFile merged = PartFile.open(directory, "merged", CACHE)) {
      new PartChecks("seed " + seed, merged, byTime(all), seed).check();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {41, 42})
  void onlyRowsOfTheSliceThatTheFilterKeepsAreWritten(long seed) throws IOException {
    Random random = new Random(seed);
    RandomEvents generator = new RandomEvents(seed);
    List<Event> first = generator.list(4_500);
    List<Event> second = generator.list(3_000);
    Set<Part> known = new HashSet<>();
    PartFile file = written(first);
    List<Part> sources = List.of(file, memtable(second).view());
    known.addAll(sources);
    List<Event> all = new ArrayList<>(byTime(first));
    all.addAll(second);
    long from = Times.nanos(all.get(random.nextInt(2_000)).time());
    long to = Times.nanos(all.get(4_000 + random.nextInt(3_000)).time());
    int divisor = 2 + random.nextInt(4);
    PartWriter.write(
        directory,
        "slice",
        sources,
        from,
        to,
        (source, row) -> known.contains(source) && row % divisor != 0);
    List<Event> kept = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      long time = Times.nanos(all.get(i).time());
      int row = i < first.size() ? i : i - first.size();
      if (time >= from && time < to && row % divisor != 0) {
        kept.add(all.get(i));
      }
    }
    try (file;
        PartFile slice = PartFile.open(directory, "slice", CACHE)) {
      new PartChecks("seed " + seed, slice, byTime(kept), seed).check();
    }
  }

  @Test
  void whatIsNotKeptIsNowhereInTheFile() throws IOException {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Map<String, Value> fields = Map.of("name", Value.of("person " + (char) ('a' + i % 2)));
      events.add(new Event(Instant.EPOCH.plusSeconds(i), 1, fields));
    }
    PartWriter.write(
        directory,
        "erased",
        List.of(memtable(events).view()),
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        (_, row) -> row % 2 == 0);
    String content = new String(bytes("erased"), StandardCharsets.ISO_8859_1);
    assertTrue(content.contains("person a"));
    assertFalse(content.contains("person b"));
  }

  @Test
  void whereNoRowIsKeptThereIsNoFile() throws IOException {
    Part part = memtable(new RandomEvents(1).list(10)).view();
    PartMeta meta = PartWriter.write(directory, "none", List.of(part), 0, 1, RowFilter.ALL);
    assertEquals(0, meta.rows());
    assertArrayEquals(new String[0], directory.listAll());
  }

  @Test
  void manyBlocksHaveMarginalsEach() throws IOException {
    List<Event> events = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 150_000; i++) {
      Map<String, Value> fields = new HashMap<>();
      fields.put("code", Value.of(random.nextInt(1 + i / 1_000)));
      fields.put("ms", Value.number((1 + random.nextInt(100_000)) / 8.0));
      fields.put("signed", Value.of(random.nextLong() >> random.nextInt(60)));
      fields.put("size", Value.of(random.nextInt(10) == 0 ? 0 : random.nextInt(1_000_000)));
      Instant time = Instant.EPOCH.plusMillis(i * 5L - random.nextInt(3_000));
      events.add(new Event(time, 1 + i / 100_000, fields));
    }
    try (PartFile part = written(events)) {
      new PartChecks("blocks", part, byTime(events), 5).check();
      Column.Measured ms = assertInstanceOf(Column.Measured.class, part.column("ms"));
      assertTrue(ms.marginals() != null && ms.marginals().hasBlocks());
      Column.Measured size = assertInstanceOf(Column.Measured.class, part.column("size"));
      assertTrue(size.marginals() != null && size.marginals().hasBlocks());
      Column.Measured signed = assertInstanceOf(Column.Measured.class, part.column("signed"));
      assertTrue(signed.marginals() != null && !signed.marginals().hasBlocks());
      Column.Coded code = assertInstanceOf(Column.Coded.class, part.column("code"));
      assertTrue(code.marginals() != null && code.marginals().hasBlocks());
      assertTrue(part.bytes() < 150_000 * 20, "bytes " + part.bytes());
    }
  }

  private byte[] bytes(String file) throws IOException {
    try (IndexInput in = directory.openInput(file, IOContext.DEFAULT)) {
      byte[] bytes = new byte[(int) in.length()];
      in.readBytes(bytes, 0, bytes.length);
      return bytes;
    }
  }

  private void write(String file, byte[] bytes) throws IOException {
    try (IndexOutput out = directory.createOutput(file, IOContext.DEFAULT)) {
      out.writeBytes(bytes, bytes.length);
    }
  }

  @Test
  void aFlippedBitAnywhereIsFound() throws IOException {
    written(new RandomEvents(51).list(300)).close();
    byte[] bytes = bytes("part");
    for (int i = 0; i < bytes.length; i += 61) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= (byte) (1 << i % 8);
      String name = "damaged" + i;
      write(name, damaged);
      assertThrows(
          IOException.class,
          () -> {
            try (PartFile part = PartFile.open(directory, name, CACHE)) {
              part.checkIntegrity(PartFile.Pace.FULL);
            }
          },
          name);
    }
  }

  @Test
  void aFileCutShortIsRefused() throws IOException {
    written(new RandomEvents(52).list(50)).close();
    byte[] bytes = bytes("part");
    for (int length = 0; length < bytes.length; length += 101) {
      String name = "short" + length;
      write(name, Arrays.copyOf(bytes, length));
      assertThrows(IOException.class, () -> PartFile.open(directory, name, CACHE), name);
    }
  }

  @Test
  void aNewerFormatIsRefused() throws IOException {
    written(new RandomEvents(53).list(5)).close();
    byte[] bytes = bytes("part");
    int version = Integer.BYTES + 1 + PartWriter.FORMAT.length() + Integer.BYTES - 1;
    assertEquals(PartWriter.VERSION, bytes[version]);
    bytes[version]++;
    write("newer", bytes);
    IOException refusal =
        assertThrows(IOException.class, () -> PartFile.open(directory, "newer", CACHE));
    assertFalse(refusal instanceof CorruptIndexException);
    assertEquals(
        "the part file newer is of format %d; this program reads format %d and must be renewed"
            .formatted(PartWriter.VERSION + 1, PartWriter.VERSION),
        refusal.getMessage());
  }
}
