package firebreak.eventstore.execution;

import firebreak.eventstore.QueryResult.Bin;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.columns.HeatmapBins;
import firebreak.eventstore.columns.IdTable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the numbers of a field in each bin weigh, in each spot. */
final class Heat extends Accumulator {
  /** Up to so many bins of spots have a place each; beyond, only those that occur. */
  private static final int MOST_PLACES = 1 << 21;

  private final String field;
  private final BinScale scale;
  private long[] places = new long[64];
  private final IdTable scattered = new IdTable();
  private long[] weights = new long[64];

  Heat(String field, BinScale scale) {
    this.field = field;
    this.scale = scale;
  }

  @Override
  void add(Batch batch) {
    int[] bins = batch.field(field).bins();
    long[] weighed = batch.weights();
    int width = scale.size();
    if ((batch.highest() + 1L) * width > MOST_PLACES) {
      scatter(batch, bins);
      return;
    }
    places = reach(places, (batch.highest() + 1) * width);
    long[] into = places;
    int count = batch.count();
    if (batch.isAlike()) {
      int base = batch.spot() * width;
      for (int i = 0; i < count; i++) {
        into[base + bins[i]] += weighed == null ? 1 : weighed[i];
      }
    } else {
      int[] spots = batch.spotOfRow();
      for (int i = 0; i < count; i++) {
        into[spots[i] * width + bins[i]] += weighed == null ? 1 : weighed[i];
      }
    }
  }

  private void scatter(Batch batch, int[] bins) {
    long[] weighed = batch.weights();
    for (int i = 0; i < batch.count(); i++) {
      if (bins[i] != 0) {
        int spot = batch.isAlike() ? batch.spot() : batch.spotOfRow()[i];
        scatter(spot, bins[i], weighed == null ? 1 : weighed[i]);
      }
    }
  }

  private void scatter(int spot, int bin, long weight) {
    int pair = scattered.id(spot, bin);
    weights = reach(weights, pair);
    weights[pair] += weight;
  }

  @Override
  void merge(Accumulator other) {
    Heat others = (Heat) other;
    places = reach(places, others.places.length - 1);
    for (int i = 0; i < others.places.length; i++) {
      places[i] += others.places[i];
    }
    for (int pair = 0; pair < others.scattered.size(); pair++) {
      scatter(others.scattered.high(pair), others.scattered.low(pair), others.weights[pair]);
    }
  }

  @Override
  Cell[] cells(Level level) {
    List<SortedMap<Integer, Long>> maps = new ArrayList<>();
    for (int i = 0; i < level.size(); i++) {
      maps.add(new TreeMap<>());
    }
    for (int place = 0; place < places.length; place++) {
      if (places[place] != 0) {
        add(maps, level, place / scale.size(), place % scale.size(), places[place]);
      }
    }
    for (int pair = 0; pair < scattered.size(); pair++) {
      add(maps, level, scattered.high(pair), scattered.low(pair), weights[pair]);
    }
    return maps.stream().map(this::cell).toArray(Cell[]::new);
  }

  private static void add(
      List<SortedMap<Integer, Long>> maps, Level level, int spot, int bin, long weight) {
    int union = bin == 0 ? Level.NONE : level.of(spot);
    if (union != Level.NONE) {
      maps.get(union).merge(bin, weight, Long::sum);
    }
  }

  private Cell cell(SortedMap<Integer, Long> map) {
    if (map.isEmpty()) {
      return new Cell.Absent();
    }
    List<Bin> bins = new ArrayList<>(map.size());
    map.forEach((bin, weight) -> bins.add(HeatmapBins.bin(scale.number(bin), weight)));
    return new Cell.Heatmap(bins);
  }
}
