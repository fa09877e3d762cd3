package firebreak.eventstore.execution;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Selection;
import firebreak.eventstore.columns.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The rows of one part that are within a selection, and those of them that are selected. */
record Sides(Rows within, Rows selected) {

  /** The rows of every part that has some within; each term's rows of them, by part, besides. */
  record Found(List<Sides> sides, List<List<Rows>> terms) {}

  static Found find(
      Selection selection, List<Filter> terms, Snapshot snapshot, TimeScope.Means means) {
    TimeScope scope =
        new TimeScope(
            selection.datasets(), selection.range(), selection.derived(), snapshot, means);
    List<Filter> filters = new ArrayList<>(terms);
    filters.add(selection.within());
    filters.add(selection.selected());
    scope.prepare(Set.of(), filters);
    List<Rows> within = scope.narrow(scope.rows(), selection.within());
    within = within.stream().filter(rows -> !rows.isEmpty()).toList();
    filters.remove(terms.size());
    List<List<Rows>> narrowed = scope.narrow(within, filters);
    List<Sides> sides = new ArrayList<>();
    for (int i = 0; i < within.size(); i++) {
      sides.add(new Sides(within.get(i), narrowed.getLast().get(i)));
    }
    return new Found(sides, narrowed.subList(0, terms.size()));
  }

  PartView part() {
    return within.part();
  }
}
