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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a sender sends again has no effect where it says that it is the same: by an id, by its trace
 * and span, or by the key of its batch. Where it does not, two events alike are two events.
 */
@Tag("durability")
final class RepeatedSendingTest {
  private static final long SEED = Long.getLong("firebreak.seed", 20_260_301L);
  private static final Instant NOON = EventStoreContract.NOON;

  @TempDir Path directory;

  private LuceneEventStore open() {
    return LuceneEventStore.open(
        directory,
        StoreSettings.defaults()
            .withSealRows(700)
            .withCheckInterval(Duration.ofMillis(50))
            .withMerging(4, 20_000)
            .withJournalFileBytes(20_000)
            .withFreeBytes(0));
  }

  /** A batch as its sender sends it, however often. */
  private record Sent(List<Event> events, @Nullable BatchKey key) {}

  private static Sent batch(int number, Random random) {
    List<Event> events = new ArrayList<>();
    int kind = random.nextInt(4);
    int size = 1 + random.nextInt(20);
    for (int i = 0; i < size; i++) {
      Map<String, Value> fields = new HashMap<>();
      fields.put("batch", Value.of(number));
      fields.put("name", Value.of("name-" + random.nextInt(5)));
      switch (kind) {
        case 0 -> fields.put("event.id", Value.of("id-" + number + "-" + i));
        case 1 -> {
          fields.put("trace.trace_id", Value.of("%032x".formatted(random.nextLong())));
          fields.put("trace.span_id", Value.of("%016x".formatted(number * 100L + i)));
        }
        default -> {}
      }
      events.add(new Event(NOON.plusMillis(random.nextInt(60_000)), 1, fields));
    }
    // Senders number their ids as they like, also with numbers.
    BatchKey key = kind == 2 ? new BatchKey("key-" + number, NOON.plusSeconds(number)) : null;
    return new Sent(events, key);
  }

  @Test
  void keepsEachEventAsOftenAsItIsAnother() {
    Random random = new Random(SEED);
    Figures figures =
        new Figures("R8", "batches sent 1 to 5 times, over restarts, rolls and seals");
    int events = Figures.runs("duplicates", 20_000, 1_000_000);
    List<Sent> recent = new ArrayList<>();
    Map<Event, Integer> expected = new HashMap<>();
    LuceneEventStore store = open();
    int number = 0;
    int sent = 0;
    while (sent < events) {
      Sent batch = batch(number++, random);
      recent.add(batch);
      boolean first = true;
      for (int times = 1 + (random.nextInt(10) < 3 ? random.nextInt(5) : 0); times > 0; times--) {
        Sent again = first ? batch : recent.get(random.nextInt(recent.size()));
        boolean known = !first && isKnown(again);
        first = false;
        store.append("api", again.events(), again.key());
        sent += again.events().size();
        if (!known) {
          again.events().forEach(event -> expected.merge(event, 1, Integer::sum));
        }
      }
      if (recent.size() > 300) {
        recent.subList(0, 100).clear();
      }
      if (random.nextInt(200) == 0) {
        if (random.nextBoolean()) {
          store.close();
        } else {
          store.abandon();
        }
        store = open();
      } else if (random.nextInt(100) == 0) {
        store.seal();
      }
    }
    figures.ran(sent);
    assertEquals(List.of(), difference(store, expected), "seed " + SEED);
    store.abandon();
    try (EventStore reopened = open()) {
      assertEquals(List.of(), difference(reopened, expected), "seed " + SEED + ", after a restart");
    }
    figures.write();
  }

  private static boolean isKnown(Sent sent) {
    Event event = sent.events().getFirst();
    return sent.key() != null
        || event.fields().containsKey("event.id")
        || event.fields().containsKey("trace.span_id");
  }

  /** The events that are there too often or not often enough. */
  private static List<String> difference(EventStore store, Map<Event, Integer> expected) {
    Map<Event, Integer> found = new HashMap<>();
    store.scan(
        List.of("api"),
        Numbered.EVER,
        Filter.ALL,
        List.of(),
        event -> {
          found.merge(event, 1, Integer::sum);
          return true;
        });
    List<String> wrong = new ArrayList<>();
    expected.forEach(
        (event, times) -> {
          int there = found.getOrDefault(event, 0);
          if (there != times) {
            wrong.add("%d times instead of %d: %s".formatted(there, times, event));
          }
        });
    if (found.size() != expected.size()) {
      wrong.add("%d different events instead of %d".formatted(found.size(), expected.size()));
    }
    return wrong.size() > 5 ? wrong.subList(0, 5) : wrong;
  }
}
