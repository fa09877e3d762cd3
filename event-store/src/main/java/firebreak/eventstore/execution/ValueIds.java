package firebreak.eventstore.execution;

import firebreak.eventstore.LimitExceededException;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Dictionary;
import firebreak.eventstore.columns.ValueNumbers;
import java.util.function.Supplier;

/** Numbers different values from 1 on, up to a limit that a question has. */
final class ValueIds {
  private final ValueNumbers numbers = new ValueNumbers();
  private final int most;
  private final Supplier<LimitExceededException> refusal;

  /** Numbers for any number of values. */
  ValueIds() {
    this(Integer.MAX_VALUE, Grouping::tooMany);
  }

  /** Numbers for at most so many values; one more is refused. */
  ValueIds(int most, Supplier<LimitExceededException> refusal) {
    this.most = most;
    this.refusal = refusal;
  }

  private int checked(int number) {
    if (number > most) {
      throw refusal.get();
    }
    return number;
  }

  /** The number of a value, a new one if it has none yet. */
  int id(Value value) {
    return checked(numbers.number(value));
  }

  /** The number of the value of one code, a new one if it has none yet. */
  int id(Dictionary dictionary, int code) {
    return checked(numbers.number(dictionary, code));
  }

  /** The numbers of all codes, of which those that {@code known} has are known. */
  int[] map(Dictionary dictionary, int[] known) {
    int[] map = new int[dictionary.size() + 1];
    System.arraycopy(known, 0, map, 0, Math.min(known.length, map.length));
    int first = Math.max(1, known.length);
    for (int code = first; code < map.length; code++) {
      map[code] = code;
    }
    numbers.number(dictionary, map, first, map.length);
    return map;
  }

  /** Puts in the place of codes the numbers of their values, new ones for those without. */
  void number(Dictionary dictionary, int[] codes, int count) {
    numbers.number(dictionary, codes, 0, count);
    checked(numbers.size());
  }

  /** The number of a value; 0 where it has none. */
  int find(Value value) {
    return numbers.find(value);
  }

  /** The value of a number. */
  Value value(int id) {
    return numbers.value(id);
  }

  /** The highest number. */
  int size() {
    return numbers.size();
  }

  /** About how much memory the values take. */
  long bytes() {
    return numbers.bytes();
  }
}
