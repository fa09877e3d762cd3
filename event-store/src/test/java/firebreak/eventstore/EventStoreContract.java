package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.EventStore.FieldType;
import firebreak.eventstore.EventStore.Pattern;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.QueryResult.Cell;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every event store does besides answering queries, worked out by hand. */
abstract class EventStoreContract extends ContrastContract {
  private static final int RANDOM_SEEDS = 60;

  @Test
  void looksIntoTheNamedDatasetsOnly() {
    append(event(0, 1));
    store.append("web", List.of(event(0, 10), event(1, 10)));
    store.append("jobs", List.of(event(0, 100)));
    Query query =
        new Query(
            List.of("api", "web", "api", "unknown"),
            HOUR,
            List.of(Calculation.count()),
            Filter.ALL,
            List.of(),
            List.of(),
            List.of(),
            10,
            Duration.ZERO,
            Duration.ZERO);
    assertEquals(figure(21), store.query(query).total().cells().getFirst());
    assertEquals(Map.of("api", 1L, "jobs", 1L, "web", 2L), store.datasets());
  }

  @Test
  void countsEachSetOfTermsThatOccurs() {
    append(
        event(0, 1, "host", "a", "build", 1),
        event(1, 2, "host", "a", "build", 2),
        event(2, 4, "host", "b", "build", 2),
        event(3, 8, "host", "a", "build", 2));
    Filter late = new Filter.Compare("build", Relation.GREATER, Value.of(1));
    Selection selection = new Selection(List.of("api"), HOUR, Filter.ALL, late);
    List<Filter> terms = new ArrayList<>(List.of(Filter.equal("host", "a"), late));
    assertEquals(
        List.of(
            new Pattern(1, new Weight(0, 1)),
            new Pattern(2, new Weight(4, 0)),
            new Pattern(3, new Weight(10, 0))),
        store.patterns(selection, terms));
    while (terms.size() < 64) {
      terms.add(terms.size() < 63 ? Filter.or() : Filter.ALL);
    }
    assertEquals(
        List.of(Long.MIN_VALUE + 1, Long.MIN_VALUE + 2, Long.MIN_VALUE + 3),
        store.patterns(selection, terms).stream().map(Pattern::mask).toList());
    terms.add(Filter.ALL);
    assertThrows(IllegalArgumentException.class, () -> store.patterns(selection, terms));
  }

  @Test
  void scansOldestFirstWithTheNamedFieldsUntilTheVisitorHasSeenEnough() {
    append(event(5, 2, "n", 1, "x", true), event(3, 1, "n", 2, "x", "t"));
    append(event(5, 1, "n", 3), event(4, 1, "n", 4.5, "skip", true), event(1, 1, "n", 5));
    List<Event> seen = new ArrayList<>();
    Filter filter = Filter.not(new Filter.Exists("skip"));
    store.scan(List.of("api"), HOUR, filter, List.of(), event -> seen.add(event));
    assertEquals(
        List.of(
            event(1, 1, "n", 5),
            event(3, 1, "n", 2, "x", "t"),
            event(5, 2, "n", 1, "x", true),
            event(5, 1, "n", 3)),
        seen);
    seen.clear();
    store.scan(
        List.of("api"),
        HOUR,
        Filter.ALL,
        List.of("x", "unknown"),
        event -> {
          seen.add(event);
          return seen.size() < 2;
        });
    assertEquals(List.of(event(1, 1), event(3, 1, "x", "t")), seen);
  }

  @Test
  void knowsTheFieldsOfADatasetWithTheTypeLastSeen() {
    append(event(0, 1, "host", "a", "ms", 1.5, "up", true), event(1, 1, "host", 3));
    store.append("web", List.of(event(0, 1, "ms", 2)));
    assertEquals(
        Map.of("host", FieldType.WHOLE, "ms", FieldType.REAL, "up", FieldType.TRUTH),
        store.fields("api"));
    assertEquals(Map.of("ms", FieldType.WHOLE), store.fields("web"));
    assertEquals(Map.of(), store.fields("unknown"));
  }

  @Test
  void tellsListenersOfWhatIsKept() {
    List<String> told = new ArrayList<>();
    store.onAppend((dataset, events) -> told.add(dataset + " " + events.size()));
    append(event(0, 1), event(1, 1));
    store.append("web", List.of());
    store.append("web", List.of(event(0, 1, "text", "\uD800")));
    assertEquals(List.of("api 2", "web 1"), told);
  }

  @Test
  void cutsLongTextAndMendsHalfCharacters() {
    String atLimit = "x".repeat(Limits.TEXT_BYTES);
    String longer = "é".repeat(Limits.TEXT_BYTES);
    String belowTerm = "y".repeat(32_766);
    String aboveTerm = "y".repeat(32_767);
    append(
        event(0, 1, "text", atLimit),
        event(1, 10, "text", longer),
        event(2, 100, "text", "a\uD800b\uDC00"),
        event(3, 1_000, "text", belowTerm, "na\uDC00me", 1),
        event(4, 10_000, "text", aboveTerm));
    assertEquals(1, count(Filter.equal("text", atLimit)));
    assertEquals(10, count(new Filter.Matches("text", Filter.Match.ENDS_WITH, "é…truncated")));
    assertEquals(100, count(Filter.equal("text", "a\uFFFDb\uFFFD")));
    assertEquals(1_000, count(Filter.equal("na\uFFFDme", Value.of(1))));
    assertEquals(11_000, count(new Filter.Matches("text", Filter.Match.STARTS_WITH, "y")));
    assertEquals(10_000, count(Filter.equal("text", aboveTerm)));
    List<Integer> lengths = new ArrayList<>();
    store.scan(
        List.of("api"),
        HOUR,
        Filter.ALL,
        List.of("text"),
        event -> lengths.add(bytes(event, "text")));
    assertEquals(List.of(65_536, 65_536, 8, 32_766, 32_767), lengths);
  }

