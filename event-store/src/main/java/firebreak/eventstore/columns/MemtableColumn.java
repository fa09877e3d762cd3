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

  private String name;
  private final int firstRow;
  private final int[] heldRows = new int[Memtable.AT_ONCE];
  private final Value[] heldValues = new Value[Memtable.AT_ONCE];
  private int held;
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

  /** Whether this is the name. Remembers its form, for the next will most likely be the same. */
  boolean isNamed(String other) {
    if (isSame(name, other)) {
      return true;
    }
    if (!name.equals(other)) {
      return false;
    }
    name = other;
    return true;
  }

  @SuppressWarnings("ReferenceEquality") // whoever asks compares the content next
  private static boolean isSame(String one, String other) {
    return one == other;
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

  /** Remembers the value of a row until {@link #addHeld}; answers whether it is the first. */
  boolean hold(int row, Value value) {
    heldRows[held] = row;
    heldValues[held] = value;
    return held++ == 0;
  }

  /** Adds the values that are held. */
  void addHeld(KeyBatch keys) {
    int count = held;
    if (count == 0) {
      return;
    }
    held = 0;
    keys.set(heldValues, count);
    int done = numbers == null ? 0 : addNumbers(keys, count);
    if (done < count) {
      addCodes(keys, done, count);
    }
  }

  /** Adds numbers as long as they can be measured; answers how many were added. */
  private int addNumbers(KeyBatch keys, int count) {
    GrowingNumbers measured = numbers;
    for (int i = 0; i < count && measured != null; i++) {
      Kind kind = keys.kind(i);
      if (!kind.isNumber() || !measured.add(heldRows[i], kind, keys.first(i))) {
        turnCoded(heldRows[i], measured);
        return i;
      }
    }
    return count;
  }

  private void addCodes(KeyBatch keys, int from, int count) {
    keys.hash(from, count);
    coded.dictionary().prepare(keys, from, count);
    for (int i = from; i < count; i++) {
      coded.codes().set(heldRows[i], coded.dictionary().add(keys, i));
      if (!stayCoded && coded.dictionary().size() > Column.CODED_NUMBERS) {
        turnMeasured(heldRows[i]);
        if (numbers != null) {
          restart(i + 1, count);
          addHeld(keys);
          return;
        }
      }
    }
  }

  /** Holds only those that were not added yet. */
  private void restart(int from, int count) {
    held = count - from;
    System.arraycopy(heldRows, from, heldRows, 0, held);
    System.arraycopy(heldValues, from, heldValues, 0, held);
  }

  private void turnMeasured(int row) {
    GrowingDictionary dictionary = coded.dictionary();
    if (!dictionary.isMeasurable()) {
      stayCoded = true;
      return;
    }
    Key key = new Key();
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
