package firebreak.eventstore.execution;

import firebreak.eventstore.EventStore.BinWeight;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.QueryResult.Bin;
import firebreak.eventstore.columns.HeatmapBins;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the numbers in each heatmap bin weigh: all of them, and those of selected rows. */
final class BinWeights {
  private int lowest;
  private long[] all = {};
  private long[] selected = {};

  /** A copy to add to. */
  BinWeights copy() {
    BinWeights copy = new BinWeights();
    copy.lowest = lowest;
    copy.all = all.clone();
    copy.selected = selected.clone();
    return copy;
  }

  private int reach(int bin) {
    if (all.length == 0) {
      lowest = bin;
      all = new long[1];
      selected = new long[1];
    } else if (bin < lowest) {
      int more = lowest - bin;
      all = shifted(all, more);
      selected = shifted(selected, more);
      lowest = bin;
    } else if (bin - lowest >= all.length) {
      all = Arrays.copyOf(all, bin - lowest + 16);
      selected = Arrays.copyOf(selected, all.length);
    }
    return bin - lowest;
  }

  private static long[] shifted(long[] array, int by) {
    long[] shifted = new long[array.length + by];
    System.arraycopy(array, 0, shifted, by, array.length);
    return shifted;
  }

  void add(int bin, long weight) {
    if (weight != 0) {
      int place = reach(bin);
      all[place] += weight;
    }
  }

  void addSelected(int bin, long weight) {
    if (weight != 0) {
      int place = reach(bin);
      selected[place] += weight;
    }
  }

  /** The bins that have a weight, lowest first. */
  List<BinWeight> list() {
    List<BinWeight> list = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      if (all[i] != 0) {
        Bin bin = HeatmapBins.bin(lowest + i, 0);
        list.add(
            new BinWeight(bin.low(), bin.high(), new Weight(selected[i], all[i] - selected[i])));
      }
    }
    return list;
  }
}
