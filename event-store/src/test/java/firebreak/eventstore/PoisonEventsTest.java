package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nothing that was accepted is refused later, when it is sealed or read from the journal again. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("durability")
final class PoisonEventsTest {
  private static final long SEED = Long.getLong("firebreak.seed", 20_260_301L);
  private static final int BATCH = 250;
  private static final int STORE = 10_000;
  private static final Instant NOON = EventStoreContract.NOON;

  private static final Logger LOG = Logger.getLogger("firebreak.eventstore");

  static {
    LOG.setLevel(Level.OFF);
  }

  @TempDir Path directory;

  private final Random random = new Random(SEED);

  private LuceneEventStore open(Path path) {
    return LuceneEventStore.open(
        path,
        StoreSettings.defaults()
            .withSealRows(2_000)
            .withCheckInterval(Duration.ofHours(1))
            .withFreeBytes(0)
            .withLookupFields(java.util.Set.of("a", "trace.trace_id")));
  }

  private String text() {
    return switch (random.nextInt(12)) {
      case 0 -> "";
      case 1 -> "\ud800";
      case 2 -> "x\udc00y";
      case 3 -> "\u0000\uffff\ufffe";
      case 4 -> "%032x".formatted(random.nextLong());
      case 5 -> "00000000-0000-0000-0000-%012x".formatted(random.nextInt());
      case 6 -> "ABCDEF0123456789";
      case 7 -> random.nextInt(200) == 0 ? "é".repeat(random.nextInt(40_000)) : "NaN";
      case 8 -> random.nextInt(200) == 0 ? "\ud83d\ude00".repeat(16_384) : "1e999";
      case 9 -> Long.toString(random.nextLong());
      case 10 -> "true";
      default -> "value-" + random.nextInt(20);
    };
  }

  private Value value() {
    return switch (random.nextInt(10)) {
      case 0 -> Value.of(random.nextBoolean());
      case 1 -> Value.of(random.nextLong());
      case 2 -> Value.of(random.nextInt(5));
      case 3 -> Value.number(Double.longBitsToDouble(random.nextLong()));
      case 4 ->
          Value.number(
              List.of(
                      Double.NaN,
                      Double.POSITIVE_INFINITY,
                      Double.NEGATIVE_INFINITY,
                      -0.0,
                      Double.MIN_VALUE,
                      Double.MAX_VALUE,
                      9.007199254740994E15,
                      0.1)
                  .get(random.nextInt(8)));
      case 5 -> Value.of(random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE);
      case 6 -> Value.number(random.nextInt(1_000_000) / 1000.0);
      default -> Value.of(text());
    };
  }

  private Instant time() {
    return switch (random.nextInt(12)) {
      case 0 -> Instant.MIN;
      case 1 -> Instant.MAX;
      case 2 -> Instant.EPOCH;
      case 3 -> Instant.ofEpochSecond(random.nextLong(-10_000_000_000L, 10_000_000_000L));
      case 4 -> Instant.ofEpochSecond(0, random.nextLong());
      default -> NOON.plusNanos(random.nextLong(1_000_000_000_000L));
    };
  }

  private Event event() {
    Map<String, Value> fields = new HashMap<>();
    int count = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      fields.put(name(), value());
    }
    int rate = random.nextInt(5) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(3);
    return new Event(time(), rate, fields);
  }

  private String name() {
    return switch (random.nextInt(60)) {
      case 0 -> "";
      case 1 -> "\ud800";
      case 2 -> "\udc00";
      case 3 -> "n".repeat(257);
      case 4 -> "\u0000";
      case 5 -> "event.id";
      case 6 -> "trace.trace_id";
      case 7 -> "trace.span_id";
      case 8 -> "meta.overflow";
      case 9 -> "meta.dropped_fields";
      default -> String.valueOf((char) ('a' + random.nextInt(8)));
    };
  }

  @Test
  void refusesNothingThatItHasAccepted() {
    Figures figures = new Figures("R12", "events of all that is odd, sealed and replayed");
    int events = Figures.runs("poison", 100_000, 10_000_000);
    for (int from = 0, store = 0; from < events; from += STORE, store++) {
      Path path = directory.resolve("store-" + store);
      EventStore definition = EventStore.inMemory();
      int all = Math.min(STORE, events - from);
      try (LuceneEventStore kept = open(path)) {
        for (int i = 0; i < all; i += BATCH) {
          List<Event> batch = new ArrayList<>();
          for (int j = 0; j < Math.min(BATCH, all - i); j++) {
            batch.add(event());
          }
          kept.append("api", batch, null);
          definition.append("api", batch, null);
        }
        assertEquals(0, kept.status().refusedEvents(), "seed " + SEED);
        kept.abandon();
      }
      try (LuceneEventStore replayed = open(path)) {
        assertEquals(0, replayed.status().refusedEvents(), "seed " + SEED);
        assertEquals(definition.fields("api").keySet(), replayed.fields("api").keySet());
        assertAlike(definition, replayed);
        replayed.seal();
        assertAlike(definition, replayed);
        assertEquals(0, replayed.status().refusedEvents(), "seed " + SEED);
        assertEquals(null, replayed.status().trouble());
      }
      figures.ran(all);
    }
    figures.write();
  }

  private static void assertAlike(EventStore definition, EventStore store) {
    List<Event> expected = scanned(definition);
    List<Event> found = scanned(store);
    for (int i = 0; i < Math.min(expected.size(), found.size()); i++) {
      assertEquals(expected.get(i), found.get(i), "seed %d, event %d".formatted(SEED, i));
    }
    assertEquals(expected.size(), found.size(), "seed " + SEED);
  }

  private static List<Event> scanned(EventStore store) {
    List<Event> events = new ArrayList<>();
    store.scan(List.of("api"), Numbered.EVER, Filter.ALL, List.of(), events::add);
    return events;
  }
}
