package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.EventStore.Pattern;
import firebreak.eventstore.EventStore.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Fields of other spans of a trace, as every event store finds them. */
abstract class TraceContract extends LanguageContract {
  private static Event span(int second, int weight, String trace, String span, Object... fields) {
    Event event = event(second, weight, fields);
    Map<String, Value> all = new HashMap<>(event.fields());
    all.put(Traces.TRACE_ID, Value.of(trace));
    if (!span.isEmpty()) {
      all.put(Traces.SPAN_ID, Value.of(span));
    }
    return new Event(event.time(), weight, all);
  }

  private static Event child(
      int second, int weight, String trace, String span, String parent, Object... fields) {
    Event event = span(second, weight, trace, span, fields);
    Map<String, Value> all = new HashMap<>(event.fields());
    all.put(Traces.PARENT_ID, Value.of(parent));
    return new Event(event.time(), weight, all);
  }

  private static Query inDatasets(Query query, String... datasets) {
    return new Query(
        List.of(datasets),
        query.range(),
        query.calculations(),
        query.filter(),
        query.breakdowns(),
        query.orders(),
        query.havings(),
        query.limit(),
        query.granularity(),
        query.comparisonOffset());
  }

  /**
   * Two traces, a log record of the first, an event that is in none, and a span whose parent is not
   * known: each with a weight by which it can be told in a sum.
   */
  private void appendTraces() {
    append(
        child(3, 2, "t1", "b", "a", "name", "query", "ms", 20),
        span(1, 1, "t1", "a", "name", "GET", "ms", 100),
        child(4, 4, "t1", "c", "b", "name", "disk", "ms", 5, "error", true),
        child(4, 8, "t1", "", "b", "name", "log"),
        span(2, 16, "t2", "a", "name", "POST", "ms", 50),
        child(3, 32, "t2", "b", "a", "name", "query", "ms", 30),
        event(5, 64, "name", "alone"),
        child(5, 128, "t3", "x", "lost", "name", "orphan"),
        span(0, 256, "t1", "", "name", "early log"));
  }

  private double counted(Filter filter) {
    return store
        .query(Query.of("api", HOUR, filter, Calculation.count()))
        .total()
        .cells()
        .getFirst()
        .number();
  }

  @Test
  void knowsTheFieldsOfTheRoot() {
    appendTraces();
    assertEquals(1 + 2 + 4 + 8 + 256, counted(Filter.equal("root.name", "GET")));
    assertEquals(64 + 128, counted(Filter.not(new Filter.Exists("root.name"))));
    QueryResult result = store.query(counted().groupedBy("root.name", "name").withLimit(3));
    assertEquals(List.of("GET/early log", "absent/orphan", "absent/alone"), groups(result));
  }

  @Test
  void knowsTheFieldsOfTheParent() {
    appendTraces();
    assertEquals(4 + 8, counted(Filter.equal("parent.name", "query")));
    assertEquals(2 + 32, counted(new Filter.Compare("parent.ms", Relation.GREATER, Value.of(20))));
    assertEquals(
        List.of(figure(100), figure(100)),
        store
            .query(
                Query.of(
                    "api",
                    HOUR,
                    Filter.equal("name", "query"),
                    Calculation.of(Operation.MAX, "parent.ms"),
                    Calculation.of(Operation.P99, "root.ms")))
            .total()
            .cells());
  }

  @Test
  void findsTracesOfWhichSomeEventMatches() {
    appendTraces();
    Filter failed = new Filter.InTrace(Filter.equal("error", Value.of(true)));
    assertEquals(1 + 2 + 4 + 8 + 256, counted(failed));
    assertEquals(16 + 32 + 64 + 128, counted(Filter.not(failed)));
    Filter query = Filter.equal("name", "query");
    Filter slow = new Filter.Compare("ms", Relation.GREATER, Value.of(60));
    assertEquals(0, counted(new Filter.InTrace(Filter.and(query, slow))));
    assertEquals(
        2, counted(Filter.and(query, new Filter.InTrace(query), new Filter.InTrace(slow))));
    assertEquals(511 - 64, counted(new Filter.InTrace(Filter.ALL)));
  }

