package firebreak.deploytracker;

import firebreak.bubbleup.FieldsOfFilter;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import firebreak.slo.Indicator;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The eligible events of the burn, by column: whom they were for, what served them, how it went.
 */
final class Sample {

  /** More events than this say nothing new; those of the later minutes are left out. */
  static final int EVENTS_AT_MOST = 400_000;

  private final FieldRoles roles;
  private final Objective objective;
  private final Indicator indicator;
  private final TimeRange range;
  private final Column<UnitValue> units = new Column<>();
  private final Column<Value> hosts = new Column<>();
  private final Column<Value> builds = new Column<>();
  private final Column<Value> services = new Column<>();
  private final Column<Value> environments = new Column<>();
  private final Map<String, Column<Value>> others = new LinkedHashMap<>();
  private final BitSet bad = new BitSet();
  private int[] seconds = new int[1024];
  private int[] weights = new int[1024];
  private int size;
  private Instant last;
  private final Thinning thinning = new Thinning();

  /** Whether an event that stands for several is that many witnesses, and not a drawn one. */
  private final boolean countsAll;

  private Sample(
      FieldRoles roles,
      Objective objective,
      TimeRange range,
      Collection<String> others,
      boolean countsAll) {
    this.roles = roles;
    this.countsAll = countsAll;
    this.objective = objective;
    this.indicator = objective.indicator();
    this.range = range;
    this.last = range.start();
    others.forEach(field -> this.others.put(field, new Column<>()));
  }

  /** Reads the eligible events with the fields that have roles, and the others named. */
  static Sample read(
      EventStore store,
      FieldRoles roles,
      Objective objective,
      TimeRange range,
      Collection<String> others,
      boolean countsAll) {
    Sample sample = new Sample(roles, objective, range, others, countsAll);
    Set<String> fields = new LinkedHashSet<>(others);
    fields.addAll(FieldsOfFilter.of(objective.good()));
    roles.unit().forEach(unit -> fields.add(unit.field()));
    List.of(roles.host(), roles.build(), roles.service(), roles.environment())
        .forEach(fields::addAll);
    if (objective.derived().isEmpty()) {
      store.scan(
          objective.datasets(), range, objective.eligible(), List.copyOf(fields), sample::take);
    } else {
      scanDerived(store, sample, fields);
    }
    return sample;
  }

  /** The store's scan knows no derived columns: it gives their fields, and here is judged. */
  private static void scanDerived(EventStore store, Sample sample, Set<String> fields) {
    Objective objective = sample.objective;
    fields.addAll(FieldsOfFilter.of(objective.eligible()));
    objective.formulas().values().forEach(formula -> fields.addAll(formula.fields()));
    fields.removeAll(objective.derived().keySet());
    store.scan(
        objective.datasets(),
        sample.range,
        Filter.ALL,
        List.copyOf(fields),
        event -> !sample.indicator.isEligible(event) || sample.take(event));
  }

  private boolean take(Event event) {
    if (size == seconds.length) {
      seconds = Arrays.copyOf(seconds, 2 * size);
      weights = Arrays.copyOf(weights, 2 * size);
    }
    seconds[size] = (int) Duration.between(range.start(), event.time()).toSeconds();
    last = event.time();
    weights[size] = event.sampleRate();
    boolean isBad = !indicator.isGood(event);
    thinning.add(event.sampleRate(), isBad);
    bad.set(size, isBad);
    units.add(unit(event));
    hosts.add(first(event, roles.host()));
    builds.add(first(event, roles.build()));
    services.add(first(event, roles.service()));
    environments.add(first(event, roles.environment()));
    others.forEach((field, column) -> column.add(event.field(field)));
    size++;
    return size < EVENTS_AT_MOST;
  }

  private @Nullable UnitValue unit(Event event) {
    for (FieldRoles.Unit unit : roles.unit()) {
      Value value = event.field(unit.field());
      if (value != null) {
        return new UnitValue(unit, value);
      }
    }
    return null;
  }

