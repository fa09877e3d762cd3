package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.Query.Having;
import firebreak.eventstore.Query.Order;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every event store answers to queries, worked out by hand. */
abstract class QueryContract {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final TimeRange HOUR = new TimeRange(NOON, NOON.plus(Duration.ofHours(1)));

  EventStore store;

  abstract EventStore open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  static Event event(int second, int sampleRate, Object... fields) {
    Map<String, Value> values = new HashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      values.put((String) fields[i], value(fields[i + 1]));
    }
    return new Event(NOON.plusSeconds(second), sampleRate, values);
  }

  private static Value value(Object object) {
    return switch (object) {
      case String text -> Value.of(text);
      case Boolean truth -> Value.of(truth);
      case Number number -> Value.number(number.doubleValue());
      default -> throw new IllegalArgumentException(object.toString());
    };
  }

  void append(Event... events) {
    store.append("api", List.of(events));
  }

  List<Cell> total(Filter filter, Calculation... calculations) {
    QueryResult result = store.query(Query.of("api", HOUR, filter, calculations));
    assertEquals(1, result.rows().size());
    assertEquals(result.total().cells(), result.rows().getFirst().cells());
    return result.total().cells();
  }

  long count(Filter filter) {
    return (long) total(filter, Calculation.count()).getFirst().number();
  }

  static List<String> groups(QueryResult result) {
    return result.rows().stream().map(QueryContract::group).toList();
  }

  private static String group(Row row) {
    List<String> values = new ArrayList<>();
    for (Value value : row.group()) {
      values.add(value == null ? "absent" : value.display());
    }
    return String.join("/", values);
  }

  static Cell figure(double value) {
    return new Cell.Figure(value);
  }

  @Test
  void countsTheEventsOfATimeRangeByWeightEndExcluded() {
    append(event(0, 1), event(10, 20), event(3_599, 300), event(-1, 4_000), event(3_600, 50_000));
    assertEquals(321, count(Filter.ALL));
  }

  @Test
  void answersAboutNothingWithARowOfNothing() {
    List<Cell> cells =
        total(
            Filter.ALL,
            Calculation.count(),
            Calculation.of(Operation.SUM, "ms"),
            Calculation.of(Operation.P99, "ms"),
            Calculation.of(Operation.COUNT_DISTINCT, "ms"),
            Calculation.of(Operation.HEATMAP, "ms"));
    Cell absent = new Cell.Absent();
    assertEquals(List.of(figure(0), absent, absent, figure(0), absent), cells);
    Query grouped = Query.of("api", HOUR, Filter.ALL, Calculation.count()).groupedBy("host");
    assertEquals(List.of(), store.query(grouped).rows());
  }

  @Test
  void comparesValuesByTypeAndNeverNumbersWithText() {
    append(
        event(0, 1, "code", 200),
        event(1, 10, "code", 200.0),
        event(2, 100, "code", "200"),
        event(3, 1_000, "code", true),
        event(4, 10_000, "code", 200.5));
    assertEquals(11, count(Filter.equal("code", Value.number(200.0))));
    assertEquals(100, count(Filter.equal("code", "200")));
    assertEquals(1_000, count(Filter.equal("code", Value.of(true))));
    assertEquals(10_000, count(Filter.equal("code", Value.number(200.5))));
    Set<Value> several = Set.of(Value.of(200), Value.of("200"), Value.number(200.5));
    assertEquals(10_111, count(new Filter.In("code", several)));
  }

  @Test
  void lettersAnEventWithoutTheFieldPassANegationOnly() {
    append(event(0, 1, "host", "a"), event(1, 10, "host", "b"), event(2, 100));
    assertEquals(110, count(Filter.not(Filter.equal("host", "a"))));
    assertEquals(11, count(new Filter.Exists("host")));
    assertEquals(100, count(Filter.not(new Filter.Exists("host"))));
    assertEquals(0, count(new Filter.Compare("host", Relation.GREATER, Value.of("b"))));
    assertEquals(10, count(new Filter.Compare("host", Relation.GREATER_OR_EQUAL, Value.of("b"))));
    assertEquals(111, count(Filter.not(Filter.equal("nowhere", "a"))));
  }

  @Test
  void ordersNumbersOfBothKindsAndTextByCodeUnit() {
    append(
        event(0, 1, "x", 1),
        event(1, 10, "x", 1.5),
        event(2, 100, "x", 2),
        event(3, 1_000, "x", "1.7"),
        event(4, 10_000, "x", "\uFF5E"),
        event(5, 100_000, "x", "\uD83D\uDE00"));
    assertEquals(110, count(new Filter.Compare("x", Relation.GREATER, Value.of(1))));
    assertEquals(100, count(new Filter.Compare("x", Relation.GREATER, Value.number(1.5))));
    assertEquals(1, count(new Filter.Compare("x", Relation.LESS, Value.number(1.5))));
    assertEquals(101_000, count(new Filter.Compare("x", Relation.LESS, Value.of("\uFF5E"))));
    assertEquals(0, count(new Filter.Compare("x", Relation.LESS, Value.of(true))));
  }

  @Test
  void matchesPartsOfTextAndCombinesConditions() {
    append(
        event(0, 1, "url", "/api/users"),
        event(1, 10, "url", "/api/orders"),
        event(2, 100, "url", "/users"),
        event(3, 1_000, "url", 7));
    Filter api = new Filter.Matches("url", Filter.Match.STARTS_WITH, "/api");
    Filter users = new Filter.Matches("url", Filter.Match.ENDS_WITH, "users");
    Filter er = new Filter.Matches("url", Filter.Match.CONTAINS, "er");
    assertEquals(11, count(api));
    assertEquals(101, count(users));
    assertEquals(111, count(er));
    assertEquals(1, count(Filter.and(api, users)));
    assertEquals(111, count(Filter.or(api, users)));
    assertEquals(1_010, count(Filter.not(users)));
    assertEquals(1_110, count(Filter.not(Filter.and(api, Filter.or(users)))));
    assertEquals(0, count(Filter.or()));
    assertEquals(1_111, count(Filter.and()));
  }

  @Test
  void weighsSumAverageAndPercentilesButNotTheExtremes() {
    append(
        event(0, 1, "ms", 100),
        event(1, 8, "ms", 10.5),
        event(2, 1, "ms", 50),
        event(3, 5, "ms", "slow"),
        event(4, 7));
    List<Cell> cells =
        total(
            Filter.ALL,
            Calculation.of(Operation.SUM, "ms"),
            Calculation.of(Operation.AVG, "ms"),
            Calculation.of(Operation.MIN, "ms"),
            Calculation.of(Operation.MAX, "ms"),
            Calculation.of(Operation.P50, "ms"),
            Calculation.of(Operation.P80, "ms"),
            Calculation.of(Operation.P90, "ms"),
            Calculation.of(Operation.P95, "ms"),
            Calculation.of(Operation.COUNT_DISTINCT, "ms"));
    assertEquals(
        List.of(
            figure(234),
            figure(23.4),
            figure(10.5),
            figure(100),
            figure(10.5),
            figure(10.5),
            figure(50),
            figure(100),
            figure(4)),
        cells);
  }

  @Test
  void countsWithAFilterOfTheCalculationsOwn() {
    append(event(0, 2, "ms", 5), event(1, 3, "ms", 50), event(2, 4));
    Filter slow = new Filter.Compare("ms", Relation.GREATER, Value.of(10));
    List<Cell> cells =
        total(
            Filter.ALL,
            Calculation.count(slow),
            Calculation.count(Filter.not(slow)),
            new Calculation(Operation.MIN, "ms", slow),
            new Calculation(Operation.SUM, "ms", Filter.or()));
    assertEquals(List.of(figure(3), figure(6), figure(50), new Cell.Absent()), cells);
  }

  @Test
  void spreadsAHeatmapOverEightBinsAnOctave() {
    append(
        event(0, 1, "ms", 8),
        event(1, 2, "ms", 8.9),
        event(2, 4, "ms", 9),
        event(3, 8, "ms", 0),
        event(4, 16, "ms", -8),
        event(5, 32, "ms", -8.5));
    Cell.Heatmap heatmap =
        (Cell.Heatmap) total(Filter.ALL, Calculation.of(Operation.HEATMAP, "ms")).getFirst();
    assertEquals(
        List.of(
            new QueryResult.Bin(-9, -8, 32),
            new QueryResult.Bin(-8, -7.5, 16),
            new QueryResult.Bin(0, Double.MIN_NORMAL, 8),
            new QueryResult.Bin(8, 9, 3),
            new QueryResult.Bin(9, 10, 4)),
        heatmap.bins());
  }

  @Test
  void groupsByFieldsWithAbsentOnesAsTheirOwnGroup() {
    append(
        event(0, 1, "host", "a", "up", true),
        event(1, 2, "host", "a", "up", true),
        event(2, 3, "host", "a"),
        event(3, 6, "up", false),
        event(4, 6, "host", 1));
    Query query = Query.of("api", HOUR, Filter.ALL, Calculation.count()).groupedBy("host", "up");
    QueryResult result = store.query(query);
    assertEquals(List.of("absent/false", "1/absent", "a/absent", "a/true"), groups(result));
    assertEquals(
        List.of(6.0, 6.0, 3.0, 3.0),
        result.rows().stream().map(row -> row.cells().getFirst().number()).toList());
    assertEquals(18, result.total().cells().getFirst().number());
    assertEquals(5, result.rowsExamined());
  }

  @Test
  void sortsByTheQuerysOrdersAndPutsCellsWithoutANumberLast() {
    append(
        event(0, 1, "host", "a", "ms", 5),
        event(1, 1, "host", "b", "ms", 9),
        event(2, 9, "host", "c"),
        event(3, 1, "host", "d", "ms", 5));
    Query query =
        Query.of("api", HOUR, Filter.ALL, Calculation.count(), Calculation.of(Operation.MAX, "ms"))
            .groupedBy("host");
    assertEquals(List.of("c", "a", "b", "d"), groups(store.query(query)));
    Query ascending = query.orderedBy(new Order.ByCalculation(1, false));
    assertEquals(List.of("a", "d", "b", "c"), groups(store.query(ascending)));
    Query descending = query.orderedBy(new Order.ByCalculation(1, true));
    assertEquals(List.of("b", "a", "d", "c"), groups(store.query(descending)));
    Query byName = query.orderedBy(new Order.ByBreakdown(0, true));
    assertEquals(List.of("d", "c", "b", "a"), groups(store.query(byName)));
  }

  @Test
  void sumsUpWhatTheLimitCutsOffButNotWhatHavingHides() {
    append(
        event(0, 8, "host", "a", "ms", 1),
        event(1, 4, "host", "b", "ms", 3),
        event(2, 2, "host", "c", "ms", 5),
        event(3, 1, "host", "d", "ms", 7));
    Query query =
        Query.of("api", HOUR, Filter.ALL, Calculation.count(), Calculation.of(Operation.P99, "ms"))
            .groupedBy("host")
            .having(new Having(0, Relation.GREATER, 1))
            .withLimit(1);
    QueryResult result = store.query(query);
    assertEquals(List.of("a"), groups(result));
    assertEquals(List.of(figure(6), figure(5)), result.other().cells());
    assertEquals(List.of(figure(15), figure(7)), result.total().cells());
    QueryResult unlimited = store.query(query.withLimit(3));
    assertEquals(List.of("a", "b", "c"), groups(unlimited));
    assertEquals(List.of(figure(0), new Cell.Absent()), unlimited.other().cells());
  }

  @Test
  void dividesTimeIntoBucketsThatStartAtMultiplesOfTheirWidth() {
    append(
        event(70, 1, "host", "a"),
        event(119, 1, "host", "a"),
        event(120, 5, "host", "b"),
        event(300, 2, "host", "a"));
    TimeRange range = new TimeRange(NOON.plusSeconds(65), NOON.plusSeconds(400));
    QueryResult result =
        store.query(
            Query.of("api", range, Filter.ALL, Calculation.count())
                .groupedBy("host")
                .withGranularity(Duration.ofMinutes(1))
                .withLimit(1));
    assertEquals(List.of(point(120, 5)), result.rows().getFirst().series(), "of b, which has most");
    assertEquals(List.of(point(60, 2), point(300, 2)), result.other().series());
    assertEquals(List.of(point(60, 2), point(120, 5), point(300, 2)), result.total().series());
  }

  private static QueryResult.Point point(int second, double count) {
    return new QueryResult.Point(NOON.plusSeconds(second), List.of(figure(count)));
  }

  @Test
  void comparesEachGroupWithItselfInAnEarlierRange() {
    append(
        event(0, 3, "host", "a"),
        event(1, 2, "host", "b"),
        event(-3_600, 7, "host", "a"),
        event(-3_600, 5, "host", "gone"));
    QueryResult result =
        store.query(
            Query.of("api", HOUR, Filter.ALL, Calculation.count())
                .groupedBy("host")
                .comparedTo(Duration.ofHours(1)));
    assertEquals(List.of("a", "b"), groups(result));
    assertEquals(List.of(figure(7)), result.rows().get(0).compared());
    assertEquals(List.of(figure(0)), result.rows().get(1).compared());
    assertEquals(List.of(figure(12)), result.total().compared());
    assertEquals(4, result.rowsExamined());
  }
}
