package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Longs;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of rows on its way into accumulators, each row with the spot it belongs to: a group, or a
 * group's time bucket.
 */
final class Batch {
  private final Chunk chunk = new Chunk();
  private final int[] spotOfRow = new int[Chunk.SIZE];
  private final long[] rates = new long[Chunk.SIZE];
  private final long[] times = new long[Chunk.SIZE];
  private final Map<String, FieldReader> fields = new HashMap<>();
  private final Map<String, FieldIds.PartIds> ids = new HashMap<>();
  private final Function<String, BinScale> scales;
  private @Nullable PartView part;
  private @Nullable Longs sampleRates;
  private boolean alike;
  private boolean hasTimes;
  private int spot;
  private int highest;

  Batch(Function<String, BinScale> scales) {
    this.scales = scales;
  }

  Chunk chunk() {
    return chunk;
  }

  int count() {
    return chunk.count();
  }

  /** The part at hand. */
  PartView part() {
    return Objects.requireNonNull(part);
  }

  void turnTo(PartView next) {
    if (part != next) {
      part = next;
      sampleRates = next.sampleRates();
      fields.values().forEach(reader -> reader.turnTo(next));
      ids.clear();
    }
  }

  /** To be told when the chunk has been filled anew. */
  void filled() {
    fields.values().forEach(FieldReader::next);
    hasTimes = false;
    if (sampleRates != null) {
      chunk.read(sampleRates, rates);
    }
  }

  /** Puts all rows into one spot. */
  void spot(int all) {
    alike = true;
    spot = all;
    highest = all;
  }

  /** To be told when {@link #spotOfRow} has been filled with spots up to {@code bound}. */
  void spots(int bound) {
    alike = false;
    highest = bound;
  }

  /** To be told when {@link #spotOfRow} has been filled. */
  void spots() {
    alike = false;
    highest = 0;
    for (int i = 0; i < chunk.count(); i++) {
      highest = Math.max(highest, spotOfRow[i]);
    }
  }

  /** Whether all rows belong to {@link #spot}. */
  boolean isAlike() {
    return alike;
  }

  int spot() {
    return spot;
  }

  /** The spot of each row, unless they are all alike. */
  int[] spotOfRow() {
    return spotOfRow;
  }

  /** The highest spot of a row. */
  int highest() {
    return highest;
  }

  /** What each row weighs; null where each weighs 1. */
  long @Nullable [] weights() {
    return sampleRates == null ? null : rates;
  }

  /** The time of each row, in nanoseconds since 1970. */
  long[] times() {
    if (!hasTimes) {
      hasTimes = true;
      chunk.read(part().part().times(), times);
    }
    return times;
  }

  FieldReader field(String name) {
    FieldReader known = fields.get(name);
    if (known == null) {
      known = new FieldReader(name, chunk, scales.apply(name));
      fields.put(name, known);
      if (part != null) {
        known.turnTo(part);
      }
    }
    return known;
  }

  /** The numbers of a field's values in the part at hand. */
  FieldIds.PartIds ids(String name, FieldIds numbered) {
    FieldIds.PartIds known = ids.get(name);
    if (known == null) {
      known = numbered.of(part());
      ids.put(name, known);
    }
    return known;
  }
}
