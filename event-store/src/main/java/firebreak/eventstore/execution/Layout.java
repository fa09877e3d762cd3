package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Longs;
import firebreak.eventstore.columns.Times;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Into which spot each row falls: that of its group's target, times the time buckets.
 *
 * @param grouping the groups of rows; null where all are one
 * @param targets the target of each group; null where each group is its own
 * @param buckets the time buckets within each target; null for none
 */
record Layout(
    @Nullable Grouping grouping, @Nullable IntUnaryOperator targets, @Nullable Buckets buckets) {

  /** Time buckets from {@code first} on, counted from 1970. */
  record Buckets(Duration width, long first, int count) {
    static Buckets of(long start, long end, Duration width) {
      long first = Times.bucket(start, width);
      return new Buckets(width, first, (int) (Times.bucket(end - 1, width) - first) + 1);
    }

    int of(long time) {
      return (int) (Times.bucket(time, width) - first);
    }

    /** The time at which a bucket ends. */
    long end(int bucket) {
      long next = first + bucket + 1;
      long nanos = width.toNanos();
      return next > Long.MAX_VALUE / nanos ? Long.MAX_VALUE : next * nanos;
    }
  }

  /** Gives each row of one part its spot; for one thread. */
  final class Placer {
    private final Longs times;
    private final Grouping.@Nullable PartGroups groups;
    private final long[] read = new long[Chunk.SIZE];

    Placer(PartView part) {
      times = part.part().times();
      groups = grouping == null ? null : grouping.of(part);
    }

    /** Places the rows of the batch, all of which fall into one bucket. */
    void place(Batch batch, int bucket) {
      int count = buckets == null ? 1 : buckets.count();
      if (groups == null) {
        batch.spot(bucket);
        return;
      }
      int[] spots = batch.spotOfRow();
      target(batch, spots);
      if (buckets != null) {
        for (int i = 0; i < batch.count(); i++) {
          spots[i] = spots[i] * count + bucket;
        }
      }
      batch.spots();
    }

    /** Places the rows of the batch, each in the bucket of its time. */
    void place(Batch batch, Buckets each) {
      int[] spots = batch.spotOfRow();
      if (groups == null) {
        Arrays.fill(spots, 0, batch.count(), 0);
      } else {
        target(batch, spots);
      }
      batch.chunk().read(times, read);
      for (int i = 0; i < batch.count(); i++) {
        spots[i] = spots[i] * each.count() + each.of(read[i]);
      }
      batch.spots();
    }

    private void target(Batch batch, int[] into) {
      if (groups == null) {
        return;
      }
      groups.read(batch.chunk(), into);
      if (targets != null) {
        for (int i = 0; i < batch.count(); i++) {
          into[i] = targets.applyAsInt(into[i]);
        }
      }
    }
  }
}
