package firebreak.eventstore.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.LimitExceededException;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Traces;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RelationsTest {
  private static final int SPANS = 100;
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  /** One trace: a root, and spans that are its children. */
  private static TimeScope scope(Workers workers) {
    List<Event> spans = new ArrayList<>();
    for (int i = 0; i < SPANS; i++) {
      Map<String, Value> fields =
          Map.of(
              Traces.TRACE_ID,
              Value.of("t"),
              Traces.SPAN_ID,
              Value.of("s" + i),
              i == 0 ? "name" : Traces.PARENT_ID,
              Value.of("s0"));
      spans.add(new Event(START.plusSeconds(i), 1, fields));
    }
    MemoryPart part = new MemoryPart(spans, new MemoryPart.Shape(true, 0, false, false));
    Deadline deadline = new Deadline(Duration.ofMinutes(1));
    return new TimeScope(
        List.of("api"),
        new TimeRange(START, START.plusSeconds(SPANS)),
        Map.of(),
        new Snapshot(1, Map.of("api", List.of(part))),
        new TimeScope.Means(workers, new IdCache(workers, 1 << 20), new PieceCache(), deadline));
  }

  private static void compute(TimeScope scope, String field, int mostSpans) {
    TimeScope.Means means = scope.means();
    FieldIds traces = means.ids().stored(Traces.TRACE_ID, scope.rows(), means.deadline());
    new Relations(scope, traces, mostSpans).compute(Set.of(field));
  }

  @Test
  void looksForParentsAmongSoManySpansAndSaysWhatWouldBeRight() {
    try (Workers workers = new Workers(1)) {
      compute(scope(workers), "parent.name", SPANS);
      LimitExceededException refused =
          assertThrows(
              LimitExceededException.class,
              () -> compute(scope(workers), "parent.name", SPANS - 1));
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains("more than 99 different spans"), message);
      assertTrue(message.contains("A shorter time range or fewer datasets"), message);
    }
  }

  @Test
  void findsTheRootAmongAnyNumberOfSpans() {
    try (Workers workers = new Workers(1)) {
      TimeScope scope = scope(workers);
      compute(scope, "root.name", 1);
      Column name = scope.parts().getFirst().column("root.name");
      assertEquals(Value.of("s0"), name == null ? null : name.value(SPANS - 1));
    }
  }
}
