package firebreak.eventstore.columns;

import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One field of the memtable. It begins coded, turns measured when it has many numbers and nothing
 * else, and turns coded for good when something else comes.
 *
 * <p>Whoever looks at rows of before a turn sees them in the form that they had then.
 */
final class MemtableColumn {
  /** A form that is no longer added to, and up to how many rows a view may show it. */
  private record Former(int rows, Coded coded, @Nullable GrowingNumbers numbers) {}

  private record Coded(GrowingCodes codes, GrowingDictionary dictionary) {
    Coded(int rows) {
      this(new GrowingCodes(rows), new GrowingDictionary());
    }
  }

  private static final int FIRST_CAPACITY = 1_024;

  private final String name;
  private final int firstRow;
  private final List<Former> formers = new ArrayList<>();
  private Coded coded;
  private @Nullable GrowingNumbers numbers;
  private boolean stayCoded;

  /** The column that an event named after this one, most likely also in the next event. */
  private @Nullable MemtableColumn successor;

  MemtableColumn(String name, int firstRow) {
    this.name = name;
    this.firstRow = firstRow;
    coded = new Coded(Math.max(FIRST_CAPACITY, firstRow + 1));
  }

  String name() {
    return name;
  }

  int firstRow() {
    return firstRow;
  }

  @Nullable MemtableColumn successor() {
    return successor;
  }

  void setSuccessor(MemtableColumn column) {
    successor = column;
  }

  /**
   * Adds the value of a row.
   *
   * @param key filled with the value, free to be changed
   */
  void add(int row, Value value, Key key) {
    key.set(value);
    GrowingNumbers measured = numbers;
    if (measured != null) {
      if (key.kind.isNumber() && measured.add(row, key.kind, key.first)) {
        return;
      }
      turnCoded(row, measured);
      key.set(value);
    }
    coded.codes().set(row, coded.dictionary().add(key));
    if (!stayCoded && coded.dictionary().size() > Column.CODED_NUMBERS) {
      turnMeasured(row, key);
    }
  }

  private void turnMeasured(int row, Key key) {
    GrowingDictionary dictionary = coded.dictionary();
    if (!dictionary.isMeasurable()) {
      stayCoded = true;
      return;
    }
    dictionary.key(1, key);
    GrowingNumbers measured =
        new GrowingNumbers(
            dictionary.isWhole(), 2 * (row + 1), HeatmapBins.number(dictionary.number(1)));
    for (int i = firstRow; i <= row; i++) {
      int code = coded.codes().at(i);
      if (code != Column.ABSENT) {
        dictionary.key(code, key);
        measured.add(i, key.kind, key.first);
      }
    }
    formers.add(new Former(row, coded, null));
    numbers = measured;
  }

  private void turnCoded(int row, GrowingNumbers measured) {
    Coded built = new Coded(2 * (row + 1));
    Key key = new Key();
    for (int i = firstRow; i < row; i++) {
      if (measured.isPresent(i)) {
        key.set(ExactNumbers.value(measured.isWhole(), measured.bits(i)));
        built.codes().set(i, built.dictionary().add(key));
      }
    }
    formers.add(new Former(row, coded, measured));
    coded = built;
    numbers = null;
    stayCoded = true;
  }

  /**
   * The first rows of the column.
   *
   * @param lock held now, and by whoever adds values
   */
  Column view(int rows, Object lock) {
    for (Former former : formers) {
      if (rows <= former.rows()) {
        return view(rows, former.coded(), former.numbers(), lock);
      }
    }
    return view(rows, coded, numbers, lock);
  }

  private static Column view(int rows, Coded coded, @Nullable GrowingNumbers numbers, Object lock) {
    return numbers != null
        ? numbers.view(rows)
        : new CodedColumn(coded.codes().view(rows), coded.dictionary().view(lock), null);
  }

  long bytes() {
    GrowingNumbers measured = numbers;
    return coded.codes().bytes()
        + coded.dictionary().bytes()
        + (measured == null ? 0 : measured.bytes());
  }
}
