package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Point;
import firebreak.eventstore.QueryResult.Row;
import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.Snapshot;
import firebreak.eventstore.execution.Deadline;
import firebreak.eventstore.execution.Engine;
import firebreak.eventstore.execution.MemoryPart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The engine answers from parts of every shape what the definition answers. */
@Execution(ExecutionMode.CONCURRENT)
class EngineTest {
  private static final int STORES = Integer.getInteger("engine.stores", 40);
  private static final int QUESTIONS = 60;
  private static final int LARGE_STORES = Integer.getInteger("engine.large", 2);
  private static final int LARGE_QUESTIONS = 8;

  private static Engine engine;

  /** One that has no room to keep the numbers of values. */
  private static Engine forgetful;

  @BeforeAll
  static void start() {
    engine = new Engine(new Engine.Settings(3, 1 << 20, 16));
    forgetful = new Engine(new Engine.Settings(2, 0, 0));
  }

  @AfterAll
  static void stop() {
    engine.close();
    forgetful.close();
  }

  private static Deadline soon() {
    return new Deadline(Duration.ofSeconds(30));
  }

  /** The same events in a store in memory and in parts. */
  private record Both(
      EventStore definition, Snapshot snapshot, RandomQuestions random, Engine engine) {
    static Both drawn(long seed) {
      RandomQuestions random = new RandomQuestions(seed);
      EventStore definition = EventStore.inMemory();
      Map<String, List<Part>> parts = new HashMap<>();
      List<List<Event>> kept = new ArrayList<>();
      definition.onAppend((_, events) -> kept.add(events));
      int batches = random.below(9);
      boolean weighed = random.below(3) > 0;
      for (int i = 0; i < batches; i++) {
        String dataset = random.dataset();
        List<Event> events = random.events(random.below(4) == 0 ? 800 : 90);
        definition.append(dataset, weighed ? events : events.stream().map(Both::alone).toList());
        MemoryPart.Shape shape =
            new MemoryPart.Shape(
                random.below(3) > 0,
                random.below(2) == 0 ? 8 : 4_096,
                random.below(2) == 0,
                random.below(3) == 0);
        parts
            .computeIfAbsent(dataset, _ -> new ArrayList<>())
            .add(new MemoryPart(kept.getLast(), shape));
      }
      return new Both(
          definition,
          new Snapshot(seed, parts),
          random,
          seed % 3 == 0 ? forgetful : EngineTest.engine);
    }

    static Both large(long seed) {
      RandomQuestions random = new RandomQuestions(seed);
      EventStore definition = EventStore.inMemory();
      Map<String, List<Part>> parts = new HashMap<>();
      List<List<Event>> kept = new ArrayList<>();
      definition.onAppend((_, events) -> kept.add(events));
      for (int rows : List.of(Part.BLOCK + 9_000, 5_000)) {
        List<Event> events = new ArrayList<>();
        while (events.size() < rows) {
          random.events(2_000).stream()
              .map(event -> seed % 2 == 0 ? event : alone(event))
              .forEach(events::add);
        }
        definition.append("api", events);
        boolean first = parts.isEmpty();
        MemoryPart.Shape shape = new MemoryPart.Shape(first, first ? 300 : 4_096, first, false);
        parts
            .computeIfAbsent("api", _ -> new ArrayList<>())
            .add(new MemoryPart(kept.getLast(), shape));
      }
      return new Both(definition, new Snapshot(-seed, parts), random, EngineTest.engine);
    }

    private static Event alone(Event event) {
      return new Event(event.time(), 1, event.fields());
    }

    void askQuery() {
      Query query = random.query();
      QueryResult expected = definition.query(query);
      assertAlike(expected, engine.query(query, snapshot, soon()), query);
    }

    /** Asks for so few groups, without the others, that their rows are looked for by themselves. */
    boolean askFewGroups() {
      Query query = random.query().withoutTotals().withLimit(1 + random.below(2));
      if (query.breakdowns().size() != 1) {
        return false;
      }
      assertAlike(definition.query(query), engine.query(query, snapshot, soon()), query);
      return true;
    }

    void askContrast() {
      Selection selection = random.selection();
      assertEquals(
          definition.contrast(selection),
          engine.contrast(selection, snapshot, soon()),
          selection::toString);
    }

    void askPatterns() {
      Selection selection = random.selection();
      List<Filter> terms = random.terms();
      assertEquals(
          definition.patterns(selection, terms),
          engine.patterns(selection, terms, snapshot, soon()),
          () -> selection + " by " + terms);
    }

    void askScan() {
      List<String> datasets = List.of(random.dataset());
      TimeRange range = random.range();
      Filter filter = random.filter();
      List<String> fields = random.fields();
      int most = 1 + random.below(500);
      List<Event> expected = new ArrayList<>();
      definition.scan(datasets, range, filter, fields, event -> seen(event, expected, most));
      List<Event> found = new ArrayList<>();
      engine.scan(
          datasets, range, filter, fields, event -> seen(event, found, most), snapshot, soon());
      assertEquals(expected, found, () -> "%s %s %s %s".formatted(datasets, range, filter, fields));
    }

    private static boolean seen(Event event, List<Event> into, int most) {
      into.add(event);
      return into.size() < most;
    }

    void ask() {
      switch (random.below(6)) {
        case 0 -> askContrast();
        case 1 -> askPatterns();
        case 2 -> askScan();
        default -> askQuery();
      }
    }
  }