  @Test
  void looksForOtherSpansInTheDatasetsAndTheTimeOfTheQuestionOnly() {
    appendTraces();
    store.append("web", List.of(child(9, 1, "t2", "w", "b", "name", "render", "error", true)));
    Filter failed = new Filter.InTrace(new Filter.Exists("error"));
    Filter post = Filter.and(Filter.equal("root.name", "POST"), failed);
    assertEquals(0, counted(post));
    Query query =
        Query.of(
            "api",
            HOUR,
            post,
            Calculation.count(),
            Calculation.count(new Filter.Exists("parent.ms")));
    assertEquals(
        List.of(figure(49), figure(33)),
        store.query(inDatasets(query, "web", "api")).total().cells());
    TimeRange late = new TimeRange(NOON.plusSeconds(3), NOON.plusSeconds(60));
    Query rootless = Query.of("api", late, new Filter.Exists("root.name"), Calculation.count());
    assertEquals(figure(0), store.query(rootless).total().cells().getFirst());
  }

  @Test
  void takesTheEarliestOfSeveralRootsThenTheFirstDatasetThenTheFirstAppended() {
    store.append("web", List.of(span(7, 1, "t9", "r", "name", "web")));
    append(
        span(7, 1, "t9", "r", "name", "first"),
        span(7, 1, "t9", "q", "name", "second"),
        child(6, 1, "t9", "s", "r"));
    Filter child = Filter.equal(Traces.SPAN_ID, "s");
    Query query =
        Query.of("api", HOUR, child, Calculation.count()).groupedBy("root.name", "parent.name");
    assertEquals(List.of("first/first"), groups(store.query(query)));
    Query both =
        Query.of("web", HOUR, child, Calculation.count()).groupedBy("root.name", "parent.name");
    assertEquals(List.of(), groups(store.query(both)), "the child is in another dataset");
    assertEquals(List.of("first/first"), groups(store.query(inDatasets(both, "web", "api"))));
    append(span(6, 1, "t9", "r", "name", "earlier"));
    assertEquals(List.of("earlier/earlier"), groups(store.query(query)));
  }

  /** Whatever lies between the appends, and whichever of the two is asked for. */
  @Test
  void takesTheFirstAppendedOfTwoThatQualifyAtOneTime() {
    append(span(7, 1, "t9", "r", "name", "first root"));
    append(child(5, 1, "t9", "p", "r", "name", "first parent"));
    append(span(8, 1, "t8", "x"));
    append(child(9, 1, "t9", "s", "p"));
    append(child(5, 1, "t9", "p", "r", "name", "second parent", "event.id", "not the same"));
    append(span(7, 1, "t9", "q", "name", "second root"));
    append(span(6, 1, "t8", "x"));
    Query query =
        Query.of("api", HOUR, Filter.equal(Traces.SPAN_ID, "s"), Calculation.count())
            .groupedBy("root.name", "parent.name");
    assertEquals(List.of("first root/first parent"), groups(store.query(query)));
  }

  @Test
  void computesDerivedColumnsOnTheOtherSpan() {
    appendTraces();
    Query query = derived(counted().groupedBy("root.slow"), "slow", "IF($ms > 60, $name, null)");
    assertEquals(List.of("GET", "absent"), groups(store.query(query)));
    Filter some = new Filter.InTrace(Filter.equal("slow", "GET"));
    Query filtered =
        derived(Query.of("api", HOUR, some, Calculation.count()), "slow", "IF($ms > 60, $name)");
    assertEquals(figure(271), store.query(filtered).total().cells().getFirst());
  }

  @Test
  void asksForOtherSpansInSelectionsPatternsAndScansToo() {
    appendTraces();
    Filter get = Filter.equal("root.name", "GET");
    Filter failed = new Filter.InTrace(Filter.equal("bad", Value.of(true)));
    Selection selection =
        new Selection(
            List.of("api"),
            HOUR,
            new Filter.Exists("root.name"),
            failed,
            Map.of("bad", Formula.parse("EXISTS($error)")));
    assertEquals(new Weight(271, 48), store.contrast(selection).total());
    assertEquals(
        List.of(new Pattern(0, new Weight(0, 48)), new Pattern(3, new Weight(271, 0))),
        store.patterns(selection, List.of(get, failed)));
    List<String> names = new ArrayList<>();
    store.scan(
        List.of("api"),
        HOUR,
        Filter.equal("parent.name", "query"),
        List.of(),
        event -> names.add(String.valueOf(event.field("name"))));
    assertEquals(2, names.size());
  }
}
