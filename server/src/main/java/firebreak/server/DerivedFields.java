package firebreak.server;

import firebreak.eventstore.Formula;
import firebreak.records.DerivedColumn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The derived columns that people have saved, as questions use them: those of every dataset, and
 * over them those of the one dataset that is asked.
 */
final class DerivedFields {
  /** Stands for all datasets. */
  static final String ALL = "__all__";

  private final Function<String, List<DerivedColumn>> columns;

  /**
   * @param columns the saved ones of a dataset, or of {@link #ALL}
   */
  DerivedFields(Function<String, List<DerivedColumn>> columns) {
    this.columns = columns;
  }

  /** The formulas of those of the names that are derived columns of the datasets. */
  Map<String, Formula> of(List<String> datasets, Set<String> names) {
    Map<String, Formula> formulas = new HashMap<>();
    add(ALL, names, formulas);
    if (datasets.size() == 1) {
      add(datasets.getFirst(), names, formulas);
    }
    return formulas;
  }

  private void add(String dataset, Set<String> names, Map<String, Formula> into) {
    for (DerivedColumn column : columns.apply(dataset)) {
      if (names.contains(column.alias())) {
        into.put(column.alias(), Formula.parse(column.expression()));
      }
    }
  }
}
