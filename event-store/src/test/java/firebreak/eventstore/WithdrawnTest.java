package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an asker who has gone no longer wants is not worked out to its end. */
class WithdrawnTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final int EVENTS = 120_000;
  private static final int STAYS = 3;

  /** Threads that may be between two looks when the asker goes, and the thread that asks. */
  private static final int ON_THEIR_WAY = Runtime.getRuntime().availableProcessors() + 1;

  private static final TimeRange RANGE = new TimeRange(START, START.plusSeconds(EVENTS));

  @TempDir Path directory;
  private EventStore store;

  @BeforeEach
  void fill() {
    store = EventStore.open(directory.resolve("store"));
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      Map<String, Value> fields =
          Map.of(
              "id", Value.of("id " + i),
              "n", Value.of((long) i % 50),
              "m", Value.of((long) i % 7),
              "host", Value.of("host " + i % 9));
      events.add(new Event(START.plusMillis(1_000L * i), 1, fields));
    }
    store.append("api", events);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** How often it is asked whether the asker is still there. */
  private <T> int looks(int stays, Function<EventStore, T> question) {
    AtomicInteger looks = new AtomicInteger();
    EventStore asked = store.askedBy(() -> looks.incrementAndGet() > stays);
    if (stays == Integer.MAX_VALUE) {
      var _ = question.apply(asked);
    } else {
      assertThrows(WithdrawnException.class, () -> question.apply(asked));
    }
    return looks.get();
  }

  private <T> void isGivenUpSoon(int least, Function<EventStore, T> question) {
    int given = looks(STAYS, question);
    int whole = looks(Integer.MAX_VALUE, question);
    assertTrue(given <= STAYS + ON_THEIR_WAY, "gave up after %d looks".formatted(given));
    assertTrue(whole >= least, "a whole answer takes only %d looks".formatted(whole));
    assertEquals(question.apply(store), question.apply(store.askedBy(Asker.PATIENT)));
  }

  private static Selection selection() {
    Filter some = new Filter.Compare("n", Relation.LESS, Value.of(20));
    return new Selection(List.of("api"), RANGE, Filter.ALL, some, Map.of());
  }

  @Test
  void aQueryEndsWhenItsAskerHasGone() {
    isGivenUpSoon(
        20,
        asked ->
            asked.query(
                Query.of(
                        "api",
                        RANGE,
                        new Filter.Compare("n", Relation.LESS, Value.of(40)),
                        Calculation.of(Calculation.Operation.P99, "n"))
                    .groupedBy("id")));
  }

  @Test
  void aContrastEndsWhenItsAskerHasGone() {
    isGivenUpSoon(STAYS + 1, asked -> asked.contrast(selection()));
  }

  @Test
  void patternsEndWhenTheirAskerHasGone() {
    List<Filter> terms =
        List.of(
            new Filter.In("host", Set.of(Value.of("host 3"))),
            new Filter.Compare("m", Relation.LESS, Value.of(4)));
    isGivenUpSoon(20, asked -> asked.patterns(selection(), terms));
  }

  @Test
  void aScanEndsWhenItsAskerHasGone() {
    isGivenUpSoon(
        15,
        asked -> {
          AtomicInteger shown = new AtomicInteger();
          asked.scan(
              List.of("api"),
              RANGE,
              Filter.ALL,
              List.of("n"),
              _ -> shown.incrementAndGet() < EVENTS);
          return shown.get();
        });
  }
}
