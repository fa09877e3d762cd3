package firebreak.bench;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.Event;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Formula;
import firebreak.eventstore.Query;
import firebreak.eventstore.Query.Having;
import firebreak.eventstore.Query.Order;
import firebreak.eventstore.Relation;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Events and questions, drawn from a seed, that SQL can be asked too. Sums are exact in whatever
 * order they are formed.
 */
final class SqlQuestions {
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  /** The columns of the table, besides the time, with their types. */
  static final Map<String, String> COLUMNS = columns();

  private static final List<String> TEXTS = List.of("", "a", "ab", "b", "ba", "Zz", "10", "9");
  private static final List<Relation> RELATIONS = List.of(Relation.values());

  private static final Map<String, String> DERIVED =
      Map.of(
          "kind", "IF($ms > 40, \"slow\", \"fast\")",
          "twice", "$ms * 2 + 1",
          "place", "CONCAT($host, \"-\", $region)",
          "letters", "LENGTH($host)",
          "fine", "$ok AND !($status = 3)");

  private final Random random;

  SqlQuestions(long seed) {
    random = new Random(seed);
  }

  private static Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("host", "VARCHAR");
    columns.put("region", "VARCHAR");
    columns.put("status", "BIGINT");
    columns.put("ms", "DOUBLE");
    columns.put("ok", "BOOLEAN");
    return columns;
  }

  private <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** So many events in batches of a few to many. */
  List<List<Event>> batches(int count) {
    List<List<Event>> batches = new ArrayList<>();
    for (int left = count; left > 0; ) {
      int size = Math.min(left, 1 + random.nextInt(120));
      batches.add(events(size));
      left -= size;
    }
    return batches;
  }

  private List<Event> events(int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Value> fields = new HashMap<>();
      for (String column : COLUMNS.keySet()) {
        if (random.nextInt(6) > 0) {
          fields.put(column, value(column));
        }
      }
      events.add(new Event(START.plusMillis(random.nextInt(7_200_000)), 1, fields));
    }
    return events;
  }

  private Value value(String column) {
    return switch (column) {
      case "status" -> Value.of(random.nextInt(8) - 2);
      case "ms" -> Value.number(random.nextInt(400) * 0.25);
      case "ok" -> Value.of(random.nextBoolean());
      default -> Value.of(oneOf(TEXTS));
    };
  }

  private String column() {
    return random.nextInt(4) == 0
        ? oneOf(List.copyOf(DERIVED.keySet()))
        : oneOf(List.copyOf(COLUMNS.keySet()));
  }

  private String numeric() {
    return oneOf(List.of("ms", "status", "twice", "letters"));
  }

  private Filter filter(int depth) {
    String column = oneOf(List.copyOf(COLUMNS.keySet()));
    return switch (random.nextInt(depth > 0 ? 8 : 5)) {
      case 0 -> new Filter.Exists(column());
      case 1 -> new Filter.In(column, values(column));
      case 2 -> new Filter.Compare("ms", bound(), value("ms"));
      case 3 -> new Filter.Compare(random.nextBoolean() ? "host" : "place", bound(), value("host"));
      case 4 -> new Filter.Matches("region", oneOf(List.of(Filter.Match.values())), oneOf(TEXTS));
      case 5 -> Filter.and(filter(depth - 1), filter(depth - 1));
      case 6 -> Filter.or(filter(depth - 1), filter(depth - 1));
      default -> Filter.not(filter(depth - 1));
    };
  }

  private Set<Value> values(String column) {
    Set<Value> values = new HashSet<>();
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      values.add(value(column));
    }
    return values;
  }

  private Relation bound() {
    return oneOf(
        List.of(
            Relation.LESS, Relation.LESS_OR_EQUAL, Relation.GREATER, Relation.GREATER_OR_EQUAL));
  }

  private Calculation calculation() {
    Operation operation =
        oneOf(
            List.of(
                Operation.COUNT,
                Operation.SUM,
                Operation.AVG,
                Operation.MIN,
                Operation.MAX,
                Operation.COUNT_DISTINCT,
                Operation.P001,
                Operation.P25,
                Operation.P50,
                Operation.P95,
                Operation.P999));
    Filter filter = random.nextInt(3) == 0 ? filter(1) : Filter.ALL;
    String column = operation == Operation.COUNT_DISTINCT ? column() : numeric();
    return new Calculation(operation, operation == Operation.COUNT ? "" : column, filter);
  }

  Query query() {
    Instant start = START.plusSeconds(random.nextInt(3_600));
    TimeRange range = new TimeRange(start, start.plusSeconds(60 + random.nextInt(3_600)));
    List<Calculation> calculations = new ArrayList<>(List.of(calculation()));
    while (random.nextBoolean()) {
      calculations.add(calculation());
    }
    List<String> breakdowns = new ArrayList<>();
    while (random.nextInt(3) > 0 && breakdowns.size() < 3) {
      breakdowns.add(column());
    }
    List<Order> orders = new ArrayList<>();
    while (random.nextBoolean()) {
      orders.add(order(calculations.size(), breakdowns.size()));
    }
    List<Having> havings =
        random.nextInt(3) > 0
            ? List.of()
            : List.of(
                new Having(
                    random.nextInt(calculations.size()), oneOf(RELATIONS), random.nextInt(30)));
    Map<String, Formula> derived = new HashMap<>();
    DERIVED.forEach((name, text) -> derived.put(name, Formula.parse(text)));
    return new Query(
        List.of("events"),
        range,
        calculations,
        random.nextInt(4) == 0 ? Filter.ALL : filter(3),
        breakdowns,
        orders,
        havings,
        1 + random.nextInt(random.nextBoolean() ? 6 : 500),
        Duration.ofSeconds(10 + random.nextInt(600)),
        random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(1 + random.nextInt(3_600)),
        derived,
        true,
        true);
  }

  private Order order(int calculations, int breakdowns) {
    return breakdowns > 0 && random.nextBoolean()
        ? new Order.ByBreakdown(random.nextInt(breakdowns), random.nextBoolean())
        : new Order.ByCalculation(random.nextInt(calculations), random.nextBoolean());
  }
}
