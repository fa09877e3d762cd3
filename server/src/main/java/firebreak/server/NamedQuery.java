package firebreak.server;

import firebreak.eventstore.Formula;
import firebreak.eventstore.Query;
import firebreak.eventstore.Relation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query as it was asked, and under which names the result carries its calculations.
 *
 * @param formulas what is computed of the calculations of each row, by their names
 * @param order the formula by which rows are ordered before all other orders; null for none
 * @param conditions what formulas must come to for a row to be listed
 */
record NamedQuery(
    Query query,
    List<String> names,
    List<ResultFormula> formulas,
    @Nullable FormulaOrder order,
    List<FormulaCondition> conditions) {
  NamedQuery {
    names = List.copyOf(names);
    formulas = List.copyOf(formulas);
    conditions = List.copyOf(conditions);
  }

  /** A value of a row that is computed of the row's calculations. */
  record ResultFormula(String name, Formula formula) {}

  record FormulaOrder(ResultFormula formula, boolean descending) {}

  record FormulaCondition(ResultFormula formula, Relation relation, double bound) {
    boolean holds(double value) {
      return !Double.isNaN(value) && relation.holds(Double.compare(value, bound));
    }
  }

  /** Whether which rows are listed depends on formulas, of which the event store knows nothing. */
  boolean isRankedByFormulas() {
    return order != null || !conditions.isEmpty();
  }

  NamedQuery with(Query changed) {
    return new NamedQuery(changed, names, formulas, order, conditions);
  }
}
