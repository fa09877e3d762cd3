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
import org.jspecify.annotations.Nullable;

/** What the rows of some whole parts weigh by the values of one field, from their marginals. */
final class FieldTotals {
  /** A value and what the rows that have it weigh. */
  record Heavy(Value value, long weight) {}

  /** A part and its column. */
  record Whole(PartView part, Column column, Marginals marginals) {}

  private final List<Whole> parts;
  private final BinWeights bins = new BinWeights();
  private final Map<Value, Long> heavy = new HashMap<>();
  private final List<Heavy> heaviestFirst = new ArrayList<>();
  private final Set<Value> numbers = new HashSet<>();
  private long present;

  private FieldTotals(List<Whole> parts) {
    this.parts = parts;
  }

  static FieldTotals of(String field, List<Whole> parts, ContrastCache cache) {
    FieldTotals totals = new FieldTotals(parts);
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
    for (Value value : candidates) {
      long weight = totals.weight(value);
      totals.heavy.put(value, weight);
      totals.heaviestFirst.add(new Heavy(value, weight));
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

  /** What the rows of a value weigh; of a column with codes. */
  long weight(@Nullable Value value) {
    long weight = 0;
    for (Whole whole : parts) {
      if (whole.column() instanceof Column.Coded coded && value != null) {
        int code = coded.dictionary().code(value);
        weight += code == Column.ABSENT ? 0 : whole.marginals().weight(code);
      }
    }
    return weight;
  }
}
