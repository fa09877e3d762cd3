package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Longs;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Into which spot each row falls: that of its group's target, times the time buckets.
 *
 * @param grouping the groups of rows; null where all are one
 * @param targets the target of each group; null where each group is its own
 * @param frame the time buckets within each target
 */
record Layout(@Nullable Grouping grouping, @Nullable IntUnaryOperator targets, Frame frame) {
  /** Rows are divided into fewer spots than this. */
  static final int MOST_SPOTS = 1 << 24;

  /** Gives each row of one part its spot; for one thread. */
  final class Placer {
    private final Longs times;
    private final Grouping.@Nullable PartGroups groups;
    private final long[] read = new long[Chunk.SIZE];
    private final int width = frame.width();

    Placer(PartView part) {
      times = part.part().times();
      groups = grouping == null ? null : grouping.of(part);
    }

    /** Places the rows of the batch, all of which fall into one bucket. */
    void place(Batch batch, int bucket) {
      if (groups == null) {
        batch.spot(bucket);
        return;
      }
      int[] spots = batch.spotOfRow();
      target(groups, batch, spots);
      if (width > 1) {
        for (int i = 0; i < batch.count(); i++) {
          spots[i] = spots[i] * width + bucket;
        }
      }
      batch.spots();
    }

    /** Places the rows of the batch, each in the bucket of its time. */
    void place(Batch batch, Frame.Buckets each) {
      int[] spots = batch.spotOfRow();
      if (groups == null) {
        Arrays.fill(spots, 0, batch.count(), 0);
      } else {
        target(groups, batch, spots);
      }
      batch.chunk().read(times, read);
      for (int i = 0; i < batch.count(); i++) {
        spots[i] = spots[i] * width + each.of(read[i]);
      }
      batch.spots();
    }

    private void target(Grouping.PartGroups from, Batch batch, int[] into) {
      from.read(batch.chunk(), into);
      if (targets != null) {
        for (int i = 0; i < batch.count(); i++) {
          into[i] = targets.applyAsInt(into[i]);
        }
      }
      if (width > 1) {
        for (int i = 0; i < batch.count(); i++) {
          if (into[i] >= MOST_SPOTS / width) {
            throw Grouping.tooMany();
          }
        }
      }
    }
  }
}
