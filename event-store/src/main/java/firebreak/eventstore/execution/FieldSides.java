package firebreak.eventstore.execution;

import firebreak.eventstore.EventStore.FieldContrast;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import firebreak.eventstore.columns.Marginals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sets one field's values among the selected rows against those among all rows within. Of the rows
 * only the selected ones are read where the rest are whole parts, whose totals are known.
 */
final class FieldSides {
  private final String field;
  private final ContrastRun run;
  private final RowWeights counting;
  private final FieldIds ids;
  private final List<EdgeWeights> edges = new ArrayList<>();
  private final Set<Value> heavy = new HashSet<>();
  private final Set<Value> numbers = new HashSet<>();
  private final NumberWeights selected;
  private final LoneValues lone = new LoneValues();
  private final List<Value> others = new ArrayList<>();
  private long[] otherWeights = new long[16];
  private boolean hasEdges;
  private boolean tooManyNumbers;
  private boolean hasMeasured;

  private long present;
  private long presentSelected;

  FieldSides(String field, ContrastRun run, FieldIds ids, RowWeights counting) {
    this.field = field;
    this.run = run;
    this.ids = ids;
    this.counting = counting;
    selected =
        new NumberWeights(
            ids,
            ids.isComplete()
                ? run.sides().stream().mapToLong(side -> side.selected().count()).sum()
                : 0);
  }

  /** What the field shows; null where no row within has it. */
  @Nullable FieldContrast answer(Weight total) {
    FieldTotals totals = totals();
    BinWeights bins = totals.bins().copy();
    present = totals.present();
    tooManyNumbers = FieldTotals.areTooMany(totals.numbers());
    if (hasEdges) {
      numbers.addAll(totals.numbers());
      addEdges(bins);
      tooManyNumbers = FieldTotals.areTooMany(numbers);
    }
    if (present == 0) {
      return null;
    }
    if (hasMeasured && !tooManyNumbers) {
      return new PlainSides(field, run.sides(), counting).answer(total);
    }
    addSelected(bins);
    Map<Value, Weight> listed = new HashMap<>();
    long all = total.selected() + total.baseline();
    listSelected(totals, listed);
    listOthers(totals, listed, all);
    long shownSelected = 0;
    long shown = 0;
    for (Weight weight : listed.values()) {
      shownSelected += weight.selected();
      shown += weight.baseline();
    }
    long baseline = present - presentSelected;
    return new FieldContrast(
        listed,
        new Weight(presentSelected - shownSelected, baseline - shown),
        new Weight(total.selected() - presentSelected, total.baseline() - baseline),
        bins.list());
  }

  private FieldTotals totals() {
    List<FieldTotals.Whole> wholes = new ArrayList<>();
    List<Long> parts = new ArrayList<>();
    for (Sides side : run.sides()) {
      Column column = side.part().stored(field);
      hasMeasured |= column instanceof Column.Measured;
      Marginals marginals = wholeMarginals(side, column);
      if (column != null && marginals != null) {
        wholes.add(new FieldTotals.Whole(side.part(), column, marginals));
        parts.add(side.part().part().id());
      } else {
        hasEdges |= column != null;
      }
    }
    return run.cache()
        .totals(field, parts, ids, cache -> FieldTotals.of(field, wholes, ids, cache));
  }

  /** The marginals of a column of which the whole part is within; null where rows must be read. */
  private static @Nullable Marginals wholeMarginals(Sides side, @Nullable Column column) {
    return side.within().isWhole() ? marginals(column) : null;
  }

  private static @Nullable Marginals marginals(@Nullable Column column) {
    return switch (column) {
      case null -> null;
      case Column.Coded coded -> coded.marginals();
      case Column.Measured measured -> measured.marginals();
    };
  }

  private void addEdges(BinWeights bins) {
    for (int i = 0; i < run.sides().size(); i++) {
      Sides side = run.sides().get(i);
      Column column = side.part().stored(field);
      if (column == null || wholeMarginals(side, column) != null) {
        continue;
      }
      switch (column) {
        case Column.Coded coded -> {
          EdgeWeights edge =
              new EdgeWeights(
                  side, field, coded, run.weightWithin(i), counting, run.means().pieces());
          edges.add(edge);
          present += edge.addTo(facts(side, coded), heavy, numbers, bins);
        }
        case Column.Measured measured -> {
          int highest = measured.highestCode();
          CodeWeights weights =
              counting.byCode(side.withinList(), measured.bins(), highest, measured.marginals());
          for (int code = 1; code <= highest; code++) {
            present += weights.at(code);
            bins.add(measured.lowestBin() + code - 1, weights.at(code));
          }
          FieldTotals.addNumbers(numbers, side.within(), measured.numbers());
        }
      }
    }
  }

  private @Nullable ColumnFacts facts(Sides side, Column.Coded coded) {
    Marginals marginals = coded.marginals();
    return marginals == null ? null : run.cache().facts(side.part(), field, coded, marginals);
  }

