package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.IdTable;
import java.util.Arrays;

/** The different values of a field in each spot: a bit each where that is not too much. */
final class Distinct extends Accumulator {
  private static final long MOST_BITS = 1L << 27;

  private final String field;
  private final FieldIds ids;
  private final IdTable pairs = new IdTable();
  private final int[] read = new int[Chunk.SIZE];

  /** How many bits each spot has; 0 where there are pairs instead. */
  private final int width;

  private long[] bits = new long[64];

  Distinct(String field, FieldIds ids, long spots) {
    this.field = field;
    this.ids = ids;
    width = ids.isComplete() && spots <= MOST_BITS / ids.size() ? (ids.size() + 63) & -64 : 0;
  }

  @Override
  void add(Batch batch) {
    batch.ids(field, ids).read(batch.chunk(), read);
    if (width == 0) {
      for (int i = 0; i < batch.count(); i++) {
        if (read[i] != Column.ABSENT) {
          pairs.id(batch.isAlike() ? batch.spot() : batch.spotOfRow()[i], read[i]);
        }
      }
      return;
    }
    bits = reach(bits, (batch.highest() + 1) * (width >> 6) - 1);
    int words = width >> 6;
    for (int i = 0; i < batch.count(); i++) {
      int spot = batch.isAlike() ? batch.spot() : batch.spotOfRow()[i];
      bits[spot * words + (read[i] >> 6)] |= 1L << read[i];
    }
  }

  @Override
  void merge(Accumulator other) {
    Distinct others = (Distinct) other;
    for (int pair = 0; pair < others.pairs.size(); pair++) {
      pairs.id(others.pairs.key(pair));
    }
    bits = reach(bits, others.bits.length - 1);
    for (int i = 0; i < others.bits.length; i++) {
      bits[i] |= others.bits[i];
    }
  }

  @Override
  Cell[] cells(Level level, Operation operation) {
    long[] counts = width == 0 ? countPairs(level) : countBits(level);
    return Arrays.stream(counts).mapToObj(Cell.Figure::new).toArray(Cell[]::new);
  }

  private long[] countPairs(Level level) {
    IdTable united = new IdTable();
    long[] counts = new long[level.size()];
    for (int pair = 0; pair < pairs.size(); pair++) {
      int union = level.of(pairs.high(pair));
      if (union != Level.NONE && united.isNew(union, pairs.low(pair))) {
        counts[union]++;
      }
    }
    return counts;
  }

  private long[] countBits(Level level) {
    int words = width >> 6;
    long[] united = new long[level.size() * words];
    for (int spot = 0; (spot + 1) * words <= bits.length; spot++) {
      int union = level.of(spot);
      for (int word = 0; word < words && union != Level.NONE; word++) {
        united[union * words + word] |= bits[spot * words + word];
      }
    }
    long[] counts = new long[level.size()];
    for (int union = 0; union < counts.length; union++) {
      // The lowest bit stands for absent values.
      counts[union] = -(united[union * words] & 1);
      for (int word = 0; word < words; word++) {
        counts[union] += Long.bitCount(united[union * words + word]);
      }
    }
    return counts;
  }
}
