package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.QueryResult.Cell;

/** For how long the rows of each spot run: in their own time bucket, and in those that follow. */
final class Concurrency extends Accumulator {
  private static final double NANOS_PER_MILLI = 1e6;

  private final Frame frame;

  /** The weighed nanoseconds in buckets that a row runs in only partly. */
  private double[] partly = new double[16];

  /** What begins, less what ends, to run through whole buckets with this one. */
  private long[] wholly = new long[16];

  Concurrency(Frame frame) {
    this.frame = frame;
  }

  private void reachTarget(int target) {
    int last = (target + 1) * frame.width() - 1;
    partly = reach(partly, last);
    wholly = reach(wholly, last);
  }

  @Override
  void add(Batch batch) {
    double[] durations = batch.field(Calculation.DURATION).numbers();
    long[] times = batch.times();
    long[] weights = batch.weights();
    int width = frame.width();
    reachTarget(batch.highest() / width);
    for (int i = 0; i < batch.count(); i++) {
      if (durations[i] > 0) {
        int spot = batch.isAlike() ? batch.spot() : batch.spotOfRow()[i];
        add(spot, times[i], end(times[i], durations[i]), weights == null ? 1 : weights[i]);
      }
    }
  }

  /** When a row has run, or when the range is over. */
  private long end(long time, double duration) {
    long length = Math.round(duration * NANOS_PER_MILLI);
    long end = length > Long.MAX_VALUE - Math.max(0, time) ? Long.MAX_VALUE : time + length;
    return Math.min(end, frame.end());
  }

  private void add(int spot, long time, long end, long weight) {
    int width = frame.width();
    int bucket = spot % width;
    int base = spot - bucket;
    long here = Math.min(end, frame.end(bucket));
    partly[spot] += (double) weight * (here - time);
    Frame.Buckets buckets = frame.buckets();
    if (here == end || buckets == null) {
      return;
    }
    int last = buckets.of(end - 1);
    partly[base + last] += (double) weight * (end - frame.start(last));
    if (last > bucket + 1) {
      wholly[base + bucket + 1] += weight;
      wholly[base + last] -= weight;
    }
  }

  @Override
  void merge(Accumulator other) {
    Concurrency others = (Concurrency) other;
    partly = reach(partly, others.partly.length - 1);
    wholly = reach(wholly, others.wholly.length - 1);
    for (int i = 0; i < others.partly.length; i++) {
      partly[i] += others.partly[i];
    }
    for (int i = 0; i < others.wholly.length; i++) {
      wholly[i] += others.wholly[i];
    }
  }

  @Override
  Cell[] cells(Level level, Operation operation) {
    double[] sums = new double[level.size()];
    int width = frame.width();
    long through = 0;
    for (int spot = 0; spot < Math.min(partly.length, wholly.length); spot++) {
      int bucket = spot % width;
      through = bucket == 0 ? 0 : through + wholly[spot];
      double ran =
          partly[spot]
              + (through == 0 ? 0 : (double) through * (frame.end(bucket) - frame.start(bucket)));
      int union = ran == 0 ? Level.NONE : level.of(spot);
      if (union != Level.NONE) {
        sums[union] += ran;
      }
    }
    Cell[] cells = new Cell[sums.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = new Cell.Figure(sums[i] == 0 ? 0 : sums[i] / level.nanos().applyAsLong(i));
    }
    return cells;
  }
}
