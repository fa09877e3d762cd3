package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.Query.Having;
import firebreak.eventstore.Query.Order;
import firebreak.eventstore.Query.Subject;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Derived columns, differences, rates, concurrency, as every event store computes them. */
abstract class LanguageContract extends QueryContract {
  static final Cell ABSENT = new Cell.Absent();

  static Query counted() {
    return Query.of("api", HOUR, Filter.ALL, Calculation.count());
  }

  static Query derived(Query query, String... columns) {
    Map<String, Formula> formulas = new HashMap<>();
    for (int i = 0; i < columns.length; i += 2) {
      formulas.put(columns[i], Formula.parse(columns[i + 1]));
    }
    return query.withDerived(formulas);
  }

  private List<Double> numbers(Query query) {
    return store.query(query).rows().stream().map(row -> row.cells().getFirst().number()).toList();
  }

  @Test
  void filtersGroupsAndCalculatesByDerivedColumns() {
    append(
        event(0, 1, "ms", 100, "host", "a"),
        event(1, 10, "ms", 900),
        event(2, 100, "ms", 300, "host", "b"),
        event(3, 1_000, "host", "c"));
    Query query =
        derived(
            Query.of(
                    "api",
                    HOUR,
                    new Filter.Compare("seconds", Relation.GREATER, Value.number(0.2)),
                    Calculation.of(Operation.MAX, "seconds"),
                    Calculation.count(Filter.equal("kind", "slow")))
                .groupedBy("kind"),
            "seconds",
            "$ms / 1000",
            "kind",
            "IF($ms > 500, \"slow\", \"fast\")");
    QueryResult result = store.query(query);
    assertEquals(List.of("slow", "fast"), groups(result));
    assertEquals(List.of(figure(0.9), figure(10)), result.rows().get(0).cells());
    assertEquals(List.of(figure(0.3), figure(0)), result.rows().get(1).cells());
  }

  @Test
  void letsADerivedColumnHideAStoredOneSaveFromFormulas() {
    append(event(0, 1, "ms", 100, "host", "a"), event(1, 1, "ms", 50));
    Query query =
        Query.of(
            "api",
            HOUR,
            Filter.ALL,
            Calculation.of(Operation.SUM, "ms"),
            Calculation.of(Operation.SUM, "more"));
    Query derived = derived(query, "ms", "$ms * 2", "more", "$ms + 1");
    assertEquals(List.of(figure(300), figure(152)), store.query(derived).total().cells());
    Query gone = derived(counted().groupedBy("host"), "host", "null");
    assertEquals(List.of("absent"), groups(store.query(gone)));
  }

  @Test
  void givesFormulasTheTimeOfTheEvent() {
    append(event(0, 1), event(59, 1), event(60, 1));
    Query query = counted().groupedBy("minute");
    QueryResult result =
        store.query(derived(query, "minute", "FORMAT_TIME(\"%H:%M\", EVENT_TIMESTAMP())"));
    assertEquals(List.of("12:00", "12:01"), groups(result));
  }

  @Test
  void leavesOutTotalsThatAreNotAskedFor() {
    append(event(0, 1, "host", "a"), event(1, 2, "host", "b"));
    Query query = counted().groupedBy("host").withLimit(1).withGranularity(Duration.ofMinutes(1));
    Row nothing = new Row(List.of(), List.of(), List.of(), List.of());
    QueryResult without = store.query(query.withoutTotals());
    assertEquals(nothing, without.total());
    assertEquals(nothing, without.other());
    assertEquals(store.query(query).rows(), without.rows());
    QueryResult one = store.query(query.withTotals(false, true));
    assertEquals(nothing, one.total());
    assertEquals(List.of(figure(1)), one.other().cells());
  }

  @Test
  void sortsAndSelectsGroupsByTheDifferenceToTheComparison() {
    append(
        event(0, 5, "host", "a", "ms", 10),
        event(0, 9, "host", "b", "ms", 30),
        event(0, 2, "host", "new"),
        event(-3_600, 1, "host", "a", "ms", 4),
        event(-3_600, 9, "host", "b", "ms", 31),
        event(-3_600, 99, "host", "gone"));
    Query query =
        Query.of("api", HOUR, Filter.ALL, Calculation.count(), Calculation.of(Operation.MAX, "ms"))
            .groupedBy("host")
            .comparedTo(Duration.ofHours(1));
    assertEquals(
        List.of("a", "new", "b"),
        groups(store.query(query.orderedBy(new Order.ByDifference(0, true)))));
    assertEquals(
        List.of("b", "a", "new"),
        groups(store.query(query.orderedBy(new Order.ByDifference(1, false)))));
    assertEquals(
        List.of("a", "new"),
        groups(
            store.query(
                query
                    .orderedBy(new Order.ByBreakdown(0, false))
                    .having(new Having(0, Subject.DIFFERENCE, Relation.GREATER_OR_EQUAL, 2)))));
    assertEquals(
        List.of("b"),
        groups(
            store.query(query.having(new Having(1, Subject.DIFFERENCE, Relation.NOT_EQUAL, 6)))));
  }

