package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Codes;
import firebreak.eventstore.columns.Longs;
import firebreak.eventstore.columns.Numbers;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/** A filter as the rows of one part are asked it. */
sealed interface Condition {
  Condition ALL = new Constant(true);
  Condition NOTHING = new Constant(false);

  /**
   * Sets the bit of each row of [from, to) that meets the condition; none of the bits of their
   * words is set before, and {@code from} is a multiple of 64.
   */
  void select(int from, int to, long[] bits);

  boolean holds(int row);

  /** Every row, or none. */
  record Constant(boolean all) implements Condition {
    @Override
    public void select(int from, int to, long[] bits) {
      if (all) {
        Bits.set(bits, from, to);
      }
    }

    @Override
    public boolean holds(int row) {
      return all;
    }
  }

  /** The rows of [first, end). */
  record Interval(int first, int end) implements Condition {
    @Override
    public void select(int from, int to, long[] bits) {
      Bits.set(bits, Math.max(from, first), Math.min(to, end));
    }

    @Override
    public boolean holds(int row) {
      return row >= first && row < end;
    }
  }

  /** The rows of a time range. */
  record Timed(Longs times, long start, long end) implements Condition {
    @Override
    public void select(int from, int to, long[] bits) {
      Rows.selectTimes(times, from, to, start, end, bits);
    }

    @Override
    public boolean holds(int row) {
      long time = times.at(row);
      return time >= start && time < end;
    }
  }

  /** The rows whose code is one of those accepted. */
  @SuppressWarnings("ArrayRecordComponent")
  record Coded(Codes codes, boolean[] accepted) implements Condition {
    @Override
    public void select(int from, int to, long[] bits) {
      codes.select(from, to, accepted, bits);
    }

    @Override
    public boolean holds(int row) {
      return accepted[codes.at(row)];
    }
  }

  /** The rows whose code passes a test that is made at first need; for very many codes. */
  final class Tested implements Condition {
    private static final int CHUNK = 4_096;
    private static final byte YES = 1;
    private static final byte NO = 2;

    private final Codes codes;
    private final IntPredicate test;

    /** What is known of each code; a code tested by two threads at once only costs twice. */
    private final byte[] known;

    Tested(Codes codes, int highest, IntPredicate test) {
      this.codes = codes;
      this.test = test;
      known = new byte[highest + 1];
    }

    private boolean accepts(int code) {
      if (known[code] == 0) {
        known[code] = test.test(code) ? YES : NO;
      }
      return known[code] == YES;
    }

    @Override
    public void select(int from, int to, long[] bits) {
      int[] chunk = new int[Math.min(CHUNK, Math.max(0, to - from))];
      for (int first = from; first < to; first += CHUNK) {
        int size = Math.min(CHUNK, to - first);
        codes.read(first, size, chunk);
        for (int i = 0; i < size; i++) {
          if (accepts(chunk[i])) {
            Bits.set(bits, first + i);
          }
        }
      }
    }

    @Override
    public boolean holds(int row) {
      return accepts(codes.at(row));
    }
  }

  /** The rows whose value has one of the numbers accepted. */
  record Numbered(FieldIds.PartIds ids, BitSet accepted, PartView part) implements Condition {
    @Override
    public void select(int from, int to, long[] bits) {
      Chunk chunk = new Chunk();
      int[] read = new int[Chunk.SIZE];
      Rows rows = Rows.interval(part, from, to);
      for (int next = from; next < to; ) {
        next = chunk.fill(rows, next, to);
        ids.read(chunk, read);
        for (int i = 0; i < chunk.count(); i++) {
          if (accepted.get(read[i])) {
            Bits.set(bits, chunk.row(i));
          }
        }
      }
    }

    @Override
    public boolean holds(int row) {
      Chunk chunk = new Chunk();
      chunk.fill(Rows.interval(part, row, row + 1), row, row + 1);
      int[] read = new int[1];
      ids.read(chunk, read);
      return accepted.get(read[0]);
    }
  }

  /** A test of a row's number, from its row. */
  interface NumberTest {
    boolean passes(Numbers numbers, int row);
  }

