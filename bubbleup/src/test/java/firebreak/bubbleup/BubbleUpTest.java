package firebreak.bubbleup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BubbleUpTest {
  private static final Instant START = Instant.parse("2026-03-02T14:00:00Z");
  private static final TimeRange RANGE =
      TimeRange.before(START.plusSeconds(600), Duration.ofHours(1));
  private static final Filter SLOW =
      new Filter.Compare("duration_ms", Relation.GREATER_OR_EQUAL, Value.of(2000));

  private static Explanation explain(List<Event> events, Filter selected) {
    try (EventStore store = EventStore.inMemory()) {
      store.append("query-api", events);
      return new BubbleUp(store)
          .explain(new Selection(List.of("query-api"), RANGE, Filter.ALL, selected), 3);
    }
  }

  /** An event whose customer, build, host, partition and ids are drawn as in healthy traffic. */
  private static Map<String, Value> ordinary(Random random, int id) {
    Map<String, Value> fields = new HashMap<>();
    fields.put("customer_id", Value.of("c" + (int) (300 * Math.pow(random.nextDouble(), 2))));
    fields.put("build_id", Value.of(random.nextBoolean() ? "8812" : "8811"));
    fields.put("host.name", Value.of("host-" + random.nextInt(8)));
    fields.put("partition", Value.of(random.nextInt(96)));
    fields.put("trace.trace_id", Value.of("t" + id));
    fields.put("payload_bytes", Value.number(Math.exp(random.nextGaussian() + 6)));
    fields.put("zone", Value.of("z" + random.nextInt(3)));
    return fields;
  }

  private static Event event(Map<String, Value> fields, int second, boolean slow, Random random) {
    fields.put("duration_ms", Value.of(slow ? 2000 + random.nextInt(4000) : random.nextInt(900)));
    return new Event(START.plusSeconds(second % 600), 1, fields);
  }

  /** The talk: retail's queries on the new build are slow, on three partitions. */
  private static List<Event> talk(long seed) {
    Random random = new Random(seed);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      Map<String, Value> fields = ordinary(random, i);
      if (random.nextInt(20) == 0) {
        fields.put("customer_id", Value.of("retail"));
      }
      boolean retail = Value.of("retail").equals(fields.get("customer_id"));
      if (retail && random.nextInt(3) > 0) {
        fields.put("partition", Value.of(List.of(17, 42, 77).get(random.nextInt(3))));
      }
      boolean hot =
          List.of(Value.of(17), Value.of(42), Value.of(77)).contains(fields.get("partition"));
      boolean sick = retail && hot && Value.of("8812").equals(fields.get("build_id"));
      events.add(event(fields, i, random.nextDouble() < (sick ? 0.6 : 0.001), random));
    }
    return events;
  }

  private static List<Term> terms(String... pairs) {
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      terms.add(new Term(pairs[i], Value.of(pairs[i + 1])));
    }
    return terms;
  }

  private static boolean sameTerms(List<Term> a, List<Term> b) {
    return a.size() == b.size() && a.containsAll(b);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void namesTheCustomerOnTheNewBuildFirst(long seed) {
    Explanation explanation = explain(talk(seed), SLOW);
    Conjunction best = explanation.causes().getFirst();
    assertTrue(
        sameTerms(best.terms(), terms("customer_id", "retail", "build_id", "8812")),
        () -> "seed " + seed + ": " + explanation.causes().subList(0, 4));
    assertTrue(best.selectionShare() > 0.8 && best.baselineShare() < 0.05, () -> "" + best);
    assertTrue(best.pValue() < 1e-6);
    assertTrue(
        explanation.differences().stream().noneMatch(d -> d.field().equals("duration_ms")),
        "what selected the events explains nothing");
    assertTrue(
        explanation.differences().stream()
            .noneMatch(d -> List.of("trace.trace_id", "zone", "payload_bytes").contains(d.field())),
        () -> "seed " + seed + ": " + explanation.differences());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void listsNothingWhenTheSelectedAreLikeTheRest(long seed) {
    Random random = new Random(seed);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      events.add(event(ordinary(random, i), i, random.nextInt(50) == 0, random));
    }
    Explanation explanation = explain(events, SLOW);
    assertEquals(List.of(), explanation.differences(), () -> "seed " + seed);
    assertEquals(List.of(), explanation.causes(), () -> "seed " + seed);
    assertEquals(7, explanation.fieldsTested());
    assertEquals(10_000, explanation.selected() + explanation.baseline());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void findsTheOneCustomerInThousandsWhoFails(long seed) {
    Random random = new Random(seed);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      Map<String, Value> fields = ordinary(random, i);
      boolean culprit = i % 2000 == 7;
      fields.put("customer_id", Value.of(culprit ? "culprit" : "c" + random.nextInt(5000)));
      events.add(event(fields, i, random.nextDouble() < (culprit ? 0.6 : 0.004), random));
    }
    Explanation explanation = explain(events, SLOW);
    assertEquals(
        terms("customer_id", "culprit"),
        explanation.causes().getFirst().terms(),
        () -> "seed " + seed);
    assertEquals(1, explanation.differences().size(), () -> "" + explanation.differences());
  }

  @Test
  void splitsANumberWhereTheSlowOnesPart() {
    Random random = new Random(11);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      Map<String, Value> fields = ordinary(random, i);
      double groups = Math.exp(random.nextDouble() * 12);
      fields.put("result.groups", Value.number(groups));
      events.add(event(fields, i, random.nextDouble() < (groups >= 8192 ? 0.5 : 0.005), random));
    }
    Explanation explanation = explain(events, SLOW);
    Difference.Measure measure = (Difference.Measure) explanation.differences().getFirst();
    assertEquals("result.groups", measure.field());
    assertEquals(8192, measure.split(), 1000);
    assertTrue(measure.above() && measure.selectionShare() > 0.9);
    double bars = measure.histogram().stream().mapToDouble(Difference.Bar::baselineShare).sum();
    assertEquals(1, bars, 1e-9);
    assertTrue(measure.histogram().size() <= 48);
  }

  @Test
  void countsExcessAgainstTheRestsRate() {
    List<Event> events = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 1000; i++) {
      boolean a = i < 200;
      boolean slow = a ? i < 100 : i < 216;
      events.add(event(new HashMap<>(Map.of("arm", Value.of(a ? "a" : "b"))), i, slow, random));
    }
    Conjunction cause = explain(events, SLOW).causes().getFirst();
    assertEquals(terms("arm", "a"), cause.terms());
    assertEquals(100 - 200 * 16.0 / 800, cause.excess(), 1e-9);
    assertEquals(100.0 / 116, cause.selectionShare(), 1e-9);
    assertEquals(100.0 / 884, cause.baselineShare(), 1e-9);
  }

  @Test
  void countsAnEventAsOftenAsItStandsFor() {
    Random random = new Random(3);
    List<Event> plain = talk(3).subList(0, 6_000);
    List<Event> sampled = new ArrayList<>();
    for (Event event : plain) {
      sampled.add(new Event(event.time(), 1 + random.nextInt(3), event.fields()));
    }
    List<Event> repeated = new ArrayList<>();
    for (Event event : sampled) {
      LongStream.range(0, event.sampleRate())
          .forEach(_ -> repeated.add(new Event(event.time(), 1, event.fields())));
    }
    assertEquals(explain(repeated, SLOW), explain(sampled, SLOW));
  }

  @Test
  void collapsesFieldsThatSayTheSame() {
    List<Event> events = new ArrayList<>();
    for (Event event : talk(2)) {
      Map<String, Value> fields = new HashMap<>(event.fields());
      fields.put("z.customer_copy", fields.getOrDefault("customer_id", Value.of("")));
      events.add(new Event(event.time(), 1, fields));
    }
    List<Conjunction> conjunctions = explain(events, SLOW).conjunctions();
    assertFalse(conjunctions.isEmpty());
    assertTrue(
        conjunctions.stream()
            .flatMap(conjunction -> conjunction.terms().stream())
            .noneMatch(term -> term.field().equals("z.customer_copy")));
  }

  @Test
  void doesNotDependOnTheOrderOfEvents() {
    List<Event> shuffled = new ArrayList<>(talk(4));
    Collections.shuffle(shuffled, new Random(9));
    assertEquals(explain(talk(4), SLOW), explain(shuffled, SLOW));
  }

  @Test
  void hasNothingToSayWithoutTwoSides() {
    List<Event> events = talk(1).subList(0, 100);
    Filter none = Filter.equal("customer_id", "nobody");
    for (Filter filter : List.of(none, Filter.ALL)) {
      Explanation explanation = explain(events, filter);
      assertEquals(List.of(), explanation.differences());
      assertEquals(List.of(), explanation.causes());
      assertEquals(100, explanation.selected() + explanation.baseline());
    }
    assertEquals(List.of(), explain(List.of(), SLOW).causes());
  }

  @Test
  void refusesMoreTermsThanThree() {
    try (EventStore store = EventStore.inMemory()) {
      Selection selection = new Selection(List.of("query-api"), RANGE, Filter.ALL, SLOW);
      assertThrows(IllegalArgumentException.class, () -> new BubbleUp(store).explain(selection, 4));
    }
  }

  /** Events come in all the time, so two questions to the store do not see the same ones. */
  @Test
  void eventsThatComeInBetweenTwoQuestionsConfuseNothing() {
    Random random = new Random(11);
    List<Event> first = new ArrayList<>();
    List<Event> second = new ArrayList<>();
    for (int id = 0; id < 2_000; id++) {
      Map<String, Value> fields = ordinary(random, id);
      boolean slow = id % 3 == 0;
      if (slow) {
        fields.put("customer_id", Value.of("retail"));
        fields.put("build_id", Value.of("8812"));
      }
      (id < 1_000 ? first : second).add(event(fields, id, slow, random));
    }
    try (EventStore store = EventStore.inMemory()) {
      store.append("query-api", first);
      EventStore growing = growing(store, second);
      Explanation explanation =
          new BubbleUp(growing)
              .explain(new Selection(List.of("query-api"), RANGE, Filter.ALL, SLOW), 3);
      for (Conjunction cause : explanation.causes()) {
        assertTrue(cause.selectionShare() <= 1 && cause.baselineShare() <= 1, cause.toString());
      }
      assertTrue(!explanation.causes().isEmpty());
    }
  }

  /** A store that gets the events just before it is asked for patterns. */
  private static EventStore growing(EventStore store, List<Event> events) {
    return (EventStore)
        Proxy.newProxyInstance(
            EventStore.class.getClassLoader(),
            new Class<?>[] {EventStore.class},
            (_, method, arguments) -> {
              if (method.getName().equals("patterns")) {
                store.append("query-api", events);
              }
              return method.invoke(store, arguments);
            });
  }
}
