package firebreak.eventstore;

import firebreak.eventstore.EventStore.BinWeight;
import firebreak.eventstore.EventStore.Contrast;
import firebreak.eventstore.EventStore.FieldContrast;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.QueryResult.Bin;
import firebreak.eventstore.columns.HeatmapBins;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** What a contrast means, computed from a list of events without a thought for speed. */
final class ContrastDefinition {
  private static final Weight NOTHING = new Weight(0, 0);

  private final Selection selection;

  ContrastDefinition(Selection selection) {
    this.selection = selection;
  }

  Contrast answer(List<SeenEvent> within) {
    Weight total = NOTHING;
    TreeSet<String> names = new TreeSet<>();
    for (SeenEvent event : within) {
      total = total.plus(weight(event, selection));
      names.addAll(event.event().fields().keySet());
    }
    SortedMap<String, FieldContrast> fields = new TreeMap<>();
    for (String name : names) {
      fields.put(name, field(name, within, total));
    }
    return new Contrast(total, fields);
  }

  static Weight weight(SeenEvent event, Selection selection) {
    return selection.selected().matches(event)
        ? new Weight(event.sampleRate(), 0)
        : new Weight(0, event.sampleRate());
  }

  private FieldContrast field(String name, List<SeenEvent> within, Weight total) {
    Map<Value, Weight> values = new HashMap<>();
    SortedMap<Integer, Weight> bins = new TreeMap<>();
    Weight absent = NOTHING;
    for (SeenEvent event : within) {
      Value value = event.event().field(name);
      Weight weight = weight(event, selection);
      if (value == null) {
        absent = absent.plus(weight);
        continue;
      }
      values.merge(value, weight, Weight::plus);
      if (value.isNumber()) {
        bins.merge(HeatmapBins.number(value.asDouble()), weight, Weight::plus);
      }
    }
    Weight all = values.values().stream().reduce(NOTHING, Weight::plus);
    Map<Value, Weight> listed = listed(values, total);
    Weight shown = listed.values().stream().reduce(NOTHING, Weight::plus);
    Weight unlisted =
        new Weight(all.selected() - shown.selected(), all.baseline() - shown.baseline());
    return new FieldContrast(listed, unlisted, absent, bins(bins));
  }

  private static Map<Value, Weight> listed(Map<Value, Weight> values, Weight total) {
    Map<Value, Weight> eligible = new HashMap<>(values);
    if (values.keySet().stream().filter(Value::isNumber).count() > Limits.CONTRAST_NUMBERS) {
      eligible.keySet().removeIf(Value::isNumber);
    }
    Map<Value, Weight> selected = new HashMap<>(eligible);
    selected.values().removeIf(weight -> weight.selected() == 0);
    Map<Value, Weight> others = new HashMap<>(eligible);
    others.keySet().removeAll(selected.keySet());
    long all = total.selected() + total.baseline();
    others.values().removeIf(weight -> Limits.CONTRAST_LEAST_PART * weight.baseline() < all);
    Map<Value, Weight> listed = heaviest(selected, Weight::selected, Limits.CONTRAST_SELECTED);
    listed.putAll(heaviest(others, Weight::baseline, Limits.CONTRAST_BASELINE));
    return listed;
  }

  /** The heaviest values, as many whole groups of equal weight as fit. */
  private static Map<Value, Weight> heaviest(
      Map<Value, Weight> values, ToLongFunction<Weight> size, int most) {
    SortedMap<Long, List<Value>> groups = new TreeMap<>();
    values.forEach(
        (value, weight) ->
            groups.computeIfAbsent(-size.applyAsLong(weight), _ -> new ArrayList<>()).add(value));
    Map<Value, Weight> heaviest = new HashMap<>();
    for (Collection<Value> group : groups.values()) {
      if (heaviest.size() + group.size() > most) {
        break;
      }
      group.forEach(value -> heaviest.put(value, values.getOrDefault(value, NOTHING)));
    }
    return heaviest;
  }

  private static List<BinWeight> bins(SortedMap<Integer, Weight> bins) {
    List<BinWeight> list = new ArrayList<>();
    bins.forEach(
        (number, weight) -> {
          Bin bin = HeatmapBins.bin(number, 0);
          list.add(new BinWeight(bin.low(), bin.high(), weight));
        });
    return list;
  }
}
