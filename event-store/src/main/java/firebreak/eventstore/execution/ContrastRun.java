package firebreak.eventstore.execution;

import firebreak.eventstore.EventStore.Contrast;
import firebreak.eventstore.EventStore.FieldContrast;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.Selection;
import firebreak.eventstore.columns.Snapshot;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How a contrast is answered: field by field, each by one thread. */
final class ContrastRun {
  private final List<Sides> sides;
  private final Workers workers;
  private final Deadline deadline;

  ContrastRun(Selection selection, Snapshot snapshot, TimeScope.Means means) {
    workers = means.workers();
    deadline = means.deadline();
    sides = Sides.find(selection, List.of(), snapshot, means).sides();
  }

  Contrast answer() {
    TreeSet<String> names = new TreeSet<>();
    sides.forEach(side -> names.addAll(side.part().part().fields()));
    List<String> fields = List.copyOf(names);
    Weight total = total();
    @Nullable FieldContrast[] found = new @Nullable FieldContrast[fields.size()];
    workers.run(
        fields.size(),
        deadline,
        RowWeights::new,
        (lane, task) -> found[task] = new FieldSides(fields.get(task), sides, lane).answer(total));
    SortedMap<String, FieldContrast> answers = new TreeMap<>();
    for (int i = 0; i < found.length; i++) {
      FieldContrast answer = found[i];
      if (answer != null) {
        answers.put(fields.get(i), answer);
      }
    }
    return new Contrast(total, answers);
  }

  private Weight total() {
    long[] within = new long[sides.size()];
    long[] selected = new long[sides.size()];
    workers.run(
        sides.size(),
        deadline,
        RowWeights::new,
        (lane, task) -> {
          within[task] = lane.total(sides.get(task).within());
          selected[task] = lane.total(sides.get(task).selected());
        });
    long all = Arrays.stream(within).sum();
    long chosen = Arrays.stream(selected).sum();
    return new Weight(chosen, all - chosen);
  }
}
