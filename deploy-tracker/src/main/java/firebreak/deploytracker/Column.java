package firebreak.deploytracker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One field of the sampled events, each value once and then by number; 0 is absent. */
final class Column<K> {
  static final int ABSENT = 0;

  private final Map<K, Integer> numbers = new HashMap<>();
  private final List<K> values = new ArrayList<>();
  private int[] codes = new int[1024];
  private int size;

  void add(@Nullable K value) {
    if (size == codes.length) {
      codes = Arrays.copyOf(codes, 2 * size);
    }
    codes[size++] = value == null ? ABSENT : number(value);
  }

  private int number(K value) {
    Integer known = numbers.get(value);
    if (known != null) {
      return known;
    }
    values.add(value);
    numbers.put(value, values.size());
    return values.size();
  }

  int code(int row) {
    return codes[row];
  }

  /** One more than the largest code. */
  int codes() {
    return values.size() + 1;
  }

  /** The code of a value, {@link #ABSENT} when no event has it. */
  int codeOf(K value) {
    return numbers.getOrDefault(value, ABSENT);
  }

  K value(int code) {
    return values.get(code - 1);
  }
}
