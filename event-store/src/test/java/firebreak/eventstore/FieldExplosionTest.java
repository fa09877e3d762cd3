package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any number of field names costs no more than the limit of them; the rest is kept as text. */
@Tag("durability")
final class FieldExplosionTest {
  private static final int NAMES = 100_000;
  private static final int NAMES_PER_EVENT = 100;
  private static final int EVENTS = 20_000;
  private static final int QUESTIONS = 600;

  /** Fields of the store's own, beside those that were sent. */
  private static final int OWN = 2;

  @TempDir Path directory;

  private static Event ordinary(int number) {
    return new Event(
        EventStoreContract.NOON.plusMillis(number),
        1,
        Map.of(
            "host", Value.of("host-" + number % 50),
            "took", Value.number(number % 977 * 0.5),
            "status", Value.of(number % 9 == 0 ? 500 : 200)));
  }

  private static Event exploding(int number) {
    Map<String, Value> fields = new HashMap<>();
    for (int i = 0; i < NAMES_PER_EVENT; i++) {
      fields.put("name-" + (number * NAMES_PER_EVENT + i), Value.of(i));
    }
    fields.put("host", Value.of("host-1"));
    return new Event(EventStoreContract.NOON.plusMillis(number), 1, fields);
  }

  private LuceneEventStore open(String name) {
    return LuceneEventStore.open(
        directory.resolve(name),
        StoreSettings.defaults().withFreeBytes(0).withCheckInterval(Duration.ofHours(1)));
  }

  private static void fill(LuceneEventStore store) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      events.add(ordinary(i));
    }
    store.append("api", events, null);
  }

  @Test
  void keepsTwoThousandFieldsAndTheRestAsText() {
    Figures figures = new Figures("R11", "100,000 distinct field names");
    try (LuceneEventStore plain = open("plain");
        LuceneEventStore store = open("exploded")) {
      fill(plain);
      fill(store);
      for (int i = 0; i < NAMES / NAMES_PER_EVENT; i++) {
        store.append("api", List.of(exploding(i)), null);
        figures.ran(NAMES_PER_EVENT);
      }
      checkFields(store);
      plain.seal();
      store.seal();
      checkFields(store);
      double ratio = ratio(store, plain);
      figures.control("queries of the other fields take %.2f times as long".formatted(ratio));
      figures.write();
      assertTrue(ratio < 2, "queries take %.2f times as long".formatted(ratio));
    }
    try (LuceneEventStore store = open("exploded")) {
      checkFields(store);
    }
  }

  private static void checkFields(EventStore store) {
    assertTrue(store.fields("api").size() <= Limits.FIELDS_PER_DATASET + OWN);
    long[] counted = {0, 0};
    store.scan(
        List.of("api"),
        Numbered.EVER,
        Filter.ALL,
        List.of(),
        event -> {
          counted[0] +=
              event.fields().keySet().stream().filter(name -> name.startsWith("name-")).count();
          Value dropped = event.field(Catalogue.DROPPED_FIELDS);
          counted[1] += dropped == null ? 0 : (long) dropped.asDouble();
          if (dropped != null) {
            String overflow = String.valueOf(event.field(Catalogue.OVERFLOW));
            assertTrue(overflow.contains("name-"), overflow);
          }
          return true;
        });
    assertEquals(NAMES, counted[0] + counted[1], "fields kept and counted");
    assertTrue(counted[0] <= Limits.FIELDS_PER_DATASET);
  }

  /** How many times as long questions about ordinary fields take, at their median, in turns. */
  private static double ratio(EventStore store, EventStore other) {
    List<Long> nanos = new ArrayList<>();
    List<Long> nanosOfOther = new ArrayList<>();
    for (int i = 0; i < QUESTIONS; i++) {
      // Each question once only, as an answer that is known already takes no time.
      Query query =
          Query.of(
              "api",
              new TimeRange(EventStoreContract.NOON, EventStoreContract.NOON.plusSeconds(60)),
              new Filter.Compare("took", Relation.LESS, Value.number(100 + i * 0.25)),
              Calculation.count());
      nanos.add(time(store, query));
      nanosOfOther.add(time(other, query));
    }
    return median(nanos) / median(nanosOfOther);
  }

  private static long time(EventStore store, Query query) {
    long start = System.nanoTime();
    store.query(query);
    return System.nanoTime() - start;
  }

  private static double median(List<Long> nanos) {
    List<Long> warm = new ArrayList<>(nanos.subList(nanos.size() / 2, nanos.size()));
    warm.sort(null);
    return warm.get(warm.size() / 2);
  }

  @Test
  void refusesAnEventOfMoreThanAThousandFields() {
    Map<String, Value> fields = new HashMap<>();
    for (int i = 0; i <= Limits.FIELDS_PER_EVENT; i++) {
      fields.put("name-" + i, Value.of(i));
    }
    assertThrows(
        IllegalArgumentException.class, () -> new Event(EventStoreContract.NOON, 1, fields));
  }
}
