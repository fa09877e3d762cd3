package firebreak.eventstore.execution;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Selection;
import firebreak.eventstore.columns.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The rows of one part that are within a selection, and those of them that are selected. */
record Sides(RowList withinList, RowList selectedList) {

  /** The rows of every part that has some within. */
  record Found(TimeScope scope, List<Sides> sides) {}

  /**
   * Finds both sides.
   *
   * @param others filters that will be asked besides
   */
  static Found find(
      Selection selection, List<Filter> others, Snapshot snapshot, TimeScope.Means means) {
    TimeScope scope =
        new TimeScope(
            selection.datasets(), selection.range(), selection.derived(), snapshot, means);
    List<Filter> filters = new ArrayList<>(others);
    filters.add(selection.within());
    filters.add(selection.selected());
    scope.prepare(Set.of(), filters);
    List<Rows> within =
        scope.narrow(scope.rows(), selection.within()).stream()
            .filter(rows -> !rows.isEmpty())
            .toList();
    List<Rows> selected = scope.narrow(within, selection.selected());
    List<Sides> sides = new ArrayList<>();
    for (int i = 0; i < within.size(); i++) {
      sides.add(new Sides(new RowList(within.get(i)), new RowList(selected.get(i))));
    }
    return new Found(scope, sides);
  }

  Rows within() {
    return withinList.rows();
  }

  Rows selected() {
    return selectedList.rows();
  }

  PartView part() {
    return within().part();
  }
}
