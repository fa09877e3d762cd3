package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.IdTable;
import java.util.Arrays;

/** The different values of a field in each spot. */
final class Distinct extends Accumulator {
  private final String field;
  private final FieldIds ids;
  private final IdTable pairs = new IdTable();
  private final int[] read = new int[Chunk.SIZE];

  Distinct(String field, FieldIds ids) {
    this.field = field;
    this.ids = ids;
  }

  @Override
  void add(Batch batch) {
    batch.ids(field, ids).read(batch.chunk(), read);
    for (int i = 0; i < batch.count(); i++) {
      if (read[i] != Column.ABSENT) {
        pairs.id(batch.isAlike() ? batch.spot() : batch.spotOfRow()[i], read[i]);
      }
    }
  }

  @Override
  void merge(Accumulator other) {
    IdTable others = ((Distinct) other).pairs;
    for (int pair = 0; pair < others.size(); pair++) {
      pairs.id(others.key(pair));
    }
  }

  @Override
  Cell[] cells(Level level, Operation operation) {
    IdTable united = new IdTable();
    long[] counts = new long[level.size()];
    for (int pair = 0; pair < pairs.size(); pair++) {
      int union = level.of(pairs.high(pair));
      if (union != Level.NONE && united.isNew(union, pairs.low(pair))) {
        counts[union]++;
      }
    }
    return Arrays.stream(counts).mapToObj(Cell.Figure::new).toArray(Cell[]::new);
  }
}