  private static int bytes(Event event, String field) {
    return event
        .fields()
        .getOrDefault(field, Value.of(""))
        .display()
        .getBytes(StandardCharsets.UTF_8)
        .length;
  }

  @Test
  void keepsEventsOfAnyTimeAndNumbersOfAnySize() {
    store.append(
        "api",
        List.of(
            new Event(Instant.MIN, 1, Map.of("n", Value.of(Long.MIN_VALUE))),
            new Event(Instant.MAX, 2, Map.of("n", Value.of(Long.MAX_VALUE))),
            new Event(NOON, 4, Map.of("n", Value.number(1e300), "t", Value.number(0.0 / 0.0)))));
    TimeRange ever = new TimeRange(Instant.MIN, Instant.MAX);
    Filter largest = Filter.equal("n", Value.of(Long.MAX_VALUE));
    assertEquals(
        List.of(figure(7), figure(2), figure(1e300)),
        store
            .query(
                Query.of(
                    "api",
                    ever,
                    Filter.ALL,
                    Calculation.count(),
                    Calculation.count(largest),
                    Calculation.of(Operation.MAX, "n")))
            .total()
            .cells());
    assertEquals(4, count(Filter.equal("t", "NaN")));
  }

  @Test
  void keepsFieldsBeyondTheLimitsAsTextAndCountsThem() {
    String longName = "n".repeat(Limits.FIELD_NAME_BYTES + 1);
    append(event(0, 1, longName, 1, "ok", 1));
    for (int start = 0; start < Limits.FIELDS_PER_DATASET; start += 500) {
      Object[] fields = new Object[1_000];
      for (int i = 0; i < 500; i++) {
        fields[2 * i] = "f" + (start + i);
        fields[2 * i + 1] = i;
      }
      append(event(1, 1, fields));
    }
    append(event(2, 1, "one more", 1, "ok", 2));
    assertTrue(store.fields("api").size() <= Limits.FIELDS_PER_DATASET + 2);
    assertEquals(FieldType.WHOLE, store.fields("api").get("meta.dropped_fields"));
    assertEquals(0, count(new Filter.Exists("one more")));
    assertEquals(0, count(new Filter.Exists(longName)));
    assertEquals(1, count(Filter.equal("ok", Value.of(2))));
    Cell dropped =
        total(Filter.ALL, Calculation.of(Operation.SUM, "meta.dropped_fields")).getFirst();
    assertEquals(figure(5), dropped);
    assertEquals(1, count(Filter.equal("meta.overflow", "{\"one more\":1}")));
    assertEquals(1, count(new Filter.Matches("meta.overflow", Filter.Match.CONTAINS, "nn\":1}")));
  }

  @Test
  void refusesADatasetNameThatIsNone() {
    for (String name : Arrays.asList("", "  ", "x".repeat(257), "half \uD800")) {
      assertThrows(
          IllegalArgumentException.class, () -> store.append(name, List.of(event(0, 1))), name);
    }
  }

  /** Compares with the definition, which is right by being plain. */
  @Test
  void answersRandomQuestionsAsTheDefinitionDoes() {
    for (long seed = 1; seed <= RANDOM_SEEDS; seed++) {
      RandomQuestions random = new RandomQuestions(seed);
      try (EventStore definition = EventStore.inMemory();
          EventStore other = open()) {
        for (int appends = 1 + random.below(6); appends > 0; appends--) {
          String dataset = random.dataset();
          List<Event> events = random.events(60);
          definition.append(dataset, events);
          other.append(dataset, events);
        }
        for (int questions = 0; questions < 12; questions++) {
          compare(random, definition, other, "seed " + seed + ": ");
        }
      }
    }
  }

  private static void compare(
      RandomQuestions random, EventStore definition, EventStore other, String seed) {
    Query query = random.query();
    QueryResult expected = definition.query(query);
    assertEquals(expected, other.query(query), () -> seed + query);
    Query reworded = random.reworded(query);
    assertEquals(query.canonical(), reworded.canonical(), () -> seed + query);
    assertEquals(expected, other.query(reworded.canonical()), () -> seed + query.canonical());
    Selection selection = random.selection();
    assertEquals(definition.contrast(selection), other.contrast(selection), () -> seed + selection);
    Selection otherwise = random.reworded(selection);
    assertEquals(selection.canonical(), otherwise.canonical(), () -> seed + selection);
    assertEquals(
        definition.contrast(selection),
        other.contrast(otherwise.canonical()),
        () -> seed + selection.canonical());
    List<Filter> terms = random.terms();
    assertEquals(
        definition.patterns(selection, terms),
        other.patterns(selection, terms),
        () -> seed + selection + terms);
    Filter filter = random.filter();
    List<String> fields = random.fields();
    assertEquals(
        scanned(definition, selection, filter, fields),
        scanned(other, selection, filter, fields),
        () -> seed + selection + filter + fields);
  }

  private static List<Event> scanned(
      EventStore store, Selection where, Filter filter, List<String> fields) {
    List<Event> events = new ArrayList<>();
    store.scan(where.datasets(), where.range(), filter, fields, events::add);
    return events;
  }
}
