package firebreak.bubbleup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answer stays the same where nothing that matters was changed: no labels are needed. */
class MetamorphicTest {
  private static final Instant START = Instant.parse("2026-03-02T14:00:00Z");
  private static final TimeRange NOW = new TimeRange(START, START.plusSeconds(600));
  private static final Filter FAILED = Filter.equal("failed", Value.of(true));

  /** Twenty minutes; in the last ten one plan fails on a new build, and one host besides. */
  private static List<Event> incident(long seed) {
    Random random = new Random(seed);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 24_000; i++) {
      int second = i * 1200 / 24_000 - 600;
      Map<String, Value> fields = new LinkedHashMap<>();
      String build = second >= 0 && random.nextBoolean() ? "b2" : "b1";
      String plan = "plan" + random.nextInt(4);
      String host = "host" + random.nextInt(12);
      fields.put("build", Value.of(build));
      fields.put("plan", Value.of(plan));
      fields.put("host", Value.of(host));
      fields.put("region", Value.of("region" + random.nextInt(5)));
      fields.put("size", Value.number(Math.exp(random.nextGaussian() + 6)));
      boolean sick = build.equals("b2") && plan.equals("plan3");
      boolean hot = second >= 0 && host.equals("host7");
      fields.put("failed", Value.of(random.nextDouble() < (sick ? 0.5 : hot ? 0.25 : 0.02)));
      events.add(new Event(START.plusSeconds(second), 1, fields));
    }
    return events;
  }

  private static Explanation explain(List<Event> events) {
    try (EventStore store = EventStore.inMemory()) {
      store.append("d", events);
      return new BubbleUp(store)
          .explain(new Selection(List.of("d"), NOW, Filter.ALL, FAILED), BubbleUp.MAX_TERMS);
    }
  }

  private static List<Event> mapped(
      List<Event> events, BiFunction<Integer, Map<String, Value>, Map<String, Value>> change) {
    List<Event> mapped = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      mapped.add(
          new Event(
              event.time(), event.sampleRate(), change.apply(i, new HashMap<>(event.fields()))));
    }
    return mapped;
  }

  private static List<String> names(Explanation explanation) {
    return explanation.causes().stream()
        .map(cause -> cause.terms().stream().map(Term::display).sorted().toList().toString())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void bothCausesAreNamed(long seed) {
    List<String> names = names(explain(incident(seed)));
    assertEquals("[build = b2, plan = plan3]", names.getFirst(), () -> "seed " + seed);
    assertTrue(
        names.subList(0, Math.min(5, names.size())).contains("[host = host7]"),
        () -> "seed " + seed + ": " + names);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void orderOfEventsAndFieldsDoesNotMatter(long seed) {
    List<Event> events = new ArrayList<>(incident(seed));
    Explanation before = explain(events);
    Collections.shuffle(events, new Random(seed));
    List<Event> turned =
        mapped(
            events,
            (_, fields) -> {
              Map<String, Value> reversed = new LinkedHashMap<>();
              List<String> keys = new ArrayList<>(fields.keySet());
              Collections.shuffle(keys, new Random(seed));
              keys.forEach(key -> reversed.put(key, fields.get(key)));
              return reversed;
            });
    assertEquals(before, explain(turned), () -> "seed " + seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void namesOfValuesDoNotMatter(long seed) {
    List<Event> events = incident(seed);
    List<Event> renamed =
        mapped(
            events,
            (_, fields) -> {
              fields.replaceAll(
                  (name, value) ->
                      name.equals("failed") || name.equals("size")
                          ? value
                          : Value.of(new StringBuilder(value.display()).reverse() + "!"));
              return fields;
            });
    List<String> before =
        names(explain(events)).stream()
            .map(
                name ->
                    name.replace("b2", "2b!").replace("plan3", "3nalp!").replace("host7", "7tsoh!"))
            .limit(1)
            .toList();
    assertEquals(before, names(explain(renamed)).stream().limit(1).toList(), () -> "seed " + seed);
    assertEquals(
        explain(events).causes().stream().map(Conjunction::excess).toList(),
        explain(renamed).causes().stream().map(Conjunction::excess).toList(),
        () -> "seed " + seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void halfOfTheEventsAreEnough(long seed) {
    Random random = new Random(seed);
    List<Event> events = incident(seed);
    List<Event> half = new ArrayList<>();
    for (Event event : events) {
      if (random.nextBoolean()) {
        half.add(new Event(event.time(), 2, event.fields()));
      }
    }
    assertEquals(
        names(explain(events)).getFirst(), names(explain(half)).getFirst(), () -> "seed " + seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aCopyOfAFieldChangesNothing(long seed) {
    List<Event> events = incident(seed);
    List<Event> copied =
        mapped(
            events,
            (_, fields) -> {
              fields.put("z.plan_copy", fields.getOrDefault("plan", Value.of("")));
              return fields;
            });
    assertEquals(names(explain(events)).getFirst(), names(explain(copied)).getFirst());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void fieldsOfNoiseAreNotNamed(long seed) {
    Random random = new Random(seed);
    List<Event> events = incident(seed);
    List<Event> noisy =
        mapped(
            events,
            (i, fields) -> {
              fields.put("noise.few", Value.of("n" + random.nextInt(6)));
              fields.put("noise.many", Value.of("m" + random.nextInt(3000)));
              fields.put("noise.id", Value.of("id-" + i));
              fields.put("noise.always", Value.of("same"));
              return fields;
            });
    List<String> names = names(explain(noisy));
    assertEquals(names(explain(events)).subList(0, 4), names.subList(0, 4), () -> "seed " + seed);
    assertTrue(names.stream().noneMatch(name -> name.contains("noise")), names::toString);
  }
}
