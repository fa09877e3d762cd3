package firebreak.eventstore.execution;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Filter.Compare;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.HeatmapBins;
import firebreak.eventstore.columns.Times;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Turns filters into conditions on the rows of a part. */
final class Conditions {
  /** Up to so many codes are all tested beforehand, however few rows there are. */
  private static final int FEW_CODES = 4_096;

  /** Below this, every whole number is exact as a double. */
  private static final double EXACT = 1L << 53;

  private final TimeScope scope;
  private final PartView part;

  /** How many rows will be asked. */
  private final int rows;

  Conditions(TimeScope scope, PartView part, int rows) {
    this.scope = scope;
    this.part = part;
    this.rows = rows;
  }

  Condition of(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> filters) ->
          Condition.all(filters.stream().map(this::of).toList());
      case Filter.Or(List<Filter> filters) ->
          Condition.any(filters.stream().map(this::of).toList());
      case Filter.Not(Filter negated) -> Condition.not(of(negated));
      case Filter.Exists(String field) -> exists(field);
      case Filter.In(String field, Set<Value> values) -> in(field, values);
      case Compare compare -> compare(compare);
      case Filter.Matches matches -> matches(matches);
      case Filter.During during ->
          during(Times.nanos(during.range().start()), Times.nanos(during.range().end()));
      case Filter.InTrace(Filter filterOfTrace) -> scope.inTrace(filterOfTrace, part);
    };
  }

  private Condition during(long start, long end) {
    if (part.rows() == 0 || part.part().lastTime() < start || part.part().firstTime() >= end) {
      return Condition.NOTHING;
    }
    if (part.part().firstTime() >= start && part.part().lastTime() < end) {
      return Condition.ALL;
    }
    if (part.part().isSorted()) {
      Rows found = Rows.during(part, start, end);
      return new Condition.Interval(found.from(), found.to());
    }
    return new Condition.Timed(part.part().times(), start, end);
  }

  private Condition exists(String field) {
    return switch (part.column(field)) {
      case null -> Condition.NOTHING;
      case Column.Coded coded -> {
        boolean[] accepted = new boolean[coded.dictionary().size() + 1];
        Arrays.fill(accepted, 1, accepted.length, true);
        yield new Condition.Coded(coded.codes(), accepted);
      }
      case Column.Measured measured -> {
        boolean[] accepted = new boolean[measured.highestCode() + 1];
        Arrays.fill(accepted, 1, accepted.length, true);
        yield new Condition.Coded(measured.bins(), accepted);
      }
    };
  }

  private Condition in(String field, Set<Value> values) {
    return switch (part.column(field)) {
      case null -> Condition.NOTHING;
      case Column.Coded coded -> in(coded, values);
      case Column.Measured measured -> in(measured, values);
    };
  }

  private Condition in(Column.Coded coded, Set<Value> values) {
    if (values.size() > coded.dictionary().size()) {
      return tested(coded, values::contains);
    }
    boolean[] accepted = new boolean[coded.dictionary().size() + 1];
    boolean some = false;
    for (Value value : values) {
      int code = coded.dictionary().code(value);
      if (code != Column.ABSENT) {
        accepted[code] = true;
        some = true;
      }
    }
    return some ? new Condition.Coded(coded.codes(), accepted) : Condition.NOTHING;
  }

  private Condition in(Column.Measured measured, Set<Value> values) {
    boolean[] undecided = new boolean[measured.highestCode() + 1];
    boolean some = false;
    for (Value value : values) {
      int bin = value.isNumber() ? code(measured, value) : Column.ABSENT;
      if (bin >= 1 && bin < undecided.length) {
        undecided[bin] = true;
        some = true;
      }
    }
    if (!some) {
      return Condition.NOTHING;
    }
    return new Condition.Measured(
        measured.bins(),
        new boolean[undecided.length],
        undecided,
        measured.numbers(),
        (numbers, row) -> {
          Value value = numbers.value(row);
          return value != null && values.contains(value);
        });
  }

  /** The bin code in which a number would lie, which may be none that the column has. */
  private static int code(Column.Measured measured, Value number) {
    return HeatmapBins.number(number.asDouble()) - measured.lowestBin() + 1;
  }

  private Condition compare(Compare compare) {
    return switch (part.column(compare.field())) {
      case null -> Condition.NOTHING;
      case Column.Coded coded -> tested(coded, compare::holds);
      case Column.Measured measured ->
          compare.bound().isNumber() ? compare(measured, compare) : Condition.NOTHING;
    };
  }

  private static Condition compare(Column.Measured measured, Compare compare) {
    int edge = code(measured, compare.bound());
    boolean[] accepted = new boolean[measured.highestCode() + 1];
    boolean[] undecided = new boolean[accepted.length];
    boolean below = compare.relation().holds(-1);
    for (int bin = 1; bin < accepted.length; bin++) {
      accepted[bin] = bin < edge ? below : bin > edge && !below;
      undecided[bin] = bin == edge;
    }
    double bound = compare.bound().asDouble();
    Condition.NumberTest exact = (numbers, row) -> compare.holds(numbers.value(row));
    Condition.NumberTest quick =
        (numbers, row) -> compare.relation().holds(Double.compare(numbers.at(row), bound));
    return new Condition.Measured(
        measured.bins(),
        accepted,
        undecided,
        measured.numbers(),
        Math.abs(bound) < EXACT ? quick : exact);
  }

  private Condition matches(Filter.Matches matches) {
    return part.column(matches.field()) instanceof Column.Coded coded
        ? tested(coded, value -> value instanceof Value.Text text && matches.holds(text.text()))
        : Condition.NOTHING;
  }

  private Condition tested(Column.Coded coded, Predicate<Value> test) {
    int size = coded.dictionary().size();
    if (size > FEW_CODES && size > rows) {
      return new Condition.Tested(
          coded.codes(),
          size,
          code -> code != Column.ABSENT && test.test(coded.dictionary().value(code)));
    }
    boolean[] accepted = new boolean[size + 1];
    boolean some = false;
    for (int code = 1; code <= size; code++) {
      accepted[code] = test.test(coded.dictionary().value(code));
      some |= accepted[code];
    }
    return some ? new Condition.Coded(coded.codes(), accepted) : Condition.NOTHING;
  }
}
