package firebreak.eventstore.columns;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Part files that earlier programs wrote are still read. */
class StoredPartTest {
  /** The rows of each file, never to be changed: a new format gets a file of its own. */
  static List<Event> rows() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 4_200; i++) {
      Map<String, Value> fields = new HashMap<>();
      fields.put("decimal", Value.number(i * 7 % 4_200 / 8.0));
      fields.put("identity", Value.of(HexFormat.of().toHexDigits(i * 0x9E3779B97F4A7C15L)));
      if (i % 3 > 0) {
        fields.put("real", Value.number(1.0 / (i + 3)));
        fields.put("user", Value.of("user-" + i % 17));
      }
      if (i % 5 == 0) {
        fields.put("uuid", Value.of(new UUID(i % 50, i % 3).toString()));
        fields.put("trace", Value.of(HexFormat.of().toHexDigits(i % 7L).repeat(2)));
      }
      switch (i % 6) {
        case 0 -> fields.put("mixed", Value.of("text é " + (char) ('a' + i % 26)));
        case 1 -> fields.put("mixed", Value.of(i % 4 == 1));
        case 2 -> fields.put("mixed", Value.of(Long.MAX_VALUE - i % 3));
        case 3 -> fields.put("mixed", Value.number(i % 8 + 0.5));
        default -> {}
      }
      Instant time = Instant.ofEpochSecond(1_750_000_000L).plusMillis(i * 10L - i % 9 * 15L);
      events.add(new Event(time, i % 100 == 0 ? 50 : 1, fields));
    }
    return events;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void eachFormatIsRead(int format) throws IOException {
    ByteBuffersDirectory directory = new ByteBuffersDirectory();
    try (InputStream in =
            StoredPartTest.class.getResourceAsStream("/part-of-format-" + format + ".columns");
        IndexOutput out = directory.createOutput("part", IOContext.DEFAULT)) {
      assertNotNull(in);
      byte[] bytes = in.readAllBytes();
      out.writeBytes(bytes, bytes.length);
    }
    List<Event> sorted = rows().stream().sorted(Comparator.comparing(Event::time)).toList();
    try (PartFile part = PartFile.open(directory, "part", new ColumnCache(0))) {
      part.checkIntegrity(PartFile.Pace.FULL);
      new PartChecks("format " + format, part, sorted, 1).check();
    }
  }
}
