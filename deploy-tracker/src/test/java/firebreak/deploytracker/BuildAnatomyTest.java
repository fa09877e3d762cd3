package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.Traces;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where a build's time went. */
class BuildAnatomyTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void theCriticalPathIsWhatTheBuildWaitedFor() {
    BuildAnatomy anatomy =
        anatomy(
            span("b", "", "build", "CI", 0, 100, 0),
            span("lint", "b", "job", "lint", 2, 20, 2),
            span("test", "b", "job", "test", 10, 60, 10),
            span("t1", "test", "step", "checkout", 10, 15, 0),
            span("t2", "test", "step", "run tests", 15, 58, 0),
            span("ship", "b", "job", "ship", 75, 98, 10),
            span("late", "b", "step", "clean up", 90, 400, 0));
    assertEquals(
        List.of(
            "QUEUED test 10",
            "WORK checkout 5",
            "WORK run tests 43",
            "WORK test 2",
            "WORK CI 5",
            "QUEUED ship 10",
            "WORK ship 23",
            "WORK CI 2"),
        anatomy.criticalPath().stream()
            .map(
                segment ->
                    segment.spent() + " " + segment.name() + " " + segment.length().toSeconds())
            .toList());
    assertEquals(Duration.ofSeconds(20), anatomy.queued());
    assertEquals("run tests", Objects.requireNonNull(anatomy.slowest()).name());
  }

  @Test
  void aBuildOfWhichNoPartIsKnownIsItsOwnPath() {
    BuildAnatomy anatomy = anatomy(span("b", "", "build", "CI", 0, 100, 0));
    assertEquals(1, anatomy.criticalPath().size());
    assertNull(anatomy.slowest());
  }

  @Test
  void aBuildThatIsNotOverHasNone() {
    assertTrue(BuildAnatomy.of(List.of(span("t", "b", "job", "test", 0, 9, 0))).isEmpty());
  }

  /** Also of parts that overlap, lie outside, name each other as parents, or come in any order. */
  @Test
  void thePathIsAlwaysAsLongAsTheBuildWithoutGapOrOverlap() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      List<Event> trace = new ArrayList<>();
      trace.add(span("s0", "", "build", "CI", 0, 1_000, 0));
      int count = random.nextInt(12);
      for (int i = 1; i <= count; i++) {
        int from = random.nextInt(-100, 1_100);
        trace.add(
            span(
                "s" + i,
                "s" + random.nextInt(count + 1),
                random.nextBoolean() ? "job" : "step",
                "n" + i,
                from,
                from + random.nextInt(400),
                random.nextInt(200)));
      }
      Collections.shuffle(trace, random);
      List<BuildAnatomy.Segment> path = BuildAnatomy.of(trace).orElseThrow().criticalPath();
      Instant at = START;
      for (BuildAnatomy.Segment segment : path) {
        assertEquals(at, segment.from(), "seed " + seed + " " + path);
        assertTrue(segment.from().isBefore(segment.to()), "seed " + seed + " " + path);
        at = segment.to();
      }
      assertEquals(START.plusSeconds(1_000), at, "seed " + seed + " " + path);
    }
  }

  private static BuildAnatomy anatomy(Event... trace) {
    return BuildAnatomy.of(List.of(trace)).orElseThrow();
  }

  private static Event span(
      String id, String parent, String kind, String name, int from, int to, int queued) {
    Map<String, Value> fields = new HashMap<>();
    fields.put(Traces.TRACE_ID, Value.of("t"));
    fields.put(Traces.SPAN_ID, Value.of(id));
    if (!parent.isEmpty()) {
      fields.put(Traces.PARENT_ID, Value.of(parent));
    }
    fields.put("service_name", Value.of(kind));
    fields.put("name", Value.of(name));
    fields.put("duration_ms", Value.of((to - from) * 1_000L));
    fields.put("queued_ms", Value.of(queued * 1_000L));
    return new Event(START.plusSeconds(from), 1, fields);
  }
}