  private static void assertAlike(QueryResult expected, QueryResult found, Query query) {
    assertEquals(expected.rowsExamined(), found.rowsExamined(), query::toString);
    assertEquals(expected.rows().size(), found.rows().size(), query::toString);
    for (int i = 0; i < expected.rows().size(); i++) {
      assertAlike(expected.rows().get(i), found.rows().get(i), query);
    }
    assertAlike(expected.total(), found.total(), query);
    assertAlike(expected.other(), found.other(), query);
  }

  private static void assertAlike(Row expected, Row found, Query query) {
    assertEquals(expected.group(), found.group(), query::toString);
    assertAlike(expected.cells(), found.cells(), query);
    assertAlike(expected.compared(), found.compared(), query);
    assertEquals(
        expected.series().stream().map(Point::time).toList(),
        found.series().stream().map(Point::time).toList(),
        query::toString);
    for (int i = 0; i < expected.series().size(); i++) {
      assertAlike(expected.series().get(i).cells(), found.series().get(i).cells(), query);
    }
  }

  private static void assertAlike(List<Cell> expected, List<Cell> found, Query query) {
    assertEquals(expected.size(), found.size(), query::toString);
    for (int i = 0; i < expected.size(); i++) {
      if (expected.get(i) instanceof Cell.Figure(double wanted)
          && found.get(i) instanceof Cell.Figure(double actual)) {
        assertEquals(wanted, actual, 1e-9 * Math.abs(wanted), query::toString);
      } else {
        assertEquals(expected.get(i), found.get(i), query::toString);
      }
    }
  }

  @Test
  void fewGroupsOfManyAreFoundWithoutTheOthers() {
    int asked = 0;
    for (long seed = 7_000; seed < 7_000 + STORES; seed++) {
      Both both = Both.drawn(seed);
      for (int i = 0; i < QUESTIONS; i++) {
        asked += both.askFewGroups() ? 1 : 0;
      }
    }
    assertTrue(asked >= 2 * STORES, "of so many questions few had one breakdown");
  }

  private static void ask(long seed) {
    try {
      Both both = Both.drawn(seed);
      for (int i = 0; i < QUESTIONS; i++) {
        both.ask();
      }
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("with seed " + seed, e);
    }
  }

  @Test
  void answersAsTheDefinitionDoes() {
    for (long seed = 1; seed <= STORES; seed++) {
      ask(seed);
    }
  }

