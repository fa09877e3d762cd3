package firebreak.bubbleup;

import firebreak.eventstore.EventStore.BinWeight;
import firebreak.eventstore.EventStore.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A field of numbers, in log-linear bins, eight an octave, and split where both sides part most.
 */
final class Measured {
  private static final int BARS_AT_MOST = 48;

  private static final Weight NOTHING = new Weight(0, 0);

  private final String field;
  private final List<BinWeight> bins;
  private final List<Split> splits = new ArrayList<>();

  /**
   * @param bins of every heatmap, lowest first
   */
  Measured(String field, List<BinWeight> bins, Weight total) {
    this.field = field;
    this.bins = bins;
    Weight all = bins.stream().map(BinWeight::weight).reduce(NOTHING, Weight::plus);
    Weight below = NOTHING;
    for (BinWeight bin : bins) {
      if (below.selected() + below.baseline() > 0) {
        Weight above =
            new Weight(all.selected() - below.selected(), all.baseline() - below.baseline());
        splits.add(new Split(bin.low(), true, Tested.table(above, total)));
        splits.add(new Split(bin.low(), false, Tested.table(below, total)));
      }
      below = below.plus(bin.weight());
    }
  }

  String field() {
    return field;
  }

  DoubleStream leastPValues() {
    return splits.stream().mapToDouble(split -> split.table.leastPValue());
  }

  private Split bestSplit() {
    Split best = new Split(0, true, new ContingencyTable(0, 0, 0, 0));
    for (Split split : splits) {
      if (split.table.evidence() > best.table.evidence()) {
        best = split;
      }
    }
    return best;
  }

  ContingencyTable best() {
    return bestSplit().table;
  }

  Difference difference(double pValue, Weight total) {
    Split best = bestSplit();
    return new Difference.Measure(
        field,
        best.bound,
        best.above,
        histogram(total),
        Shares.selected(best.table, total),
        Shares.baseline(best.table, total),
        best.table.rate(),
        best.table.restRate(),
        best.table.excess(),
        best.table.excessInterval(),
        pValue);
  }

  /** As few bars as can be seen: neighbouring bins are joined until there are. */
  private List<Difference.Bar> histogram(Weight total) {
    List<BinWeight> bars = bins;
    while (bars.size() > BARS_AT_MOST) {
      List<BinWeight> wider = new ArrayList<>();
      for (int i = 0; i < bars.size(); i += 2) {
        BinWeight low = bars.get(i);
        wider.add(i + 1 < bars.size() ? join(low, bars.get(i + 1)) : low);
      }
      bars = wider;
    }
    return bars.stream()
        .map(
            bar ->
                new Difference.Bar(
                    bar.low(),
                    bar.high(),
                    Shares.share(bar.weight().selected(), total.selected()),
                    Shares.share(bar.weight().baseline(), total.baseline())))
        .toList();
  }

  private static BinWeight join(BinWeight low, BinWeight high) {
    return new BinWeight(low.low(), high.high(), low.weight().plus(high.weight()));
  }

  /** The events at or above a bound, or below it, against all others. */
  private record Split(double bound, boolean above, ContingencyTable table) {}
}