  /** The rows whose number passes: its bin tells, or where the bin is undecided the number does. */
  @SuppressWarnings("ArrayRecordComponent")
  record Measured(
      Codes bins, boolean[] accepted, boolean[] undecided, Numbers numbers, NumberTest test)
      implements Condition {
    @Override
    public void select(int from, int to, long[] bits) {
      bins.select(from, to, accepted, bits);
      long[] doubtful = new long[bits.length];
      bins.select(from, to, undecided, doubtful);
      for (int row = Bits.next(doubtful, from, to);
          row < to;
          row = Bits.next(doubtful, row + 1, to)) {
        if (test.passes(numbers, row)) {
          Bits.set(bits, row);
        }
      }
    }

    @Override
    public boolean holds(int row) {
      int bin = bins.at(row);
      return accepted[bin] || (undecided[bin] && test.passes(numbers, row));
    }
  }

  /** The rows that meet all of at least two conditions. */
  record Both(List<Condition> conditions) implements Condition {
    /** Below this share of rows the next condition is asked row by row. */
    private static final int FEW = 32;

    @Override
    public void select(int from, int to, long[] bits) {
      conditions.getFirst().select(from, to, bits);
      for (Condition condition : conditions.subList(1, conditions.size())) {
        int left = Bits.count(bits, from, to);
        if (left == 0) {
          return;
        }
        if (left < (to - from) / FEW) {
          sift(condition, from, to, bits);
        } else {
          long[] others = new long[bits.length];
          condition.select(from, to, others);
          for (int word = from >> 6; word < (to + 63) >>> 6; word++) {
            bits[word] &= others[word];
          }
        }
      }
    }

    private static void sift(Condition condition, int from, int to, long[] bits) {
      for (int row = Bits.next(bits, from, to); row < to; row = Bits.next(bits, row + 1, to)) {
        if (!condition.holds(row)) {
          Bits.clear(bits, row);
        }
      }
    }

    @Override
    public boolean holds(int row) {
      return conditions.stream().allMatch(condition -> condition.holds(row));
    }
  }

  /** The rows that meet one of at least two conditions. */
  record Either(List<Condition> conditions) implements Condition {
    @Override
    public void select(int from, int to, long[] bits) {
      conditions.getFirst().select(from, to, bits);
      for (Condition condition : conditions.subList(1, conditions.size())) {
        long[] others = new long[bits.length];
        condition.select(from, to, others);
        for (int word = from >> 6; word < (to + 63) >>> 6; word++) {
          bits[word] |= others[word];
        }
      }
    }

    @Override
    public boolean holds(int row) {
      return conditions.stream().anyMatch(condition -> condition.holds(row));
    }
  }

  /** The rows that do not meet a condition. */
  record Not(Condition condition) implements Condition {
    @Override
    public void select(int from, int to, long[] bits) {
      long[] others = new long[bits.length];
      condition.select(from, to, others);
      Bits.set(bits, from, to);
      for (int word = from >> 6; word < (to + 63) >>> 6; word++) {
        bits[word] &= ~others[word];
      }
    }

    @Override
    public boolean holds(int row) {
      return !condition.holds(row);
    }
  }

  static Condition not(Condition condition) {
    return switch (condition) {
      case Constant(boolean all) -> all ? NOTHING : ALL;
      case Not(Condition inner) -> inner;
      case Interval _, Timed _, Coded _, Tested _, Numbered _, Measured _, Both _, Either _ ->
          new Not(condition);
    };
  }

  static Condition all(List<Condition> conditions) {
    List<Condition> needed = new ArrayList<>();
    for (Condition condition : conditions) {
      if (!condition.equals(ALL)) {
        add(condition, needed);
      }
    }
    if (needed.contains(NOTHING)) {
      return NOTHING;
    }
    return switch (needed.size()) {
      case 0 -> ALL;
      case 1 -> needed.getFirst();
      default -> new Both(needed);
    };
  }

  /** Two that ask for the codes of one column are one: a bound below and one above. */
  private static void add(Condition condition, List<Condition> to) {
    for (int i = 0; i < to.size() && condition instanceof Coded; i++) {
      if (condition instanceof Coded(Codes codes, boolean[] some)
          && to.get(i) instanceof Coded(Codes others, boolean[] accepted)
          && codes.equals(others)
          && accepted.length == some.length) {
        boolean[] both = new boolean[accepted.length];
        for (int code = 0; code < both.length; code++) {
          both[code] = accepted[code] && some[code];
        }
        to.set(i, new Coded(codes, both));
        return;
      }
    }
    to.add(condition);
  }

  static Condition any(List<Condition> conditions) {
    List<Condition> needed = conditions.stream().filter(c -> !c.equals(NOTHING)).toList();
    if (needed.contains(ALL)) {
      return ALL;
    }
    return switch (needed.size()) {
      case 0 -> NOTHING;
      case 1 -> needed.getFirst();
      default -> new Either(needed);
    };
  }
}
