package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A data directory that the former version wrote and that was not closed: its index holds the first
 * events, its journal the others.
 */
final class FormerStoreTest {
  private static final TimeRange EVER = new TimeRange(Instant.MIN, Instant.MAX);
  private static final int EVENTS = 200;

  @TempDir Path directory;

  @BeforeEach
  void copy() throws IOException, URISyntaxException {
    URL former = Objects.requireNonNull(FormerStoreTest.class.getResource("/former-store"));
    Path from = Path.of(former.toURI());
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path to = directory.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
    }
  }

  /** What was written then. */
  private static Event event(int i) {
    Map<String, Value> fields = new HashMap<>();
    fields.put("n", Value.of(i));
    fields.put("host", Value.of("host-" + i % 5));
    if (i % 3 == 0) {
      fields.put("ms", Value.number(i * 0.25));
    }
    if (i % 4 == 0) {
      fields.put("up", Value.of(i % 8 == 0));
    }
    fields.put("mixed", i % 2 == 0 ? Value.of(i) : Value.of("text " + i));
    if (i == 7) {
      fields.put("long", Value.of("é".repeat(20_000)));
    }
    if (i % 10 == 0) {
      fields.put(Traces.TRACE_ID, Value.of("t1"));
      fields.put(Traces.SPAN_ID, Value.of("s1"));
    }
    Instant time = Instant.parse("2026-03-01T12:00:00Z").plusSeconds((i * 37) % 1000);
    return new Event(time, 1 + i % 3, fields);
  }

  private static List<Event> events(String dataset) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      if ((i / 10 * 10 % 30 == 0) == dataset.equals("web")) {
        events.add(event(i));
      }
    }
    return events;
  }

  private static void assertHolds(EventStore store) {
    try (EventStore expected = EventStore.inMemory()) {
      for (String dataset : List.of("api", "web")) {
        expected.append(dataset, events(dataset));
        assertEquals(all(expected, dataset), all(store, dataset));
        assertEquals(expected.fields(dataset), store.fields(dataset));
      }
      assertEquals(130, store.datasets().get("api"));
      assertEquals(70, store.datasets().get("web"));
    }
  }

  private static List<Event> all(EventStore store, String dataset) {
    List<Event> events = new ArrayList<>();
    store.scan(List.of(dataset), EVER, Filter.ALL, List.of(), events::add);
    return events;
  }

  @Test
  void isBroughtOverOnce() {
    for (int start = 0; start < 3; start++) {
      try (EventStore store = EventStore.open(directory)) {
        assertHolds(store);
      }
      assertFalse(Files.exists(directory.resolve("index")));
    }
  }

  @Test
  void isBroughtOverAgainWhenTheFirstTryDied() throws IOException {
    Path half = directory.resolve("bringing-over").resolve("parts");
    Files.createDirectories(half);
    Files.writeString(half.resolve("part-0000000000.columns"), "half");
    try (EventStore store = EventStore.open(directory)) {
      assertHolds(store);
    }
  }

  @Test
  void goesOnWithNewEventsAndSmallSettings() {
    StoreSettings small = StoreSettings.defaults().withSealRows(10).withMemoryBytes(1);
    try (PersistentEventStore store = EventStore.open(directory, small)) {
      assertHolds(store);
      assertTrue(store.status().isHealthy(), store.status()::toString);
    }
    try (PersistentEventStore store = EventStore.open(directory)) {
      store.append("new", List.of(event(0)));
      assertHolds(store);
      assertEquals(List.of(event(0)), all(store, "new"));
    }
  }
}