  @Test
  void refusesQuestionsThatMakeNoSense() {
    Query query = counted();
    assertRefused("comparison", () -> query.orderedBy(new Order.ByDifference(0, true)));
    assertRefused(
        "comparison", () -> query.having(new Having(0, Subject.DIFFERENCE, Relation.LESS, 1)));
    assertRefused(
        "granularity",
        () -> Query.of("api", HOUR, Filter.ALL, Calculation.of(Operation.RATE_SUM, "ms")));
    assertRefused("takes no column", () -> Calculation.of(Operation.CONCURRENCY, "ms"));
    assertRefused("needs a column", () -> Calculation.of(Operation.RATE_AVG, ""));
    assertRefused("root.", () -> derived(query, "root.x", "1"));
    assertRefused("its own event", () -> derived(query, "x", "$parent.y"));
    assertRefused(
        "no other of its kind",
        () -> new Filter.InTrace(Filter.not(new Filter.InTrace(Filter.ALL))));
  }

  private static void assertRefused(String why, Executable made) {
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, made);
    assertEquals(true, String.valueOf(thrown.getMessage()).contains(why), thrown.getMessage());
  }

  @Test
  void ratesATimeBucketAgainstTheLastBeforeItThatHasAValue() {
    append(
        event(0, 1, "n", 100),
        event(9, 1, "n", 110),
        event(10, 2, "n", 150),
        event(20, 1),
        event(30, 1, "n", 130),
        event(30, 1, "n", "text"));
    Query query =
        counted()
            .withGranularity(Duration.ofSeconds(10))
            .calculating(
                Calculation.of(Operation.RATE_MAX, "n"),
                Calculation.of(Operation.RATE_AVG, "n"),
                Calculation.of(Operation.RATE_SUM, "n"));
    Row row = store.query(query).total();
    assertEquals(
        List.of(
            List.of(ABSENT, ABSENT, ABSENT),
            List.of(figure(40), figure(45), figure(90)),
            List.of(ABSENT, ABSENT, ABSENT),
            List.of(figure(-20), figure(-20), figure(-170))),
        row.series().stream().map(QueryResult.Point::cells).toList());
    assertEquals(List.of(figure(20), figure(25), figure(-80)), row.cells());
    append(event(-3_590, 1, "n", 1), event(-3_580, 1, "n", 4));
    assertEquals(
        List.of(figure(3), figure(3), figure(3)),
        store.query(query.comparedTo(Duration.ofHours(1))).total().compared());
  }

  @Test
  void ratesEachGroupByItself() {
    append(
        event(0, 1, "n", 1, "host", "a"),
        event(10, 1, "n", 100, "host", "b"),
        event(20, 1, "n", 3, "host", "a"));
    Query query =
        counted()
            .groupedBy("host")
            .withGranularity(Duration.ofSeconds(10))
            .calculating(Calculation.of(Operation.RATE_MAX, "n"));
    assertEquals(List.of(2.0, Double.NaN), numbers(query));
  }

  @Test
  void countsHowManySpansRunOnAverage() {
    append(
        event(0, 1, "duration_ms", 15_000),
        event(5, 2, "duration_ms", 5_000),
        event(39, 1, "duration_ms", 4_000),
        event(12, 1, "duration_ms", -3),
        event(12, 1, "duration_ms", "long"),
        event(12, 1));
    TimeRange range = new TimeRange(NOON, NOON.plusSeconds(40));
    Query query =
        Query.of("api", range, Filter.ALL, Calculation.concurrency(), Calculation.count())
            .withGranularity(Duration.ofSeconds(10));
    Row row = store.query(query).total();
    assertEquals(
        List.of(
            List.of(figure(2), figure(3)),
            List.of(figure(0.5), figure(3)),
            List.of(figure(0.1), figure(1))),
        row.series().stream().map(QueryResult.Point::cells).toList());
    assertEquals(figure((15 + 2 * 5 + 1) / 40.0), row.cells().getFirst());
  }

  @Test
  void showsBucketsInWhichASpanOnlyRuns() {
    append(event(5, 4, "duration_ms", 20_000, "host", "a"), event(5, 1, "host", "b"));
    Query query =
        Query.of(
                "api",
                new TimeRange(NOON.plusSeconds(4), NOON.plusSeconds(3_600)),
                Filter.ALL,
                Calculation.concurrency(),
                Calculation.count(),
                Calculation.of(Operation.MAX, "duration_ms"))
            .groupedBy("host")
            .withGranularity(Duration.ofSeconds(10));
    List<List<Cell>> cells = new ArrayList<>();
    for (QueryResult.Point point : store.query(query).rows().getFirst().series()) {
      cells.add(point.cells());
    }
    assertEquals(
        List.of(
            List.of(figure(4 * 5 / 6.0), figure(4), figure(20_000)),
            List.of(figure(4), figure(0), ABSENT),
            List.of(figure(2), figure(0), ABSENT)),
        cells,
        "of the first bucket only six seconds lie in the range");
    assertEquals(1, store.query(query).rows().get(1).series().size());
  }
}
