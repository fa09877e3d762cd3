package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Reads the rows of one side of a query, a second time where a calculation needs it. */
final class Reading {
  /** The number of targets when nobody knows it before the rows are read. */
  static final int UNKNOWN = -1;

  private final Query query;
  private final QueryScope scope;
  private final QueryScope.Side side;
  private final Layout layout;

  /** The operations that ask for what is gathered. */
  private final Map<Need, TreeSet<Operation>> asked = new LinkedHashMap<>();

  Reading(Query query, QueryScope scope, QueryScope.Side side, Layout layout) {
    this.query = query;
    this.scope = scope;
    this.side = side;
    this.layout = layout;
  }

  /** Reads the rows for some of the calculations, named by position. */
  Gathered read(Collection<Integer> calculations) {
    int targets = layout.size();
    Frame frame = layout.frame();
    long spots =
        targets == UNKNOWN ? Accumulators.UNKNOWN : Math.multiplyFull(targets, frame.width());
    Accumulators accumulators = new Accumulators(scope, frame, spots);
    Map<Need, Supplier<Accumulator>> suppliers = new LinkedHashMap<>();
    if (frame.buckets() != null || layout.isByGroup()) {
      need(Gathered.ROWS, accumulators, suppliers);
    }
    for (int index : calculations) {
      need(query.calculations().get(index), accumulators, suppliers);
    }
    Map<Need, Accumulator> found = pass(suppliers);
    Gathered.Levels levels =
        Gathered.Levels.of(targets == UNKNOWN ? layout.groups() : targets, frame);
    Map<Need, Supplier<Accumulator>> again = new LinkedHashMap<>();
    found.forEach(
        (need, accumulator) -> {
          Gathering second =
              accumulator.second(
                  levels.needed(frame), List.copyOf(asked.getOrDefault(need, new TreeSet<>())));
          if (second != null) {
            again.put(need, second::another);
          }
        });
    pass(again).forEach((need, gathered) -> accept(found, need, gathered));
    return new Gathered(query, frame, levels, found);
  }

  private static void accept(Map<Need, Accumulator> found, Need need, Accumulator second) {
    if (found.get(need) instanceof Quantiles first && second instanceof Gathering gathering) {
      first.accept(gathering);
    }
  }

  private void need(
      Calculation calculation,
      Accumulators accumulators,
      Map<Need, Supplier<Accumulator>> suppliers) {
    Need need = Need.of(calculation);
    suppliers.putIfAbsent(need, () -> accumulators.of(calculation));
    asked.computeIfAbsent(need, _ -> new TreeSet<>()).add(calculation.operation());
  }

  /** Reads the rows once, by all threads. */
  private Map<Need, Accumulator> pass(Map<Need, Supplier<Accumulator>> suppliers) {
    Map<Filter, List<Need>> byFilter = new LinkedHashMap<>();
    suppliers
        .keySet()
        .forEach(need -> byFilter.computeIfAbsent(need.filter(), _ -> new ArrayList<>()).add(need));
    FieldIds only = layout.countsOnly(suppliers.keySet().equals(Set.of(Need.of(Gathered.ROWS))));
    if (only != null) {
      Count counts = new GroupCounts(only).count(side.rows(Filter.ALL), scope.means());
      return new HashMap<>(Map.of(Need.of(Gathered.ROWS), counts));
    }
    Pass pass = new Pass(scope, layout);
    byFilter.forEach(
        (filter, needs) ->
            pass.feed(side.rows(filter), needs.stream().map(suppliers::get).toList()));
    List<List<Accumulator>> gathered = byFilter.isEmpty() ? List.of() : pass.run();
    Map<Need, Accumulator> found = new HashMap<>();
    int feed = 0;
    for (List<Need> needs : byFilter.values()) {
      for (int i = 0; i < needs.size(); i++) {
        found.put(needs.get(i), gathered.get(feed).get(i));
      }
      feed++;
    }
    return found;
  }
}