  private static @Nullable Value first(Event event, List<String> fields) {
    for (String field : fields) {
      Value value = event.field(field);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  int size() {
    return size;
  }

  boolean isBad(int row) {
    return bad.get(row);
  }

  int minute(int row) {
    return seconds[row] / 60;
  }

  /** To the second, rounded down. */
  Instant time(int row) {
    return range.start().plusSeconds(seconds[row]);
  }

  /** How many events of the world this one stands for. */
  int weight(int row) {
    return weights[row];
  }

  /** How many events were seen of those that this one stands for. */
  int witnesses(int row) {
    return countsAll ? weights[row] : 1;
  }

  /** What a unit of weight counts as in a test: fewer where events stand for several. */
  double scale() {
    return countsAll ? 1 : thinning.scale();
  }

  Instant startOfMinute(int minute) {
    return range.start().plus(Duration.ofMinutes(minute));
  }

  /** From the first minute to the end of the burn, or to the last event that was read. */
  TimeRange range() {
    return size < EVENTS_AT_MOST || !last.isAfter(range.start())
        ? range
        : new TimeRange(range.start(), last);
  }

  Column<UnitValue> units() {
    return units;
  }

  Column<Value> hosts() {
    return hosts;
  }

  Column<Value> builds() {
    return builds;
  }

  Column<Value> services() {
    return services;
  }

  Column<Value> environments() {
    return environments;
  }

  /** A column of another field; an empty one would be a mistake of the caller. */
  Column<Value> column(String field) {
    Column<Value> column = others.get(field);
    if (column == null) {
      throw new IllegalArgumentException(field + " was not read, only " + others.keySet());
    }
    return column;
  }

  /** A number for each row; rows have the same where they agree in all of the fields. */
  int[] numbers(List<String> fields) {
    int[] numbers = new int[size];
    for (String field : fields) {
      Column<Value> column = column(field);
      Map<Long, Integer> pairs = new HashMap<>();
      for (int row = 0; row < size; row++) {
        long pair = (long) numbers[row] << Integer.SIZE | column.code(row);
        Integer known = pairs.get(pair);
        numbers[row] = known == null ? pairs.size() : known;
        pairs.putIfAbsent(pair, numbers[row]);
      }
    }
    return numbers;
  }

  /** Adds the column of a field that the events do not carry. */
  void add(String field, Column<Value> column) {
    others.put(field, column);
  }

  /** Whether events of this environment, or of none, are among these. */
  boolean isServedIn(String environment) {
    return environment.isEmpty()
        || environments.codes() == 1
        || environments.codeOf(Value.of(environment)) != Column.ABSENT;
  }

  Set<String> otherFields() {
    return others.keySet();
  }

  /** The rows that are so, as bits. */
  BitSet rows(IntPredicate predicate) {
    BitSet rows = new BitSet(size);
    for (int row = 0; row < size; row++) {
      if (predicate.test(row)) {
        rows.set(row);
      }
    }
    return rows;
  }

  /** The rows that have a value which a person reads so. */
  BitSet rows(Column<Value> column, String display) {
    return rows(
        row ->
            column.code(row) != Column.ABSENT
                && column.value(column.code(row)).display().equals(display));
  }

  static BitSet and(BitSet a, BitSet b) {
    BitSet both = (BitSet) a.clone();
    both.and(b);
    return both;
  }

  /** One row, counted. */
  Tally tally(int row) {
    return new Tally(weights[row], isBad(row) ? weights[row] : 0);
  }

  BitSet all() {
    BitSet rows = new BitSet(size);
    rows.set(0, size);
    return rows;
  }

  /** The weight of the rows, and of the bad ones among them. */
  Tally tally(BitSet rows) {
    long events = 0;
    long failed = 0;
    for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
      events += weights[row];
      failed += bad.get(row) ? weights[row] : 0;
    }
    return new Tally(events, failed);
  }
}
