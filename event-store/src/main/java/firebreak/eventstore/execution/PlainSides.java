package firebreak.eventstore.execution;

import firebreak.eventstore.EventStore.BinWeight;
import firebreak.eventstore.EventStore.FieldContrast;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.Limits;
import firebreak.eventstore.QueryResult.Bin;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Codes;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.HeatmapBins;
import firebreak.eventstore.columns.Numbers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sets one field's values among the selected rows against those among all rows within, value by
 * value: for columns of numbers that have few different ones.
 */
final class PlainSides {
  private static final Weight NOTHING = new Weight(0, 0);

  private final String field;
  private final List<Sides> sides;
  private final RowWeights weights;
  private final Map<Value, Weight> values = new HashMap<>();
  private final SortedMap<Integer, Weight> bins = new TreeMap<>();

  /** The different numbers, as long as they are not too many. */
  private final Set<Value> numbers = new HashSet<>();

  private Weight present = NOTHING;

  PlainSides(String field, List<Sides> sides, RowWeights weights) {
    this.field = field;
    this.sides = sides;
    this.weights = weights;
  }

  /** What the field shows; null where no row within has it. */
  @Nullable FieldContrast answer(Weight total) {
    for (Sides side : sides) {
      switch (side.part().stored(field)) {
        case null -> {}
        case Column.Coded coded -> add(side, coded);
        case Column.Measured measured -> add(side, measured);
      }
    }
    if (present.equals(NOTHING)) {
      return null;
    }
    if (tooManyNumbers()) {
      values.keySet().removeIf(Value::isNumber);
    }
    Map<Value, Weight> listed = listed(total.selected() + total.baseline());
    Weight shown = listed.values().stream().reduce(NOTHING, Weight::plus);
    return new FieldContrast(listed, minus(present, shown), minus(total, present), binWeights());
  }

  private static Weight minus(Weight all, Weight part) {
    return new Weight(all.selected() - part.selected(), all.baseline() - part.baseline());
  }

  private boolean tooManyNumbers() {
    return numbers.size() > Limits.CONTRAST_NUMBERS;
  }

  private void add(Sides side, Column.Coded coded) {
    int highest = coded.dictionary().size();
    CodeWeights all = weights.byCode(side.withinList(), coded.codes(), highest, coded.marginals());
    CodeWeights selected = weights.byCode(side.selectedList(), coded.codes(), highest, null);
    for (int code = 1; code <= highest; code++) {
      if (all.at(code) == 0) {
        continue;
      }
      Weight weight = new Weight(selected.at(code), all.at(code) - selected.at(code));
      Value value = coded.dictionary().value(code);
      present = present.plus(weight);
      values.merge(value, weight, Weight::plus);
      if (value.isNumber()) {
        bins.merge(HeatmapBins.number(value.asDouble()), weight, Weight::plus);
        if (!tooManyNumbers()) {
          numbers.add(value);
        }
      }
    }
  }

  private void add(Sides side, Column.Measured measured) {
    int highest = measured.highestCode();
    Codes codes = measured.bins();
    CodeWeights all = weights.byCode(side.withinList(), codes, highest, measured.marginals());
    CodeWeights selected = weights.byCode(side.selectedList(), codes, highest, null);
    for (int code = 1; code <= highest; code++) {
      if (all.at(code) != 0) {
        Weight weight = new Weight(selected.at(code), all.at(code) - selected.at(code));
        present = present.plus(weight);
        bins.merge(measured.lowestBin() + code - 1, weight, Weight::plus);
      }
    }
    addNumbers(side, measured.numbers());
  }

  /** Weighs each number by itself until they are too many. */
  private void addNumbers(Sides side, Numbers of) {
    Rows within = side.within();
    Rows selected = side.selected();
    for (int word = within.from() >> 6; word < (within.to() + 63) >>> 6; word++) {
      long left = within.word(word);
      long chosen = selected.word(word);
      while (left != 0) {
        int bit = Long.numberOfTrailingZeros(left);
        left &= left - 1;
        if (tooManyNumbers()) {
          return;
        }
        int row = (word << 6) + bit;
        Value value = of.value(row);
        if (value != null) {
          long weight = weight(side.part(), row);
          boolean isSelected = (chosen >>> bit & 1) != 0;
          numbers.add(value);
          values.merge(
              value, isSelected ? new Weight(weight, 0) : new Weight(0, weight), Weight::plus);
        }
      }
    }
  }

  private static long weight(PartView part, int row) {
    var rates = part.sampleRates();
    return rates == null ? 1 : rates.at(row);
  }

  private Map<Value, Weight> listed(long all) {
    Map<Value, Weight> selected = new HashMap<>(values);
    selected.values().removeIf(weight -> weight.selected() == 0);
    Map<Value, Weight> others = new HashMap<>(values);
    others.keySet().removeAll(selected.keySet());
    others.values().removeIf(weight -> Limits.CONTRAST_LEAST_PART * weight.baseline() < all);
    Map<Value, Weight> listed = heaviest(selected, Weight::selected, Limits.CONTRAST_SELECTED);
    listed.putAll(heaviest(others, Weight::baseline, Limits.CONTRAST_BASELINE));
    return listed;
  }

  /** The heaviest values, as many whole groups of equal weight as fit. */
  private static Map<Value, Weight> heaviest(
      Map<Value, Weight> values, ToLongFunction<Weight> size, int most) {
    SortedMap<Long, List<Map.Entry<Value, Weight>>> groups = new TreeMap<>();
    for (Map.Entry<Value, Weight> entry : values.entrySet()) {
      groups
          .computeIfAbsent(-size.applyAsLong(entry.getValue()), _ -> new ArrayList<>())
          .add(entry);
    }
    Map<Value, Weight> heaviest = new HashMap<>();
    for (List<Map.Entry<Value, Weight>> group : groups.values()) {
      if (heaviest.size() + group.size() > most) {
        break;
      }
      group.forEach(entry -> heaviest.put(entry.getKey(), entry.getValue()));
    }
    return heaviest;
  }

  private List<BinWeight> binWeights() {
    List<BinWeight> list = new ArrayList<>();
    bins.forEach(
        (number, weight) -> {
          Bin bin = HeatmapBins.bin(number, 0);
          list.add(new BinWeight(bin.low(), bin.high(), weight));
        });
    return list;
  }
}
