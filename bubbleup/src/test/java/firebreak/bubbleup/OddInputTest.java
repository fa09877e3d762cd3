package firebreak.bubbleup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
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

class OddInputTest {
  private static final Instant START = Instant.parse("2026-03-02T14:00:00Z");
  private static final TimeRange RANGE = new TimeRange(START, START.plusSeconds(600));
  private static final Filter FAILED = Filter.equal("failed", Value.of(true));

  @TempDir Path folder;

  private static Explanation explain(EventStore store, Filter selected) {
    return new BubbleUp(store)
        .explain(new Selection(List.of("d"), RANGE, Filter.ALL, selected), BubbleUp.MAX_TERMS);
  }

  private static Event event(int i, Map<String, Value> fields) {
    return new Event(START.plusMillis(i % 600_000), 1, fields);
  }

  /** A million values are one field: the customer who fails is found all the same, in time. */
  @Test
  void aFieldWithAMillionValues() {
    Random random = new Random(5);
    try (EventStore store = EventStore.open(folder)) {
      for (int from = 0; from < 1_000_000; from += 20_000) {
        List<Event> events = new ArrayList<>();
        for (int i = from; i < from + 20_000; i++) {
          boolean culprit = i % 5_000 == 7;
          boolean failed = random.nextDouble() < (culprit ? 0.7 : 0.001);
          events.add(
              event(
                  i,
                  Map.of(
                      "id", Value.of("id-" + i),
                      "customer", Value.of(culprit ? "culprit" : "c" + random.nextInt(900)),
                      "failed", Value.of(failed))));
        }
        store.append("d", events);
      }
      Explanation explanation = assertTimeout(Duration.ofSeconds(20), () -> explain(store, FAILED));
      assertEquals(
          List.of(new Term("customer", Value.of("culprit"))),
          explanation.causes().getFirst().terms());
      assertTrue(
          explanation.causes().stream()
              .flatMap(cause -> cause.terms().stream())
              .noneMatch(term -> term.field().equals("id")),
          () -> "" + explanation.causes());
    }
  }

  @Test
  void numbersThatAreNone() {
    Random random = new Random(6);
    double[] odd = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 1e308};
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      Map<String, Value> fields = new HashMap<>();
      int which = random.nextInt(odd.length);
      fields.put("odd", Value.number(odd[which]));
      fields.put("failed", Value.of(which == 1 && random.nextBoolean()));
      events.add(event(i, fields));
    }
    try (EventStore store = EventStore.inMemory()) {
      store.append("d", events);
      Explanation explanation = explain(store, FAILED);
      assertTrue(
          explanation.causes().stream()
              .allMatch(cause -> Double.isFinite(cause.excess()) && cause.pValue() <= 0.01),
          () -> "" + explanation.causes());
    }
  }

  @Test
  void eventsWithoutAnyField() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      events.add(event(i, i % 10 == 0 ? Map.of("failed", Value.of(true)) : Map.of()));
    }
    try (EventStore store = EventStore.inMemory()) {
      store.append("d", events);
      Explanation explanation = explain(store, FAILED);
      assertEquals(50, explanation.selected());
      assertEquals(450, explanation.baseline());
      assertEquals(List.of(), explanation.causes());
    }
  }

  @Test
  void aDatasetThatIsNotThere() {
    try (EventStore store = EventStore.inMemory()) {
      assertEquals(Explanation.NOTHING, explain(store, FAILED));
    }
  }
}
