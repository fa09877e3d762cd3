package firebreak.eventstore;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.Query.Having;
import firebreak.eventstore.Query.Order;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Events and questions drawn from a seed, with much that is awkward: absent fields, fields of
 * changing type, sample rates, ties in time and in value. Numbers are small multiples of powers of
 * two, so that sums are exact in whatever order they are formed.
 */
final class RandomQuestions {
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final List<String> DATASETS = List.of("api", "web", "jobs");
  private static final List<String> FIELDS =
      List.of("host", "ms", "mixed", "up", "big", "id", "rare");
  private static final List<String> TEXTS =
      List.of("", "a", "ab", "b", "ba", "1", "true", "\uFF5E", "\uD83D\uDE00", "zz");

  private final Random random;

  RandomQuestions(long seed) {
    random = new Random(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private <T> List<T> some(int least, int most, Supplier<T> supplier) {
    List<T> list = new ArrayList<>();
    for (int left = least + random.nextInt(most - least + 1); left > 0; left--) {
      list.add(supplier.get());
    }
    return list;
  }

  String dataset() {
    return oneOf(DATASETS);
  }

  List<Event> events(int most) {
    return some(1, most, this::event);
  }

  private Event event() {
    Map<String, Value> fields = new HashMap<>();
    for (String field : FIELDS) {
      if (random.nextInt(field.equals("rare") ? 40 : 5) > (field.equals("rare") ? 38 : 0)) {
        fields.put(field, value(field));
      }
    }
    Instant time = START.plusSeconds(random.nextInt(7_200)).plusNanos(random.nextInt(3));
    int sampleRate = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(100);
    return new Event(time, sampleRate, fields);
  }

  private Value value(String field) {
    return switch (field) {
      case "host", "rare" -> Value.of(oneOf(TEXTS));
      case "ms" -> Value.number(random.nextInt(400) * 0.25 - 10);
      case "up" -> Value.of(random.nextBoolean());
      case "big" -> Value.of((1L + random.nextInt(1 << 10)) << 40);
      case "id" ->
          random.nextInt(20) == 0 ? Value.of(Long.MAX_VALUE - random.nextInt(3)) : anyValue();
      default -> anyValue();
    };
  }

  private Value anyValue() {
    return switch (random.nextInt(5)) {
      case 0 -> Value.of(oneOf(TEXTS));
      case 1 -> Value.of(random.nextBoolean());
      case 2 -> Value.number(random.nextInt(20) * 0.5 - 3);
      default -> Value.of(random.nextInt(6));
    };
  }

  private String field() {
    return random.nextInt(30) == 0 ? "unknown" : oneOf(FIELDS);
  }

  TimeRange range() {
    Instant start = START.plusSeconds(random.nextInt(9_000) - 1_000);
    return switch (random.nextInt(4)) {
      case 0 -> new TimeRange(START, START.plusSeconds(7_200));
      case 1 -> new TimeRange(start, start.plusNanos(1 + random.nextInt(1_000_000)));
      default -> new TimeRange(start, start.plusSeconds(1 + random.nextInt(7_200)));
    };
  }

  Filter filter() {
    return random.nextInt(3) == 0 ? Filter.ALL : filter(3);
  }

  private Filter filter(int depth) {
    String field = field();
    Supplier<Filter> deeper = () -> filter(depth - 1);
    return switch (random.nextInt(depth > 0 ? 9 : 6)) {
      case 0 -> new Filter.Exists(field);
      case 1, 2 -> new Filter.In(field, values(field));
      case 3, 4 -> new Filter.Compare(field, relation(), value(oneOf(FIELDS)));
      case 5 -> new Filter.Matches(field, oneOf(List.of(Filter.Match.values())), oneOf(TEXTS));
      case 6 -> new Filter.And(some(0, 3, deeper));
      case 7 -> new Filter.Or(some(0, 3, deeper));
      default -> new Filter.Not(deeper.get());
    };
  }

  private Set<Value> values(String field) {
    return new HashSet<>(some(0, 3, () -> value(field)));
  }

  private Relation relation() {
    return oneOf(
        List.of(
            Relation.LESS, Relation.LESS_OR_EQUAL, Relation.GREATER, Relation.GREATER_OR_EQUAL));
  }

  private Calculation calculation() {
    Operation operation = oneOf(List.of(Operation.values()));
    Filter filter = random.nextInt(3) == 0 ? filter(1) : Filter.ALL;
    if (operation == Operation.COUNT) {
      return Calculation.count(filter);
    }
    String column = field();
    boolean sums = operation == Operation.SUM || operation == Operation.AVG;
    return new Calculation(operation, sums && column.equals("id") ? "ms" : column, filter);
  }

  Query query() {
    List<Calculation> calculations = some(1, 5, this::calculation);
    List<String> breakdowns = some(0, 3, this::field);
    List<Order> orders = some(0, 2, () -> order(calculations.size(), breakdowns.size()));
    TimeRange range = range();
    return new Query(
        some(1, 3, this::dataset),
        range,
        calculations,
        filter(),
        breakdowns,
        orders,
        some(0, random.nextInt(3), () -> having(calculations)).stream()
            .filter(having -> having.calculation() >= 0)
            .toList(),
        1 + random.nextInt(random.nextBoolean() ? 5 : 200),
        random.nextInt(3) > 0 ? Duration.ZERO : width(range),
        random.nextInt(3) > 0 ? Duration.ZERO : Duration.ofSeconds(1 + random.nextInt(4_000)));
  }

  private Duration width(TimeRange range) {
    Duration least = range.length().dividedBy(Limits.TIME_BUCKETS).plusNanos(1);
    return least.multipliedBy(1 + random.nextInt(500));
  }

  private Order order(int calculations, int breakdowns) {
    return breakdowns > 0 && random.nextBoolean()
        ? new Order.ByBreakdown(random.nextInt(breakdowns), random.nextBoolean())
        : new Order.ByCalculation(random.nextInt(calculations), random.nextBoolean());
  }

  /** A condition on a calculation that is a number; on none where they all are heatmaps. */
  private Having having(List<Calculation> calculations) {
    int index = random.nextInt(calculations.size());
    boolean heatmap = calculations.get(index).operation() == Operation.HEATMAP;
    Relation relation = oneOf(List.of(Relation.values()));
    return new Having(heatmap ? -1 : index, relation, random.nextInt(20));
  }

  Selection selection() {
    return new Selection(some(1, 3, this::dataset), range(), filter(), filter(2));
  }

  List<Filter> terms() {
    return some(0, 10, () -> filter(1));
  }

  List<String> fields() {
    return some(0, 3, this::field);
  }
}
