package firebreak.eventstore.columns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.lucene.store.ByteBuffersDataOutput;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Finding values in dictionaries so large that they have an index. */
class DictionaryIndexTest {
  private static final int MANY = 5_000;

  private static Value value(int i) {
    return switch (i % 5) {
      case 0 -> Value.of("user-" + i);
      case 1 -> Value.of(String.format(Locale.ROOT, "%016x", i * 0x9E3779B97F4A7C15L));
      case 2 -> Value.of("%032x".formatted(i));
      case 3 -> Value.of(i);
      default -> Value.number(i + 0.25);
    };
  }

  private static void holds(List<Value> values, List<Value> others) throws IOException {
    List<Event> events = new ArrayList<>();
    for (Value value : values) {
      events.add(new Event(Instant.EPOCH, 1, Map.of("field", value)));
    }
    Memtable memtable = new Memtable();
    memtable.add(events);
    Directory directory = new ByteBuffersDirectory();
    PartWriter.write(directory, "part", List.of(memtable.view()));
    try (PartFile part = PartFile.open(directory, "part", new ColumnCache(1 << 20))) {
      Dictionary dictionary =
          assertInstanceOf(Column.Coded.class, part.column("field")).dictionary();
      assertEquals(values.size(), dictionary.size());
      int[] codes = dictionary.codes(values);
      for (int i = 0; i < codes.length; i++) {
        assertEquals(codes[i], dictionary.code(values.get(i)));
        assertEquals(values.get(i), dictionary.value(codes[i]));
      }
      assertArrayEquals(new int[others.size()], dictionary.codes(others));
      others.forEach(other -> assertEquals(0, dictionary.code(other)));
    }
  }

  @Test
  void everyValueIsFoundAndNoOther() throws IOException {
    List<Value> values = new ArrayList<>();
    List<Value> others = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      values.add(value(i));
      others.add(value(i + MANY));
    }
    others.add(Value.of(true));
    holds(values, others);
  }

  /** Texts of one hash would make a table of one long run. */
  @Test
  void valuesThatGetIntoEachOthersWayAreFoundToo() throws IOException {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < 1 << 12; i++) {
      StringBuilder text = new StringBuilder();
      for (int bit = 0; bit < 12; bit++) {
        text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      values.add(Value.of(text.toString()));
    }
    holds(values, List.of(Value.of("AaAaAaAaAaAaAaAaAaAaAaAA"), Value.of("BBBB")));
  }

  private static @Nullable DictionaryIndex written(int... hashes) throws IOException {
    ByteBuffersDataOutput description = new ByteBuffersDataOutput();
    Directory directory = new ByteBuffersDirectory();
    try (IndexOutput out = directory.createOutput("index", IOContext.DEFAULT)) {
      DictionaryIndex.write(out, description, hashes);
    }
    try (IndexInput in = directory.openInput("index", IOContext.DEFAULT)) {
      byte[] bytes = new byte[(int) in.length() + Long.BYTES]; // numbers are read by eight bytes
      in.readBytes(bytes, 0, (int) in.length());
      return DictionaryIndex.read(description.toDataInput(), MemorySegment.ofArray(bytes));
    }
  }

  @Test
  void hardlyAnyOtherValueIsLookedAt() throws IOException {
    int[] hashes = new Random(3).ints(MANY).toArray();
    DictionaryIndex index = written(hashes);
    assertNotNull(index);
    int[] asked = new int[1];
    for (int i = 0; i < MANY; i++) {
      int code = i + 1;
      assertEquals(
          code,
          index.find(
              hashes[i],
              found -> {
                asked[0]++;
                return found == code;
              }));
    }
    assertTrue(asked[0] < 1.1 * MANY, "asked " + asked[0] + " times");
  }

  @Test
  void fewValuesAndThoseOfOneHashHaveNoIndex() throws IOException {
    assertNull(written(new Random(3).ints(1_023).toArray()));
    assertNotNull(written(new Random(3).ints(1_024).toArray()));
    assertNull(written(new int[MANY]));
  }

  @Test
  void aTableThatIsDamagedIsNotSearchedForEver() throws IOException {
    ByteBuffersDataOutput description = new ByteBuffersDataOutput();
    description.writeVInt(10);
    description.writeByte((byte) 0);
    description.writeZLong(1 << 6);
    DictionaryIndex index =
        DictionaryIndex.read(description.toDataInput(), MemorySegment.ofArray(new byte[0]));
    assertNotNull(index);
    assertEquals(
        0, assertTimeoutPreemptively(Duration.ofSeconds(10), () -> index.find(0, _ -> false)));
  }
}
