package firebreak.eventstore.execution;

import firebreak.eventstore.Limits;
import firebreak.eventstore.columns.Codes;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Longs;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Into which spot each row falls: that of its group's target, times the time buckets. */
final class Layout {
  /** Groups are numbered below this, whether they occur or not. */
  private static final int MOST_GROUPS = 1 << 24;

  private final @Nullable Grouping grouping;
  private final @Nullable IntUnaryOperator targets;
  private final Frame frame;
  private final int size;

  /** For parts that have fewer codes than rows, the target of each code. */
  private final Map<PartView, int[]> targetOfCode = new ConcurrentHashMap<>();

  /**
   * A layout.
   *
   * @param grouping the groups of rows; null where all are one
   * @param targets the target of each group; null where each group is its own
   * @param frame the time buckets within each target
   * @param size how many targets there are; {@link Reading#UNKNOWN} if nobody knows
   */
  Layout(@Nullable Grouping grouping, @Nullable IntUnaryOperator targets, Frame frame, int size) {
    this.grouping = grouping;
    this.targets = targets;
    this.frame = frame;
    this.size = size;
    if (size > most(frame.width())) {
      throw Grouping.tooMany();
    }
  }

  /** How many targets there may be of so many time buckets each. */
  private static int most(int buckets) {
    return buckets == 1 ? MOST_GROUPS : Limits.GROUPS / buckets;
  }

  /** How many targets there are; {@link Reading#UNKNOWN} if nobody knows. */
  int size() {
    return size;
  }

  Frame frame() {
    return frame;
  }

  /** Whether all rows of one time bucket fall into the same spot. */
  boolean isUndivided() {
    return grouping == null;
  }

  /** Whether each group is its own target. */
  boolean isByGroup() {
    return grouping != null && targets == null;
  }

  /** How many groups there are by now. */
  int groups() {
    return grouping == null ? 1 : grouping.size();
  }

  /** If all there is to do is to count the rows of each value of one field, that field. */
  @Nullable FieldIds countsOnly(boolean onlyCounts) {
    return onlyCounts && grouping != null && isByGroup() && frame.buckets() == null
        ? grouping.only()
        : null;
  }

  /** The target of each code, if the groups of the part are those of codes. */
  private int @Nullable [] targetOfCode(PartView part, int rows) {
    FieldIds only = grouping == null ? null : grouping.only();
    if (only == null
        || !(only.column(part) instanceof Column.Coded coded)
        || coded.dictionary().size() > rows) {
      return null;
    }
    return targetOfCode.computeIfAbsent(
        part,
        _ -> {
          int[] map = only.map(part);
          return targets == null ? map : Arrays.stream(map).map(targets).toArray();
        });
  }

  private static @Nullable Codes codes(@Nullable Grouping grouping, PartView part) {
    FieldIds only = grouping == null ? null : grouping.only();
    return only != null && only.column(part) instanceof Column.Coded coded ? coded.codes() : null;
  }

  /** Gives each row of one part its spot; for one thread. */
  final class Placer {
    private final Longs times;
    private final Grouping.@Nullable PartGroups groups;
    private final int @Nullable [] table;
    private final @Nullable Codes codes;
    private final long[] read = new long[Chunk.SIZE];
    private final int width = frame.width();

    /** Places the rows of a part, of which so many take part. */
    Placer(PartView part, int rows) {
      times = part.part().times();
      groups = grouping == null ? null : grouping.of(part);
      table = targetOfCode(part, rows);
      codes = table == null ? null : codes(grouping, part);
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
      placed(batch);
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
      placed(batch);
    }

    private void placed(Batch batch) {
      if (size == Reading.UNKNOWN) {
        batch.spots();
      } else {
        batch.spots(size * width - 1);
      }
    }

    private void target(Grouping.PartGroups from, Batch batch, int[] into) {
      int count = batch.count();
      if (table != null && codes != null) {
        batch.chunk().read(codes, into);
        for (int i = 0; i < count; i++) {
          into[i] = table[into[i]];
        }
      } else {
        from.read(batch.chunk(), into);
        if (targets != null) {
          for (int i = 0; i < count; i++) {
            into[i] = targets.applyAsInt(into[i]);
          }
        }
      }
      if (width > 1 && size == Reading.UNKNOWN) {
        for (int i = 0; i < count; i++) {
          if (into[i] >= most(width)) {
            throw Grouping.tooMany();
          }
        }
      }
    }
  }
}
