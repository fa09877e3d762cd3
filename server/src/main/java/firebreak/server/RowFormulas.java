package firebreak.server;

import firebreak.eventstore.EventStore;
import firebreak.eventstore.EventView;
import firebreak.eventstore.Filter;
import firebreak.eventstore.LimitExceededException;
import firebreak.eventstore.Limits;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Row;
import firebreak.eventstore.Value;
import firebreak.server.NamedQuery.FormulaOrder;
import firebreak.server.NamedQuery.ResultFormula;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Computes formulas of the calculations of a row, and lists rows by them. */
final class RowFormulas {
  private RowFormulas() {}

  /** The values of a row by the names of its calculations. */
  private record Cells(List<String> names, List<Cell> cells) implements EventView {
    @Override
    public Instant time() {
      return Instant.EPOCH;
    }

    @Override
    public @Nullable Value field(String name) {
      int index = names.indexOf(name);
      double number = index < 0 ? Double.NaN : cells.get(index).number();
      return Double.isNaN(number) ? null : Value.number(number);
    }

    @Override
    public boolean traceHas(Filter filter) {
      throw new IllegalStateException("a row of a result is in no trace");
    }
  }

  static @Nullable Value value(ResultFormula formula, NamedQuery named, List<Cell> cells) {
    return formula.formula().evaluate(new Cells(named.names(), cells));
  }

  private static double number(ResultFormula formula, NamedQuery named, Row row) {
    Value value = value(formula, named, row.cells());
    return value == null ? Double.NaN : value.asDouble();
  }

  /** Asks the store; where formulas decide which rows are listed, it is asked for all of them. */
  static QueryResult answer(EventStore store, NamedQuery named) {
    if (!named.isRankedByFormulas()) {
      return store.query(named.query());
    }
    boolean total = named.query().wantsTotal();
    QueryResult all = store.query(named.query().withLimit(Limits.ROWS).withTotals(total, false));
    if (all.rows().size() == Limits.ROWS) {
      throw new LimitExceededException(
          ("Rows are ordered or chosen by a formula, which is possible for fewer than %d groups. A"
                  + " narrower filter or a having on a calculation makes them fewer.")
              .formatted(Limits.ROWS));
    }
    Stream<Row> rows =
        all.rows().stream()
            .filter(
                row ->
                    named.conditions().stream()
                        .allMatch(
                            condition -> condition.holds(number(condition.formula(), named, row))));
    FormulaOrder order = named.order();
    List<Row> listed = order == null ? rows.toList() : rows.sorted(by(order, named)).toList();
    return new QueryResult(
        listed.stream().limit(named.query().limit()).toList(),
        all.total(),
        all.other(),
        all.rowsExamined());
  }

  /** Rows without a number come last, whichever the direction. */
  private static Comparator<Row> by(FormulaOrder order, NamedQuery named) {
    return (a, b) -> {
      double left = number(order.formula(), named, a);
      double right = number(order.formula(), named, b);
      if (Double.isNaN(left) || Double.isNaN(right)) {
        return Boolean.compare(Double.isNaN(left), Double.isNaN(right));
      }
      return order.descending() ? Double.compare(right, left) : Double.compare(left, right);
    };
  }
}
