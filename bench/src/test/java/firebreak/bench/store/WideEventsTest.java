package firebreak.bench.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.bench.wide.Batches;
import firebreak.bench.wide.WideEvents;
import firebreak.bench.wide.WideField;
import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WideEventsTest {
  private static final int COUNT = 20_000;
  private static final WideEvents DAY = new WideEvents(COUNT, 1);
  private static final List<Event> EVENTS = DAY.maker().events(0, COUNT);

  @Test
  void anEventHasSixtyFieldsWithItsTimeAndSixOfThemMayLack() {
    assertEquals(59, DAY.fields().size());
    Set<String> lacking = new HashSet<>();
    for (Event event : EVENTS) {
      for (WideField field : DAY.fields()) {
        if (event.field(field.name()) == null) {
          lacking.add(field.name());
        }
      }
    }
    assertEquals(6, lacking.size(), lacking::toString);
  }

  @Test
  void theJsonSaysTheSameAsTheEvents() throws IOException {
    HoneycombBatch json = new HoneycombBatch();
    List<Event> read = new ArrayList<>();
    long bytes = 0;
    try (Batches batches = Batches.made(DAY, 1_000)) {
      for (int i = 0; i < batches.batches(); i++) {
        byte[] batch = batches.batch(i);
        bytes += batch.length;
        read.addAll(json.events(batch));
      }
    }
    assertEquals(EVENTS, read);
    assertEquals(1_201, (double) bytes / COUNT, 60);
  }

  @Test
  void theSameSeedMakesTheSameEventsInWhateverPortions() {
    WideEvents again = new WideEvents(COUNT, 1);
    List<Event> portions = new ArrayList<>(again.maker().events(0, 777));
    portions.addAll(again.maker().events(777, COUNT - 777));
    assertEquals(EVENTS, portions);
    assertTrue(!EVENTS.equals(new WideEvents(COUNT, 2).maker().events(0, COUNT)));
  }

  @Test
  void oneInAThousandIsSlowAndAllOfTheseAreTheFaults() {
    Instant from =
        WideEvents.START.plusMillis((long) (WideEvents.SPAN_MILLIS * 0.7)).minusSeconds(3);
    List<Event> slow =
        EVENTS.stream().filter(event -> number(event, "duration_ms") > WideEvents.SLOW_MS).toList();
    assertEquals(0.00104 * COUNT, slow.size(), 0.0005 * COUNT);
    for (Event event : slow) {
      assertEquals(Value.of("customer-17"), event.field("customer_id"));
      assertEquals(Value.of("dataset-4242"), event.field("dataset_id"));
      assertEquals(Value.of("build-39"), event.field("build_id"));
      assertEquals(Value.of(true), event.field("flag.fresh"));
      assertTrue(!event.time().isBefore(from));
    }
  }

  @Test
  void timesAreAtMostThreeSecondsOutOfOrder() {
    Instant latest = Instant.MIN;
    for (Event event : EVENTS) {
      assertTrue(!event.time().isBefore(WideEvents.START));
      if (event.time().isBefore(latest)) {
        assertTrue(Duration.between(event.time(), latest).compareTo(Duration.ofSeconds(3)) <= 0);
      } else {
        latest = event.time();
      }
    }
  }

  @Test
  void aTraceHasARootAndEveryOtherSpanNamesOneOfItAsItsParent() {
    Set<Object> spans = new HashSet<>();
    for (Event event : EVENTS) {
      Object trace = event.field("trace.trace_id");
      spans.add(List.of(trace == null ? "" : trace, event.fields().get("trace.span_id")));
      Value parent = event.field("trace.parent_id");
      assertEquals(parent == null, Value.of(true).equals(event.field("is_root")));
      assertTrue(parent == null || spans.contains(List.of(trace == null ? "" : trace, parent)));
    }
    assertEquals(COUNT, spans.size());
  }

  @Test
  void flatLinesCarryTheSameFields() throws IOException {
    try (Batches batches = Batches.made(DAY, 3)) {
      String lines =
          new String(FlatLines.of(batches.batch(0), "> "), java.nio.charset.StandardCharsets.UTF_8);
      assertEquals(3, lines.lines().count());
      assertTrue(
          lines.lines().allMatch(line -> line.startsWith("> {\"time\":\"") && line.endsWith("}")));
      assertTrue(lines.lines().allMatch(line -> line.contains("Z\",\"service.name\":")), lines);
    }
  }

  private static double number(Event event, String field) {
    Value value = event.field(field);
    return value == null ? Double.NaN : value.asDouble();
  }
}
