package firebreak.eventstore.execution;

import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Codes;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import firebreak.eventstore.columns.Marginals;
import org.jspecify.annotations.Nullable;

/** A column that was made for one question; rows that the question does not look at lack it. */
final class ComputedColumn implements Column.Coded {
  private final int[] rows;
  private final ValueIds values;
  private final Codes codes =
      new Codes() {
        @Override
        public int at(int row) {
          return rows[row];
        }

        @Override
        public void read(int from, int count, int[] into) {
          System.arraycopy(rows, from, into, 0, count);
        }
      };
  private final Dictionary dictionary =
      new Dictionary() {
        @Override
        public int size() {
          return values.size();
        }

        @Override
        public Value value(int code) {
          return values.value(code);
        }

        @Override
        public int code(Value value) {
          return values.find(value);
        }
      };

  /** The column whose code for each row is the number of its value, 0 for none. */
  ComputedColumn(int[] rows, ValueIds values) {
    this.rows = rows;
    this.values = values;
  }

  @Override
  public Codes codes() {
    return codes;
  }

  @Override
  public Dictionary dictionary() {
    return dictionary;
  }

  @Override
  public @Nullable Marginals marginals() {
    return null;
  }
}
