package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.QueryResult.Bin;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.columns.HeatmapBins;
import firebreak.eventstore.columns.IdTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the numbers of a field spread over bins, in each spot. */
final class Heat extends Accumulator {
  /** Up to so many bins of spots have a place each; beyond, only those that occur. */
  static final int MOST_PLACES = 1 << 21;

  /** How many bins there may be in all heatmaps of an answer, empty ones counted too. */
  private static final int MOST_ANSWERED = 1 << 24;

  private final String field;
  private final BinScale scale;
  private final Histogram dense;
  private final IdTable scattered = new IdTable();
  private long[] weights = new long[64];
  private int room;

  Heat(String field, BinScale scale) {
    this.field = field;
    this.scale = scale;
    dense = new Histogram(field, scale);
  }

  @Override
  void add(Batch batch) {
    if ((batch.highest() + 1L) * scale.size() <= MOST_PLACES) {
      dense.add(batch);
      return;
    }
    int[] bins = batch.field(field).bins();
    long[] weighed = batch.weights();
    for (int i = 0; i < batch.count(); i++) {
      if (bins[i] != 0) {
        int spot = batch.isAlike() ? batch.spot() : batch.spotOfRow()[i];
        scatter(spot, bins[i], weighed == null ? 1 : weighed[i]);
      }
    }
  }

  @Override
  boolean addStretch(Batch batch, int from, int to) {
    return (batch.spot() + 1L) * scale.size() <= MOST_PLACES && dense.addStretch(batch, from, to);
  }

  private void scatter(int spot, int bin, long weight) {
    int pair = scattered.id(spot, bin);
    weights = reach(weights, pair);
    weights[pair] += weight;
  }

  @Override
  void merge(Accumulator other) {
    Heat others = (Heat) other;
    dense.merge(others.dense);
    for (int pair = 0; pair < others.scattered.size(); pair++) {
      scatter(others.scattered.high(pair), others.scattered.low(pair), others.weights[pair]);
    }
  }

  @Override
  Cell[] cells(Level level, Operation operation) {
    room = MOST_ANSWERED;
    long @Nullable [][] unions = new long @Nullable [level.size()][];
    int width = scale.size();
    for (int place = 0; place < dense.length(); place++) {
      if (dense.at(place) != 0) {
        add(unions, level, place / width, place % width, dense.at(place));
      }
    }
    for (int pair = 0; pair < scattered.size(); pair++) {
      add(unions, level, scattered.high(pair), scattered.low(pair), weights[pair]);
    }
    Cell[] cells = new Cell[unions.length];
    for (int i = 0; i < cells.length; i++) {
      long[] bins = unions[i];
      cells[i] = bins == null ? new Cell.Absent() : cell(bins);
    }
    return cells;
  }

  private void add(long[] @Nullable [] unions, Level level, int spot, int bin, long weight) {
    int union = bin == 0 ? Level.NONE : level.of(spot);
    if (union != Level.NONE) {
      long[] bins = unions[union];
      if (bins == null) {
        room -= scale.size();
        if (room < 0) {
          throw Grouping.tooMany();
        }
        bins = new long[scale.size()];
        unions[union] = bins;
      }
      bins[bin] += weight;
    }
  }

  private Cell cell(long[] weighed) {
    List<Bin> bins = new ArrayList<>();
    for (int bin = 1; bin < weighed.length; bin++) {
      if (weighed[bin] != 0) {
        bins.add(HeatmapBins.bin(scale.number(bin), (double) weighed[bin]));
      }
    }
    return new Cell.Heatmap(bins);
  }
}
