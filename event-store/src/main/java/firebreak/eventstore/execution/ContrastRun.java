package firebreak.eventstore.execution;

import firebreak.eventstore.EventStore.Contrast;
import firebreak.eventstore.EventStore.FieldContrast;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.Selection;
import firebreak.eventstore.columns.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How a contrast is answered: field by field, each by one thread. */
final class ContrastRun {
  private final TimeScope.Means means;
  private final ContrastCache cache;
  private final List<Sides> sides;
  private final long[] within;
  private final long[] selected;

  ContrastRun(Selection selection, Snapshot snapshot, TimeScope.Means means, ContrastCache cache) {
    this.means = means;
    this.cache = cache;
    sides = Sides.find(selection, List.of(), snapshot, means).sides();
    within = new long[sides.size()];
    selected = new long[sides.size()];
  }

  List<Sides> sides() {
    return sides;
  }

  ContrastCache cache() {
    return cache;
  }

  /** What the rows within of one of the parts weigh. */
  long weightWithin(int side) {
    return within[side];
  }

  Contrast answer() {
    weigh();
    long chosen = Arrays.stream(selected).sum();
    Weight total = new Weight(chosen, Arrays.stream(within).sum() - chosen);
    TreeSet<String> names = new TreeSet<>();
    sides.forEach(side -> names.addAll(side.part().part().fields()));
    List<String> fields = List.copyOf(names);
    List<Rows> rows = sides.stream().map(Sides::within).toList();
    List<FieldIds> ids = new ArrayList<>();
    fields.forEach(field -> ids.add(means.ids().cheap(field, rows, means.deadline())));
    @Nullable FieldContrast[] found = new @Nullable FieldContrast[fields.size()];
    means
        .workers()
        .run(
            fields.size(),
            means.deadline(),
            RowWeights::new,
            (lane, task) ->
                found[task] =
                    new FieldSides(fields.get(task), this, ids.get(task), lane).answer(total));
    SortedMap<String, FieldContrast> answers = new TreeMap<>();
    for (int i = 0; i < found.length; i++) {
      FieldContrast answer = found[i];
      if (answer != null) {
        answers.put(fields.get(i), answer);
      }
    }
    return new Contrast(total, answers);
  }

  private void weigh() {
    means
        .workers()
        .run(
            sides.size(),
            means.deadline(),
            RowWeights::new,
            (lane, task) -> {
              within[task] = lane.total(sides.get(task).within());
              selected[task] = lane.total(sides.get(task).selected());
            });
  }
}
