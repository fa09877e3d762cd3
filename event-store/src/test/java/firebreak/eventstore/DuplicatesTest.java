package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent again is kept once, wherever the first one lies by then. */
final class DuplicatesTest {
  private static final TimeRange EVER = new TimeRange(Instant.MIN, Instant.MAX);
  private static final Instant NOON = EventStoreContract.NOON;
  private static final int MANY = 4_000;

  @TempDir Path directory;
  private EventStore store = EventStore.inMemory();

  /** What happens between the first sending and the second. */
  enum Between {
    NOTHING,
    SEAL,
    CLEAN_START,
    START_AFTER_A_CRASH
  }

  private LuceneEventStore open() {
    return LuceneEventStore.open(
        directory, StoreSettings.defaults().withMerging(2, 1_000).withSealRows(50));
  }

  private LuceneEventStore between(LuceneEventStore before, Between what) {
    switch (what) {
      case NOTHING -> {}
      case SEAL -> before.seal();
      case CLEAN_START -> before.close();
      case START_AFTER_A_CRASH -> before.abandon();
    }
    return what == Between.CLEAN_START || what == Between.START_AFTER_A_CRASH ? open() : before;
  }

  private static Event event(Instant time, Object... fields) {
    Map<String, Value> values = new HashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      values.put(
          (String) fields[i],
          fields[i + 1] instanceof Integer number
              ? Value.of(number)
              : Value.of((String) fields[i + 1]));
    }
    return new Event(time, 1, values);
  }

  private static Event span(String trace, String span, Object... more) {
    Event event = event(NOON, more);
    Map<String, Value> fields = new HashMap<>(event.fields());
    fields.put(Traces.TRACE_ID, Value.of(trace));
    fields.put(Traces.SPAN_ID, Value.of(span));
    return new Event(NOON, 1, fields);
  }

  private static List<Event> all(EventStore store) {
    List<Event> events = new ArrayList<>();
    store.scan(List.of("api"), EVER, Filter.ALL, List.of(), events::add);
    return events;
  }

  @ParameterizedTest
  @EnumSource
  void eventsWithTheSameIdAreOne(Between what) {
    LuceneEventStore disk = open();
    Event first = event(NOON, "event.id", "e1", "n", 1);
    Event number = event(NOON, "event.id", 7);
    disk.append("api", List.of(first, number, event(NOON, "event.id", "")));
    disk = between(disk, what);
    disk.append(
        "api",
        List.of(
            event(NOON.plusSeconds(99_999), "event.id", "e1", "n", 2),
            event(NOON, "event.id", 7),
            event(NOON, "event.id", "7"),
            event(NOON, "event.id", "")));
    disk.append("web", List.of(event(NOON, "event.id", "e1")));
    assertEquals(
        List.of(
            first,
            number,
            event(NOON, "event.id", ""),
            event(NOON, "event.id", "7"),
            event(NOON, "event.id", "")),
        all(disk));
    assertEquals(Map.of("api", 5L, "web", 1L), disk.datasets());
    disk.close();
  }

  @ParameterizedTest
  @EnumSource
  void spansOfTheSameIdsAndTimeAreOne(Between what) {
    LuceneEventStore disk = open();
    List<Event> first =
        List.of(
            span("t1", "s1", "n", 1),
            span("t1", "s2"),
            event(NOON, Traces.TRACE_ID, "t1", Traces.PARENT_ID, "s1", EventKey.ANNOTATION, "link"),
            span("t1", "s1", EventKey.ANNOTATION, "span_event"),
            event(NOON, Traces.SPAN_ID, "s1"),
            event(NOON, "n", 1));
    disk.append("api", first);
    disk = between(disk, what);
    disk.append("api", first);
    Event later = new Event(NOON.plusNanos(1), 1, span("t1", "s1").fields());
    disk.append("api", List.of(later, span("t2", "s1"), span("t1", "s1", "event.id", "own")));
    List<Event> expected = new ArrayList<>(first);
    expected.addAll(first.subList(2, 6));
    expected.addAll(List.of(span("t2", "s1"), span("t1", "s1", "event.id", "own"), later));
    assertEquals(expected, all(disk));
    disk.close();
  }

  /** Some clocks tell seconds. Each span would be compared with every other of its second. */
  @Test
  void manySpansOfOneInstantAreTakenNearlyAsQuicklyAsOthers() {
    LuceneEventStore disk = open();
    double atOnce = Double.POSITIVE_INFINITY;
    double spread = Double.POSITIVE_INFINITY;
    for (int round = 0; round < 4; round++) {
      spread = Math.min(spread, secondsToAppend(disk, "spread" + round, 1));
      atOnce = Math.min(atOnce, secondsToAppend(disk, "at-once" + round, 0));
    }
    assertTrue(atOnce < 6 * spread, "%.3f s and %.3f s".formatted(atOnce, spread));
    assertEquals(2L * MANY, disk.datasets().get("at-once0"));
    disk.close();
  }

  /** Of many spans to a dataset that has as many of about the same time in a part file. */
  private static double secondsToAppend(LuceneEventStore disk, String dataset, int nanosBetween) {
    disk.append(dataset, spans(0, nanosBetween));
    disk.seal();
    List<Event> more = spans(1, nanosBetween);
    long start = System.nanoTime();
    disk.append(dataset, more);
    return (System.nanoTime() - start) / 1e9;
  }

  private static List<Event> spans(int batch, int nanosBetween) {
    List<Event> spans = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      String name = "%08x%08x".formatted(batch, i);
      spans.add(
          new Event(NOON.plusNanos((long) i * nanosBetween), 1, span(name + name, name).fields()));
    }
    return spans;
  }

  @ParameterizedTest
  @EnumSource
  void aBatchOfTheSameKeyIsOneForADay(Between what) {
    LuceneEventStore disk = open();
    Event event = event(NOON, "n", 1);
    Instant arrived = NOON.plusSeconds(5);
    Instant dayLater = arrived.plus(Duration.ofDays(1));
    disk.append("api", List.of(event), new BatchKey("k1", arrived));
    disk = between(disk, what);
    disk.append("api", List.of(event, event), new BatchKey("k1", dayLater.minusNanos(1)));
    assertEquals(List.of(event), all(disk));
    disk.append("api", List.of(event), new BatchKey("k2", arrived));
    disk.append("web", List.of(event), new BatchKey("k1", arrived));
    assertEquals(List.of(event, event), all(disk));
    disk.append("api", List.of(event), new BatchKey("k1", dayLater));
    assertEquals(List.of(event, event, event), all(disk));
    disk = between(disk, what);
    disk.append("api", List.of(event), new BatchKey("k1", dayLater.plusSeconds(9)));
    assertEquals(Map.of("api", 3L, "web", 1L), disk.datasets());
    disk.close();
  }

  @Test
  void listenersHearOfEachEventOnce() {
    List<Event> heard = new ArrayList<>();
    try (EventStore disk = open()) {
      disk.onAppend((_, events) -> heard.addAll(events));
      disk.append("api", List.of(span("t", "s"), event(NOON, "n", 1), span("t", "s")));
      disk.append("api", List.of(span("t", "s")));
    }
    assertEquals(List.of(span("t", "s"), event(NOON, "n", 1)), heard);
  }

  /** Each event is sent one to five times, in any order, over restarts, seals and merges. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void everythingIsThereOnceAsTheDefinitionSays(long seed) {
    Random random = new Random(seed);
    LuceneEventStore disk = open();
    List<Event> sent = new ArrayList<>();
    for (int round = 0; round < 60; round++) {
      List<Event> batch = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(30); i++) {
        if (!sent.isEmpty() && random.nextInt(3) == 0) {
          batch.add(sent.get(random.nextInt(sent.size())));
        } else {
          batch.add(fresh(random, sent.size()));
          sent.add(batch.getLast());
        }
      }
      BatchKey key =
          random.nextInt(3) > 0
              ? null
              : new BatchKey("k" + random.nextInt(9), NOON.plus(Duration.ofHours(round)));
      store.append("api", batch, key);
      disk.append("api", batch, key);
      disk = between(disk, Between.values()[random.nextInt(4)]);
      assertEquals(all(store), all(disk), "seed " + seed + ", round " + round);
    }
    disk.close();
  }

  private static Event fresh(Random random, int number) {
    Instant time = NOON.plusSeconds(random.nextInt(200_000)).plusNanos(random.nextInt(2));
    Event span =
        switch (random.nextInt(3)) {
          case 0 -> event(NOON, "event.id", "id-" + number);
          case 1 -> span("%032x".formatted(number / 4), "%016x".formatted(number % 4));
          default -> event(NOON, "n", number);
        };
    return new Event(time, 1 + random.nextInt(2), span.fields());
  }
}
