package firebreak.eventstore.execution;

import firebreak.eventstore.EventView;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Formula;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Computes a formula for the rows of one part: once for each combination of the values that it
 * reads where these are few, else once for each row.
 */
final class DerivedColumn {
  /** Up to so many combinations are remembered. */
  private static final long MOST_COMBINATIONS = 1 << 18;

  private final PartView part;
  private final Formula formula;
  private final Rows rows;
  private final ValueIds values = new ValueIds();
  private final int[] codes;
  private final Chunk chunk = new Chunk();

  private DerivedColumn(PartView part, Formula formula, Rows rows) {
    this.part = part;
    this.formula = formula;
    this.rows = rows;
    codes = new int[part.rows()];
  }

  static Column of(PartView part, Formula formula, Rows rows) {
    DerivedColumn column = new DerivedColumn(part, formula, rows);
    column.compute();
    return new ComputedColumn(column.codes, column.values);
  }

  private void compute() {
    List<Column.Coded> read = new ArrayList<>();
    long combinations = 1;
    boolean coded = !formula.readsTime();
    for (String field : new TreeSet<>(formula.fields())) {
      switch (part.stored(field)) {
        case null -> {}
        case Column.Coded column -> {
          read.add(column);
          combinations =
              Math.min(MOST_COMBINATIONS + 1, combinations * (column.dictionary().size() + 1L));
        }
        case Column.Measured _ -> coded = false;
      }
    }
    if (coded && combinations <= MOST_COMBINATIONS) {
      computeByCombination(read, (int) combinations);
    } else {
      RowView view = new RowView();
      each(() -> computeRows(view));
    }
  }

  private void each(Runnable use) {
    for (int from = rows.from(); from < rows.to(); ) {
      from = chunk.fill(rows, from, rows.to());
      use.run();
    }
  }

  private void computeRows(RowView view) {
    for (int i = 0; i < chunk.count(); i++) {
      codes[chunk.row(i)] = evaluate(view, chunk.row(i));
    }
  }

  private int evaluate(RowView view, int row) {
    view.row = row;
    Value value = formula.evaluate(view);
    return value == null ? Column.ABSENT : values.id(value);
  }

  private void computeByCombination(List<Column.Coded> read, int combinations) {
    RowView view = new RowView();
    // One more than the code of each combination, 0 for one not seen yet.
    int[] known = new int[combinations];
    int[] combined = new int[Chunk.SIZE];
    int[] own = new int[Chunk.SIZE];
    each(
        () -> {
          Arrays.fill(combined, 0);
          for (Column.Coded column : read) {
            int width = column.dictionary().size() + 1;
            chunk.read(column.codes(), own);
            for (int i = 0; i < chunk.count(); i++) {
              combined[i] = combined[i] * width + own[i];
            }
          }
          for (int i = 0; i < chunk.count(); i++) {
            int combination = combined[i];
            if (known[combination] == 0) {
              known[combination] = evaluate(view, chunk.row(i)) + 1;
            }
            codes[chunk.row(i)] = known[combination] - 1;
          }
        });
  }

  /** A row as a formula sees it. */
  private final class RowView implements EventView {
    private final Map<String, Column> columns = new HashMap<>();
    private int row;

    RowView() {
      for (String field : formula.fields()) {
        Column column = part.stored(field);
        if (column != null) {
          columns.put(field, column);
        }
      }
    }

    @Override
    public Instant time() {
      return Times.instant(part.part().times().at(row));
    }

    @Override
    public @Nullable Value field(String name) {
      Column column = columns.get(name);
      return column == null ? null : column.value(row);
    }

    @Override
    public boolean traceHas(Filter filter) {
      throw new IllegalStateException("a formula sees its own event only");
    }
  }
}
