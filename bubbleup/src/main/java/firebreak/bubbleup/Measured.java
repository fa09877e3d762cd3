package firebreak.bubbleup;

import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * A field of numbers, in log-linear bins, eight an octave, and split where both sides part most.
 */
final class Measured {
  private static final int BARS_AT_MOST = 48;

  /** Keeps a double's exponent and its three leading bits: eight bins an octave. */
  private static final int FINEST = 49;

  private final String field;
  private final SortedMap<Long, Weight> bins = new TreeMap<>();
  private final List<Split> splits = new ArrayList<>();

  Measured(String field, Map<@Nullable Value, Weight> values, Weight total) {
    this.field = field;
    for (Map.Entry<@Nullable Value, Weight> entry : values.entrySet()) {
      Value value = entry.getKey();
      if (value != null && value.isNumber()) {
        bins.merge(bin(value.asDouble(), FINEST), entry.getValue(), Measured::sum);
      }
    }
    Weight all = bins.values().stream().reduce(new Weight(0, 0), Measured::sum);
    Weight below = new Weight(0, 0);
    for (Map.Entry<Long, Weight> bin : bins.entrySet()) {
      if (below.selected() + below.baseline() > 0) {
        double bound = low(bin.getKey(), FINEST);
        Weight above =
            new Weight(all.selected() - below.selected(), all.baseline() - below.baseline());
        splits.add(new Split(bound, true, Tested.table(above, total)));
        splits.add(new Split(bound, false, Tested.table(below, total)));
      }
      below = sum(below, bin.getValue());
    }
  }

  private static Weight sum(Weight a, Weight b) {
    return new Weight(a.selected() + b.selected(), a.baseline() + b.baseline());
  }

  /** Numbers keep their order in their bins; negative ones mirror the positive. */
  private static long bin(double number, int shift) {
    long size = Double.doubleToLongBits(Math.abs(number)) >>> shift;
    return number < 0 ? -size - 1 : size;
  }

  /** The lower end of a bin. */
  private static double low(long bin, int shift) {
    return bin < 0
        ? -Double.longBitsToDouble(-bin << shift)
        : Double.longBitsToDouble(bin << shift);
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
        best.table.excess(),
        pValue);
  }

  private List<Difference.Bar> histogram(Weight total) {
    int shift = FINEST;
    SortedMap<Long, Weight> coarse = bins;
    while (coarse.size() > BARS_AT_MOST) {
      shift++;
      SortedMap<Long, Weight> coarser = new TreeMap<>();
      for (Map.Entry<Long, Weight> bin : coarse.entrySet()) {
        coarser.merge(bin.getKey() >> 1, bin.getValue(), Measured::sum);
      }
      coarse = coarser;
    }
    int width = shift;
    return coarse.entrySet().stream()
        .map(
            bin ->
                new Difference.Bar(
                    low(bin.getKey(), width),
                    low(bin.getKey() + 1, width),
                    Shares.share(bin.getValue().selected(), total.selected()),
                    Shares.share(bin.getValue().baseline(), total.baseline())))
        .toList();
  }

  /** The events at or above a bound, or below it, against all others. */
  private record Split(double bound, boolean above, ContingencyTable table) {}
}
