package firebreak.eventstore;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.Query.Having;
import firebreak.eventstore.Query.Order;
import firebreak.eventstore.Query.Subject;
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
  private static final List<String> TRACE_FIELDS =
      List.of(Traces.TRACE_ID, Traces.SPAN_ID, Traces.PARENT_ID, Calculation.DURATION);
  private static final List<String> DERIVED = List.of("derived", "other", "mixed");

  /** Formulas whose numbers are as coarse as those of the fields. */
  private static final List<String> FORMULAS =
      List.of(
          "$ms * 2 + 1",
          "INT($ms) % 7",
          "DIV($ms, $up)",
          "IF($up, $ms, $host)",
          "COALESCE($rare, $host, \"none\")",
          "CONCAT($host, \"-\", $mixed)",
          "REG_VALUE($host, `^(a|b)`)",
          "REG_COUNT($host, `[ab]`)",
          "BUCKET($ms, 16, 0, 64)",
          "LENGTH($host) + LENGTH($rare, \"chars\")",
          "EXISTS($rare)",
          "$mixed = $ms OR $mixed > 1",
          "!$up AND $ms <= 3",
          "SWITCH($mixed, 1, \"one\", \"a\", $ms)",
          "FORMAT_TIME(\"%H:%M\", EVENT_TIMESTAMP())",
          "INT(EVENT_TIMESTAMP()) % 60",
          "MIN($ms, $mixed)",
          "BOOL($mixed)",
          "STRING($mixed)",
          "$mixed",
          "$unknown",
          "null",
          "5");

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
    for (String field : TRACE_FIELDS) {
      if (random.nextInt(4) > 0) {
        fields.put(field, value(field));
      }
    }
    if (random.nextInt(3) == 0) { // else of two spans with one id and time the second is dropped
      fields.put(EventKey.EVENT_ID, Value.of("e" + below(600)));
    }
    int second = random.nextBoolean() ? random.nextInt(7_200) : 1_200 * random.nextInt(6);
    Instant time = START.plusSeconds(second).plusNanos(random.nextInt(3));
    int sampleRate = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(100);
    return new Event(time, sampleRate, fields);
  }

  private Value value(String field) {
    return switch (Traces.own(field)) {
      case Traces.TRACE_ID -> random.nextInt(30) == 0 ? Value.of(1) : Value.of("t" + below(12));
      case Traces.SPAN_ID, Traces.PARENT_ID -> Value.of("s" + below(4));
      case Calculation.DURATION ->
          random.nextInt(9) == 0 ? anyValue() : Value.number(below(1 << 16) * 0.25);
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
    return switch (random.nextInt(30)) {
      case 0 -> "unknown";
      case 1, 2 -> oneOf(TRACE_FIELDS);
      case 3, 4, 5 -> oneOf(DERIVED);
      case 6, 7 -> Traces.ROOT + field();
      case 8, 9 -> Traces.PARENT + field();
      default -> oneOf(FIELDS);
    };
  }

  private Map<String, Formula> derived() {
    Map<String, Formula> derived = new HashMap<>();
    if (random.nextBoolean()) {
      DERIVED.forEach(name -> derived.put(name, Formula.parse(oneOf(FORMULAS))));
      derived.remove(oneOf(DERIVED));
    }
    return derived;
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
    return switch (random.nextInt(9)) {
      case 0, 1, 2 -> Filter.ALL;
      case 3 -> new Filter.InTrace(filter(2));
      case 4 -> Filter.and(filter(2), Filter.not(new Filter.InTrace(filter(1))));
      default -> filter(3);
    };
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

  private Calculation calculation(boolean withRates) {
    Operation operation = oneOf(List.of(Operation.values()));
    if (operation.isRate() && !withRates) {
      operation = operation.level();
    }
    Filter filter = random.nextInt(3) == 0 ? filter(1) : Filter.ALL;
    if (operation.hasNoColumn()) {
      return new Calculation(operation, "", filter);
    }
    String column = field();
    boolean sums = operation.level() == Operation.SUM || operation.level() == Operation.AVG;
    boolean tooFine = sums && Traces.own(Traces.own(column)).equals("id");
    return new Calculation(operation, tooFine ? "ms" : column, filter);
  }

  Query query() {
    TimeRange range = range();
    Duration granularity = random.nextInt(3) > 0 ? Duration.ZERO : width(range);
    Duration offset =
        random.nextInt(3) > 0 ? Duration.ZERO : Duration.ofSeconds(1 + random.nextInt(4_000));
    List<Calculation> calculations = some(1, 5, () -> calculation(granularity.isPositive()));
    List<String> breakdowns = some(0, 3, this::field);
    boolean compares = offset.isPositive();
    List<Order> orders = some(0, 2, () -> order(calculations.size(), breakdowns.size(), compares));
    List<Having> havings =
        some(0, random.nextInt(3), () -> having(calculations, compares)).stream()
            .filter(having -> having.calculation() >= 0)
            .toList();
    return new Query(
        some(1, 3, this::dataset),
        range,
        calculations,
        filter(),
        breakdowns,
        orders,
        havings,
        1 + random.nextInt(random.nextBoolean() ? 5 : 200),
        granularity,
        offset,
        derived(),
        random.nextInt(4) > 0,
        random.nextInt(4) > 0);
  }

  private Duration width(TimeRange range) {
    Duration least = range.length().dividedBy(Limits.TIME_BUCKETS).plusNanos(1);
    return least.multipliedBy(1 + random.nextInt(500));
  }

  private Order order(int calculations, int breakdowns, boolean compares) {
    if (breakdowns > 0 && random.nextBoolean()) {
      return new Order.ByBreakdown(random.nextInt(breakdowns), random.nextBoolean());
    }
    int index = random.nextInt(calculations);
    return compares && random.nextBoolean()
        ? new Order.ByDifference(index, random.nextBoolean())
        : new Order.ByCalculation(index, random.nextBoolean());
  }

  /** A condition on a calculation that is a number; on none where it is a heatmap. */
  private Having having(List<Calculation> calculations, boolean compares) {
    int index = random.nextInt(calculations.size());
    boolean heatmap = calculations.get(index).operation() == Operation.HEATMAP;
    Subject subject = compares && random.nextBoolean() ? Subject.DIFFERENCE : Subject.VALUE;
    Relation relation = oneOf(List.of(Relation.values()));
    return new Having(heatmap ? -1 : index, subject, relation, random.nextInt(20));
  }

  Selection selection() {
    return new Selection(some(1, 3, this::dataset), range(), filter(), filter(), derived());
  }

  /** The same query said otherwise: what has no order is turned round, and said twice. */
  Query reworded(Query query) {
    List<String> datasets = new ArrayList<>(query.datasets().reversed());
    datasets.add(query.datasets().getFirst());
    List<Having> havings = new ArrayList<>(query.havings().reversed());
    havings.addAll(query.havings());
    Map<String, Formula> derived = new HashMap<>(query.derived());
    derived.put("never asked for", new Formula.Literal(null));
    return new Query(
        datasets,
        query.range(),
        query.calculations(),
        reworded(query.filter()),
        query.breakdowns(),
        query.orders(),
        havings,
        query.limit(),
        query.granularity(),
        query.comparisonOffset(),
        derived,
        query.wantsTotal(),
        query.wantsOther());
  }

  Selection reworded(Selection selection) {
    List<String> datasets = new ArrayList<>(selection.datasets().reversed());
    datasets.add(selection.datasets().getFirst());
    return new Selection(
        datasets,
        selection.range(),
        reworded(selection.within()),
        reworded(selection.selected()),
        selection.derived());
  }

  private Filter reworded(Filter filter) {
    Filter other =
        switch (filter) {
          case Filter.And and -> new Filter.And(reworded(and.filters()));
          case Filter.Or or -> new Filter.Or(reworded(or.filters()));
          case Filter.Not not -> new Filter.Not(reworded(not.filter()));
          case Filter.InTrace trace -> new Filter.InTrace(reworded(trace.filter()));
          case Filter.In in -> new Filter.In(in.field(), new HashSet<>(in.values()));
          case Filter.Exists _, Filter.Compare _, Filter.Matches _, Filter.During _ -> filter;
        };
    return switch (random.nextInt(4)) {
      case 0 -> Filter.and(other, Filter.ALL);
      case 1 -> Filter.or(Filter.or(), other, other);
      case 2 -> Filter.not(Filter.not(other));
      default -> other;
    };
  }

  private List<Filter> reworded(List<Filter> filters) {
    return filters.reversed().stream().map(this::reworded).toList();
  }

  List<Filter> terms() {
    return some(0, 10, this::filter);
  }

  List<String> fields() {
    return some(0, 3, this::field);
  }
}
