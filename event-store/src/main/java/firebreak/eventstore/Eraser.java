package firebreak.eventstore;

import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.PartFile;
import firebreak.eventstore.columns.Times;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes part files anew without the rows that are to be erased, and names those it cannot read.
 */
final class Eraser {
  private final PartFiles files;
  private final List<PartEntry> givenUp;
  private final BiConsumer<StoredPart, Exception> quarantine;

  /**
   * Makes the eraser of a store.
   *
   * @param givenUp damaged parts that an operator has renamed to go on without them
   * @param quarantine is told of parts that turn out to be damaged
   */
  Eraser(PartFiles files, List<PartEntry> givenUp, BiConsumer<StoredPart, Exception> quarantine) {
    this.files = files;
    this.givenUp = List.copyOf(givenUp);
    this.quarantine = quarantine;
  }

  /** Adds to a step what an order changes in those of a dataset's parts that came before it. */
  void erase(Applier.Erasing order, List<StoredPart> parts, Commits.Step step) throws IOException {
    for (StoredPart stored : parts) {
      if (stored.entry().lastSequence() < order.sequence()) {
        erase(order.erasure().filter(), stored, step);
      }
    }
    files.stillGivenUp(givenUp, order.erasure().dataset()).stream()
        .filter(entry -> entry.lastSequence() < order.sequence())
        .forEach(entry -> step.unread.add(DamagedPartException.describeKept(entry)));
  }

  private void erase(Filter filter, StoredPart stored, Commits.Step step) throws IOException {
    Part part = sound(stored);
    if (part == null) {
      step.unread.add(DamagedPartException.describe(stored.entry()));
      return;
    }
    BitSet matching = matching(part, filter);
    if (!matching.isEmpty()) {
      step.erasedRows += matching.cardinality();
      step.removed.add(stored);
      step.added.addAll(rewrite(stored.entry(), List.of(part), matching));
    }
  }

  /** The rows of a part whose file is sound; null for one that is damaged. */
  private @Nullable Part sound(StoredPart stored) {
    if (stored.part() != null) {
      try {
        stored.verify(PartFile.Pace.FULL);
      } catch (IOException | RuntimeException e) {
        quarantine.accept(stored, e);
        return null;
      }
    }
    return stored.part();
  }

  private List<StoredPart> rewrite(PartEntry entry, List<Part> parts, BitSet without)
      throws IOException {
    return files.write(
        entry.dataset(),
        parts,
        (_, row) -> !without.get(row),
        new PartFiles.Sequences(entry.firstSequence(), entry.lastSequence()));
  }

  /** The rows that pass a filter, one by one, by what the filter itself says. */
  private static BitSet matching(Part part, Filter filter) {
    Map<String, Column> columns = new HashMap<>();
    for (String field : Filter.fields(filter)) {
      Column column = part.column(field);
      if (column != null) {
        columns.put(field, column);
      }
    }
    BitSet matching = new BitSet(part.rows());
    for (int row = 0; row < part.rows(); row++) {
      Map<String, Value> values = new HashMap<>();
      for (Map.Entry<String, Column> column : columns.entrySet()) {
        @Nullable Value value = column.getValue().value(row);
        if (value != null) {
          values.put(column.getKey(), value);
        }
      }
      if (filter.matches(new Event(Times.instant(part.times().at(row)), 1, values))) {
        matching.set(row);
      }
    }
    return matching;
  }
}
