package firebreak.eventstore.columns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
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
}