  /** Parts of more rows than are read, or counted beforehand, at a time. */
  @Test
  void answersFromLargePartsAsTheDefinitionDoes() {
    for (long seed = 1; seed <= LARGE_STORES; seed++) {
      try {
        Both both = Both.large(seed);
        for (int i = 0; i < LARGE_QUESTIONS; i++) {
          both.ask();
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("with seed " + seed, e);
      }
    }
  }

  @Test
  void answersManyAtOnce() throws InterruptedException {
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> askers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      long seed = 1_000L + i / 2;
      askers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      ask(seed);
                    } catch (AssertionError e) {
                      failures.add(e);
                    }
                  }));
    }
    for (Thread asker : askers) {
      asker.join();
    }
    assertEquals(List.of(), List.copyOf(failures));
  }

  @Test
  void givesUpWhenTheTimeIsOver() {
    Both both = Both.drawn(3);
    Query query = Query.of("api", both.random().range(), Filter.ALL, Calculation.count());
    assertThrows(
        LimitExceededException.class,
        () -> engine.query(query, both.snapshot(), new Deadline(Duration.ZERO)));
  }

  private static Snapshot numbered(long generation, int events) {
    List<Event> list = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      Map<String, Value> fields = Map.of("n", Value.of("value " + i));
      list.add(new Event(RandomQuestions.START.plusSeconds(i), 1, fields));
    }
    MemoryPart.Shape shape = new MemoryPart.Shape(true, 8, true, false);
    return new Snapshot(generation, Map.of("api", List.of(new MemoryPart(list, shape))));
  }

  private static Query counting(int seconds) {
    TimeRange range =
        new TimeRange(RandomQuestions.START, RandomQuestions.START.plusSeconds(seconds));
    return Query.of("api", range, Filter.ALL, Calculation.count());
  }

  @Test
  void keepsAnAnswerForTheStateOfTheStoreThatItIsOf() {
    Query query = counting(100);
    Snapshot ten = numbered(2_000_001, 10);
    QueryResult first = engine.query(query, ten, soon());
    assertSame(first, engine.query(query, ten, soon()));
    assertSame(first, engine.query(query.canonical(), ten, soon()));
    QueryResult later = engine.query(query, numbered(2_000_002, 11), soon());
    assertEquals(10, first.total().cells().getFirst().number());
    assertEquals(11, later.total().cells().getFirst().number());
    assertEquals(first, engine.query(query, ten, soon()));
    assertEquals(later, engine.query(query, numbered(2_000_003, 11), soon()));
  }

  @Test
  void refusesMoreGroupsTimesBucketsThanItsLimit() {
    Snapshot snapshot = numbered(1_000_010, 3_000);
    Query query = counting(3_000).groupedBy("n").withGranularity(Duration.ofSeconds(3));
    assertEquals(1_000, engine.query(query.withLimit(1_000), snapshot, soon()).rows().size());
    LimitExceededException refusal =
        assertThrows(
            LimitExceededException.class,
            () -> engine.query(query.withLimit(Limits.ROWS), snapshot, soon()));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("wider time buckets"), refusal.getMessage());
  }

  @Test
  void anInterruptedAskerStillGetsTheAnswer() {
    Snapshot snapshot = numbered(1_000_020, 50);
    Thread.currentThread().interrupt();
    QueryResult result = engine.query(counting(40), snapshot, soon());
    assertTrue(Thread.interrupted(), "the interrupt is not lost");
    assertEquals(40, result.total().cells().getFirst().number());
  }

  @Test
  void refusesQuestionsWhenClosed() {
    Engine closed = new Engine(new Engine.Settings(2, 1 << 20, 0));
    closed.close();
    assertThrows(
        IllegalStateException.class,
        () -> closed.query(counting(10).groupedBy("n"), numbered(1, 10), soon()));
  }
}