  private void addSelected(BinWeights bins) {
    for (Sides side : run.sides()) {
      if (side.selected().isEmpty()) {
        continue;
      }
      switch (side.part().stored(field)) {
        case null -> {}
        case Column.Coded coded -> addSelected(side, coded, bins);
        case Column.Measured measured -> {
          int highest = measured.highestCode();
          CodeWeights weights =
              counting.byCode(side.selectedList(), measured.bins(), highest, null);
          for (int code = 1; code <= highest; code++) {
            presentSelected += weights.at(code);
            bins.addSelected(measured.lowestBin() + code - 1, weights.at(code));
          }
        }
      }
    }
    lone.settle(ids, selected);
  }

  private void addSelected(Sides side, Column.Coded coded, BinWeights bins) {
    Occurrences found = Occurrences.of(side.selectedList(), coded, counting);
    presentSelected += found.weight();
    ColumnFacts facts = facts(side, coded);
    if (facts == null || facts.numbers().length > 0) {
      found.addNumbers(coded.dictionary(), bins);
      if (tooManyNumbers) {
        found.removeNumbers(coded.dictionary());
      }
    }
    if (!ids.isComplete()) {
      Dictionary dictionary = coded.dictionary();
      lone.add(dictionary, found, run.means().ids().hashes(field, dictionary));
      return;
    }
    int[] numbers = found.codes();
    ids.number(side.part(), coded.dictionary(), numbers, found.size());
    for (int i = 0; i < found.size(); i++) {
      selected.add(numbers[i], found.weight(i));
    }
  }

  private void listSelected(FieldTotals totals, Map<Value, Weight> listed) {
    long[] ofLone = lone.weights();
    long[] every = Arrays.copyOf(selected.weights(), selected.size() + ofLone.length);
    System.arraycopy(ofLone, 0, every, selected.size(), ofLone.length);
    long cut = cut(every, every.length, lone.ones(), Limits.CONTRAST_SELECTED);
    List<Value> chosen = new ArrayList<>();
    int[] numbers = new int[Limits.CONTRAST_SELECTED];
    long[] own = new long[Limits.CONTRAST_SELECTED];
    for (int i = 0; i < selected.size(); i++) {
      Value value = selected.weight(i) > cut ? ids.value(selected.number(i)) : null;
      if (value != null) {
        numbers[chosen.size()] = selected.number(i);
        own[chosen.size()] = selected.weight(i);
        chosen.add(value);
      }
    }
    for (LoneValues.Weighed each : lone.heavierThan(cut)) {
      own[chosen.size()] = each.weight();
      chosen.add(each.value());
    }
    long[] all = weights(totals, chosen, Arrays.copyOf(numbers, chosen.size()));
    for (int i = 0; i < all.length; i++) {
      listed.put(chosen.get(i), new Weight(own[i], all[i] - own[i]));
    }
  }

  private void listOthers(FieldTotals totals, Map<Value, Weight> listed, long all) {
    if (hasEdges) {
      heavy.addAll(totals.heavy().keySet());
      List<Value> candidates = List.copyOf(heavy);
      int[] numbers = candidates.stream().mapToInt(ids::find).toArray();
      long[] found = weights(totals, candidates, numbers);
      for (int i = 0; i < found.length; i++) {
        addOther(candidates.get(i), numbers[i], found[i], all);
      }
    } else {
      for (FieldTotals.Heavy each : totals.heaviestFirst()) {
        if (others.size() > Limits.CONTRAST_BASELINE) {
          break;
        }
        int number = ids.isComplete() ? each.number() : ids.find(each.value());
        addOther(each.value(), number, each.weight(), all);
      }
    }
    long cut = cut(otherWeights, others.size(), 0, Limits.CONTRAST_BASELINE);
    for (int i = 0; i < others.size(); i++) {
      if (otherWeights[i] > cut) {
        listed.put(others.get(i), new Weight(0, otherWeights[i]));
      }
    }
  }

  private void addOther(Value value, int number, long weight, long all) {
    if (Limits.CONTRAST_LEAST_PART * weight >= all
        && !(tooManyNumbers && value.isNumber())
        && (number == Column.ABSENT || !selected.has(number))
        && !lone.has(value)) {
      otherWeights = Accumulator.reach(otherWeights, others.size());
      otherWeights[others.size()] = weight;
      others.add(value);
    }
  }

  /** What the rows of values weigh, given their numbers, 0 for one that has none. */
  private long[] weights(FieldTotals totals, List<Value> values, int[] numbers) {
    long[] weights = totals.weights(values, numbers);
    for (EdgeWeights edge : edges) {
      edge.addTo(weights, values, numbers, ids);
    }
    return weights;
  }

  /**
   * The weight above which as many whole groups of equal weight lie as fit: that of the first one
   * that does not.
   *
   * @param ones how many more there are that weigh 1
   */
  private static long cut(long[] weights, int size, long ones, int most) {
    if (size + ones <= most) {
      return 0;
    }
    PriorityQueue<Long> heaviest = new PriorityQueue<>();
    for (int i = 0; i < size; i++) {
      if (heaviest.size() <= most) {
        heaviest.add(weights[i]);
      } else if (weights[i] > heaviest.element()) {
        heaviest.remove();
        heaviest.add(weights[i]);
      }
    }
    return heaviest.size() <= most ? 1 : heaviest.element();
  }
}
