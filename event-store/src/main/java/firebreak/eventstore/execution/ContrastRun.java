package firebreak.eventstore.execution;

import firebreak.eventstore.EventStore.Contrast;
import firebreak.eventstore.EventStore.FieldContrast;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.Selection;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Snapshot;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
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

  TimeScope.Means means() {
    return means;
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
    List<Rows> rows = sides.stream().map(Sides::within).toList();
    SortedMap<String, FieldContrast> answers = new ConcurrentSkipListMap<>();
    Set<String> unnumbered = ConcurrentHashMap.newKeySet();
    answer(
        fields(),
        total,
        field -> {
          FieldIds ids = means.ids().ready(field, rows);
          if (ids == null) {
            unnumbered.add(field);
          }
          return ids;
        },
        answers);
    Map<String, FieldIds> numbered = new HashMap<>();
    for (String field : unnumbered) {
      // Takes all threads, so that none of their tasks may ask for it.
      numbered.put(field, means.ids().stored(field, rows, means.deadline()));
    }
    answer(List.copyOf(unnumbered), total, numbered::get, answers);
    return new Contrast(total, new TreeMap<>(answers));
  }

  private void answer(
      List<String> fields,
      Weight total,
      Function<String, @Nullable FieldIds> numbers,
      Map<String, FieldContrast> answers) {
    means
        .workers()
        .run(
            fields.size(),
            means.deadline(),
            RowWeights::new,
            (lane, task) -> {
              String field = fields.get(task);
              FieldIds ids = numbers.apply(field);
              FieldContrast answer =
                  ids == null ? null : new FieldSides(field, this, ids, lane).answer(total);
              if (answer != null) {
                answers.put(field, answer);
              }
            });
  }

  /** The fields of all parts, those of most values first, so that none of them comes last. */
  private List<String> fields() {
    Map<String, Integer> values = new HashMap<>();
    for (Sides side : sides) {
      for (String field : side.part().part().fields()) {
        int size =
            side.part().stored(field) instanceof Column.Coded coded ? coded.dictionary().size() : 0;
        values.merge(field, size, Math::max);
      }
    }
    return values.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .map(Map.Entry::getKey)
        .toList();
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
