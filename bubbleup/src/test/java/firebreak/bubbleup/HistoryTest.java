package firebreak.bubbleup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was always so is no cause of what is new. */
class HistoryTest {
  private static final Instant NOW = Instant.parse("2026-03-02T14:10:00Z");
  private static final TimeRange MINUTE = TimeRange.before(NOW, Duration.ofMinutes(1));
  private static final Filter FAILED = Filter.equal("failed", Value.of(true));

  private static Explanation explain(List<Event> events, TimeRange range, Filter selected) {
    try (EventStore store = EventStore.inMemory()) {
      store.append("d", events);
      return new BubbleUp(store)
          .explain(new Selection(List.of("d"), range, Filter.ALL, selected), 3);
    }
  }

  /** Mobile clients always fail at 8 %; in the last minute those of one carrier fail 8 % more. */
  private static List<Event> mobileAlwaysFailsMore(long seed) {
    Random random = new Random(seed);
    List<Event> events = new ArrayList<>();
    for (int second = 0; second < 600; second++) {
      for (int i = 0; i < 150; i++) {
        Map<String, Value> fields = new HashMap<>();
        boolean mobile = random.nextInt(3) == 0;
        int carrier = random.nextInt(5);
        fields.put("client", Value.of(mobile ? "mobile" : "web"));
        fields.put("carrier", Value.of("carrier" + carrier));
        boolean sick = second >= 540 && carrier == 2;
        double rate = (mobile ? 0.08 : 0.002) + (sick ? 0.08 : 0);
        fields.put("failed", Value.of(random.nextDouble() < rate));
        events.add(new Event(NOW.minusSeconds(600 - second), 1, fields));
      }
    }
    return events;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatWasAlwaysSoStandsBehindWhatIsNew(long seed) {
    List<Event> events = mobileAlwaysFailsMore(seed);
    Explanation explanation = explain(events, MINUTE, FAILED);
    assertEquals(
        List.of(new Term("carrier", Value.of("carrier2"))),
        explanation.causes().getFirst().terms(),
        () -> "seed " + seed + ": " + explanation.causes());
    List<Event> lastMinute =
        events.stream().filter(event -> !event.time().isBefore(MINUTE.start())).toList();
    assertEquals(
        List.of(new Term("client", Value.of("mobile"))),
        explain(lastMinute, MINUTE, FAILED).causes().getFirst().terms(),
        () -> "without a past nothing tells them apart; seed " + seed);
  }

  @Test
  void aMomentHasNoPastOfItsOwn() {
    List<Event> events = mobileAlwaysFailsMore(1);
    Filter box = Filter.and(FAILED, new Filter.During(MINUTE));
    Explanation explanation = explain(events, TimeRange.before(NOW, Duration.ofMinutes(5)), box);
    assertFalse(explanation.causes().isEmpty());
    assertEquals(List.of("client"), fields(explanation.causes().getFirst()));
  }

  private static List<String> fields(Conjunction cause) {
    return cause.terms().stream().map(Term::field).toList();
  }

  @Test
  void aRowSaysWhatItMeans() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      boolean a = i < 200;
      boolean failed = a ? i < 100 : i < 216;
      events.add(
          new Event(
              NOW.minusSeconds(30),
              1,
              Map.of("arm", Value.of(a ? "a" : "b"), "failed", Value.of(failed))));
    }
    Conjunction cause = explain(events, MINUTE, FAILED).causes().getFirst();
    assertEquals(
        "arm = a: 50 % of these events are selected, of the others 2.0 %;"
            + " 96 (82 to 110) more than if they were like the others",
        cause.says());
    Interval interval = cause.excessInterval();
    assertTrue(interval.low() < cause.excess() && cause.excess() < interval.high());
  }

  @Test
  void theIntervalOfTheExcessHoldsTheTruth() {
    Random random = new Random(12);
    int held = 0;
    int runs = 500;
    for (int run = 0; run < runs; run++) {
      int hits = 0;
      int restHits = 0;
      for (int i = 0; i < 200; i++) {
        hits += random.nextDouble() < 0.2 ? 1 : 0;
      }
      for (int i = 0; i < 800; i++) {
        restHits += random.nextDouble() < 0.03 ? 1 : 0;
      }
      Interval interval = new ContingencyTable(hits, 200, restHits, 800).excessInterval();
      double truth = 200 * (0.2 - 0.03);
      held += interval.low() <= truth && truth <= interval.high() ? 1 : 0;
    }
    assertTrue(held >= 0.92 * runs && held <= 0.98 * runs, held + " of " + runs);
  }
}
