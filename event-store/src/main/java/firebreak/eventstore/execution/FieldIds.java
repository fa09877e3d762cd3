package firebreak.eventstore.execution;

import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Codes;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import firebreak.eventstore.columns.Numbers;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the values of one field in the same way in all parts: 0 is absent, values count from 1.
 */
final class FieldIds {
  /** Which column of each part is meant. */
  @FunctionalInterface
  interface Naming {
    @Nullable Column column(PartView part);
  }

  /** Below this, a double tells a number exactly. */
  private static final double EXACT = 1L << 53;

  private final Naming naming;
  private final ValueIds ids;
  private final boolean complete;

  /** The size while {@link #complete}; other questions may number further values meanwhile. */
  private final int frozen;

  private final LongIds numbers = new LongIds();
  private final Map<PartView, int[]> maps;
  private final Map<PartView, PartIds> parts = new ConcurrentHashMap<>();

  /**
   * Numbers values by {@code ids}.
   *
   * @param maps for each part the number of each code, 0 where it is not known yet
   * @param complete whether the maps know every code
   */
  FieldIds(Naming naming, ValueIds ids, Map<PartView, int[]> maps, boolean complete) {
    this.naming = naming;
    this.ids = ids;
    this.maps = maps;
    this.complete = complete;
    frozen = ids.size() + 1;
  }

  /** Whether every value that can occur has its number already. */
  boolean isComplete() {
    return complete;
  }

  /** One more than the highest number given out. */
  int size() {
    return complete ? frozen : ids.size() + 1;
  }

  /** Names the numbering: a number means the same value wherever this is the same. */
  Object numbering() {
    return ids;
  }

  /** The number of a value; 0 where it has none. */
  int find(Value value) {
    return ids.find(value);
  }

  /** Puts in the place of codes of a part's dictionary the numbers of their values. */
  void number(PartView part, Dictionary dictionary, int[] codes, int count) {
    int[] map = complete ? maps.get(part) : null;
    if (map == null) {
      number(dictionary, codes, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      codes[i] = map[codes[i]];
    }
  }

  /** The same, new numbers for those that have none. */
  void number(Dictionary dictionary, int[] codes, int count) {
    ids.number(dictionary, codes, count);
  }

  /** The value of a number; null for 0. */
  @Nullable Value value(int id) {
    return id == Column.ABSENT ? null : ids.value(id);
  }

  /** The column that is meant in a part; null where no row has it. */
  @Nullable Column column(PartView part) {
    return naming.column(part);
  }

  /** The number of each code in a part of which all are known. */
  int[] map(PartView part) {
    int[] map = maps.get(part);
    if (map == null || !complete) {
      throw new IllegalStateException("the values of the part are not numbered yet");
    }
    return map;
  }

  /** The numbers in one part. */
  PartIds of(PartView part) {
    return parts.computeIfAbsent(part, this::in);
  }

  private PartIds in(PartView part) {
    return switch (naming.column(part)) {
      case null -> new Nowhere();
      case Column.Coded coded -> {
        Dictionary dictionary = coded.dictionary();
        int[] map = maps.computeIfAbsent(part, _ -> new int[dictionary.size() + 1]);
        yield new ByCode(coded.codes(), dictionary, map);
      }
      case Column.Measured measured -> new ByNumber(measured.numbers());
    };
  }

  /** The numbers of the values in the rows of one part. */
  abstract static sealed class PartIds {
    /** Reads the number of each row of the chunk. */
    abstract void read(Chunk chunk, int[] into);
  }

  private static final class Nowhere extends PartIds {
    @Override
    void read(Chunk chunk, int[] into) {
      Arrays.fill(into, 0, chunk.count(), Column.ABSENT);
    }
  }

  private final class ByCode extends PartIds {
    private final Codes codes;
    private final Dictionary dictionary;
    private final int[] map;

    ByCode(Codes codes, Dictionary dictionary, int[] map) {
      this.codes = codes;
      this.dictionary = dictionary;
      this.map = map;
    }

    @Override
    void read(Chunk chunk, int[] into) {
      chunk.read(codes, into);
      int count = chunk.count();
      for (int i = 0; i < count; i++) {
        int code = into[i];
        int id = map[code];
        into[i] = id == 0 && code != Column.ABSENT ? resolve(code) : id;
      }
    }

    private int resolve(int code) {
      int id = ids.id(dictionary, code);
      map[code] = id;
      return id;
    }
  }

  private final class ByNumber extends PartIds {
    private final Numbers rows;

    ByNumber(Numbers rows) {
      this.rows = rows;
    }

    @Override
    void read(Chunk chunk, int[] into) {
      double[] read = chunk.spare();
      chunk.read(rows, read);
      for (int i = 0; i < chunk.count(); i++) {
        double number = read[i];
        int id = numbers.get(Double.doubleToRawLongBits(number));
        into[i] = id == 0 && !Double.isNaN(number) ? resolve(chunk.row(i), number) : id;
      }
    }

    private int resolve(int row, double number) {
      Value value = rows.value(row);
      if (value == null) {
        return Column.ABSENT;
      }
      synchronized (numbers) {
        int id = ids.id(value);
        long key = Double.doubleToRawLongBits(number);
        if (Math.abs(number) < EXACT && numbers.get(key) == 0) {
          numbers.put(key, id);
        }
        return id;
      }
    }
  }
}
