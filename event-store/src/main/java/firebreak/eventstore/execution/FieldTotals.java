package firebreak.eventstore.execution;

import firebreak.eventstore.Limits;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Marginals;
import firebreak.eventstore.columns.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the rows of some whole parts weigh by the values of one field, from their marginals. */
final class FieldTotals {
  /** A value, its number, and what the rows that have it weigh. */
  record Heavy(Value value, int number, long weight) {}

  /** A part and its column. */
  record Whole(PartView part, Column column, Marginals marginals) {}

  private final List<Whole> parts;
  private final BinWeights bins = new BinWeights();
  private final Map<Value, Long> heavy = new HashMap<>();
  private final List<Heavy> heaviestFirst = new ArrayList<>();
  private final Set<Value> numbers = new HashSet<>();
  private final Object numbering;
  private long present;

  /** What the rows of each value weigh, by its number; empty where not all are numbered. */
  private long[] byId = {};

  private FieldTotals(List<Whole> parts, Object numbering) {
    this.parts = parts;
    this.numbering = numbering;
  }

  static FieldTotals of(String field, List<Whole> parts, FieldIds ids, ContrastCache cache) {
    FieldTotals totals = new FieldTotals(parts, ids.numbering());
    Set<Value> candidates = new HashSet<>();
    for (Whole whole : parts) {
      switch (whole.column()) {
        case Column.Coded coded -> {
          ColumnFacts facts = cache.facts(whole.part(), field, coded, whole.marginals());
          totals.add(coded, facts, whole.marginals());
          for (int code : facts.heavy()) {
            candidates.add(coded.dictionary().value(code));
          }
        }
        case Column.Measured measured -> totals.add(measured, whole);
      }
    }
    if (ids.isComplete()) {
      totals.byId = totals.byId(ids);
    }
    List<Value> heavy = List.copyOf(candidates);
    long[] weights = totals.weights(heavy);
    for (int i = 0; i < weights.length; i++) {
      totals.heavy.put(heavy.get(i), weights[i]);
      int number = ids.isComplete() ? ids.find(heavy.get(i)) : Column.ABSENT;
      totals.heaviestFirst.add(new Heavy(heavy.get(i), number, weights[i]));
    }
    totals.heaviestFirst.sort(Comparator.comparingLong(Heavy::weight).reversed());
    return totals;
  }

  private void add(Column.Coded coded, ColumnFacts facts, Marginals marginals) {
    present += facts.present();
    for (int i = 0; i < facts.numbers().length; i++) {
      int code = facts.numbers()[i];
      long weight = marginals.weight(code);
      bins.add(facts.bins()[i], weight);
      if (weight > 0) {
        addNumber(numbers, coded.dictionary().value(code));
      }
    }
  }

  private void add(Column.Measured measured, Whole whole) {
    for (int code = 1; code <= measured.highestCode(); code++) {
      long weight = whole.marginals().weight(code);
      present += weight;
      bins.add(measured.lowestBin() + code - 1, weight);
    }
    addNumbers(numbers, Rows.interval(whole.part(), 0, whole.part().rows()), measured.numbers());
  }

  private static void addNumber(Set<Value> numbers, Value value) {
    if (!areTooMany(numbers)) {
      numbers.add(value);
    }
  }

  /** Adds the different numbers of rows until they are too many to be listed. */
  static void addNumbers(Set<Value> numbers, Rows rows, Numbers of) {
    Chunk chunk = new Chunk();
    for (int from = rows.from(); from < rows.to() && !areTooMany(numbers); ) {
      from = chunk.fill(rows, from, rows.to());
      for (int i = 0; i < chunk.count() && !areTooMany(numbers); i++) {
        Value value = of.value(chunk.row(i));
        if (value != null) {
          numbers.add(value);
        }
      }
    }
  }

  static boolean areTooMany(Set<Value> numbers) {
    return numbers.size() > Limits.CONTRAST_NUMBERS;
  }

  /** What the rows that have the field weigh. */
  long present() {
    return present;
  }

  /** What the numbers of each bin weigh. */
  BinWeights bins() {
    return bins;
  }

  /** The different numbers, or some of them if they are too many. */
  Set<Value> numbers() {
    return numbers;
  }

  /** The values that weigh a thousandth of the rows of some part, and what they weigh in all. */
  Map<Value, Long> heavy() {
    return heavy;
  }

  /** The same in order. */
  List<Heavy> heaviestFirst() {
    return heaviestFirst;
  }

  private long[] byId(FieldIds ids) {
    long[] weights = new long[ids.size()];
    for (Whole whole : parts) {
      if (whole.column() instanceof Column.Coded coded) {
        int[] map = ids.map(whole.part());
        for (int code = 1; code <= coded.dictionary().size(); code++) {
          weights[map[code]] += whole.marginals().weight(code);
        }
      }
    }
    return weights;
  }

  /** Whether numbers by this numbering can be asked for, or there are none to ask for. */
  @SuppressWarnings("ReferenceEquality") // one numbering is one object
  boolean isFor(FieldIds ids) {
    return ids.isComplete()
        ? numbering.equals(ids.numbering()) && byId.length > 0
        : byId.length == 0;
  }

  /** What the rows of values weigh; of columns with codes. */
  private long[] weights(List<Value> values) {
    long[] weights = new long[values.size()];
    for (Whole whole : parts) {
      if (whole.column() instanceof Column.Coded coded && !values.isEmpty()) {
        int[] codes = coded.dictionary().codes(values);
        for (int i = 0; i < codes.length; i++) {
          weights[i] += codes[i] == Column.ABSENT ? 0 : whole.marginals().weight(codes[i]);
        }
      }
    }
    return weights;
  }

  /** What the rows of values weigh, given their numbers, 0 for one that has none. */
  long[] weights(List<Value> values, int[] numbers) {
    if (byId.length == 0) {
      return weights(values);
    }
    long[] weights = new long[numbers.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = numbers[i] < byId.length ? byId[numbers[i]] : 0;
    }
    return weights;
  }
}
