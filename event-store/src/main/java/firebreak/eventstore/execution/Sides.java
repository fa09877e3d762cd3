package firebreak.eventstore.execution;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Selection;
import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.Snapshot;
import firebreak.eventstore.columns.Times;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** The rows of one part that are within a selection, and those of them that are selected. */
record Sides(Rows within, Rows selected) {

  /** The rows of every part that has some within. */
  static List<Sides> of(
      Selection selection, Snapshot snapshot, Workers workers, Deadline deadline) {
    long start = Times.nanos(selection.range().start());
    long end = Times.nanos(selection.range().end());
    List<Rows> inRange = new ArrayList<>();
    for (String dataset : new LinkedHashSet<>(selection.datasets())) {
      for (Part part : snapshot.of(dataset)) {
        Rows rows = Rows.during(new PartView(part), start, end);
        if (!rows.isEmpty()) {
          inRange.add(rows);
        }
      }
    }
    Narrowing narrowing = new Narrowing(workers, deadline);
    List<Rows> within = narrowing.narrow(inRange, selection.within());
    List<Rows> selected = narrowing.narrow(within, selection.selected());
    List<Sides> sides = new ArrayList<>();
    for (int i = 0; i < within.size(); i++) {
      if (!within.get(i).isEmpty()) {
        sides.add(new Sides(within.get(i), selected.get(i)));
      }
    }
    return sides;
  }

  /** For each filter the rows within that pass it, by part. */
  static List<List<Rows>> narrow(
      List<Sides> sides, List<Filter> filters, Workers workers, Deadline deadline) {
    return new Narrowing(workers, deadline)
        .narrow(sides.stream().map(Sides::within).toList(), filters);
  }

  PartView part() {
    return within.part();
  }
}
