package firebreak.eventstore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.util.ArrayUtil;
import org.jspecify.annotations.Nullable;

/** Numbers the different values of a field across all segments; 0 stands for an absent one. */
final class Dictionary {
  static final int ABSENT = 0;

  private final List<@Nullable Value> values = new ArrayList<>();
  private final Map<Value, Integer> codes = new HashMap<>();
  private final IdTable wholes = new IdTable();
  private final IdTable reals = new IdTable();
  private final CodeList wholeCodes = new CodeList();
  private final CodeList realCodes = new CodeList();

  /** The codes of an {@link IdTable}'s ids. */
  private static final class CodeList {
    private int[] codes = new int[16];

    void set(int id, int code) {
      codes = ArrayUtil.grow(codes, id + 1);
      codes[id] = code;
    }
  }

  Dictionary() {
    values.add(null);
  }

  @Nullable Value value(int code) {
    return values.get(code);
  }

  int code(Value value) {
    return switch (value) {
      case Value.Whole(long number) -> whole(number);
      case Value.Real(double number) -> real(Double.doubleToRawLongBits(number));
      case Value.Text _, Value.Truth _ -> codes.computeIfAbsent(value, this::add);
    };
  }

  /** The code of a number or truth value as it lies in a column. */
  int code(Columns.Type type, long bits) {
    return switch (type) {
      case WHOLE -> whole(bits);
      case REAL -> real(bits);
      case TRUTH -> code(Value.of(bits != 0));
      case TEXT, LONG_TEXT -> throw new IllegalArgumentException(type + " has no bits");
    };
  }

  private int whole(long number) {
    int known = wholes.size();
    int id = wholes.id(number);
    if (id == known) {
      wholeCodes.set(id, add(Value.of(number)));
    }
    return wholeCodes.codes[id];
  }

  /** The code of a real number, given by its bits. */
  private int real(long bits) {
    int known = reals.size();
    int id = reals.id(bits);
    if (id == known) {
      realCodes.set(id, add(new Value.Real(Double.longBitsToDouble(bits))));
    }
    return realCodes.codes[id];
  }

  private int add(Value value) {
    values.add(value);
    return values.size() - 1;
  }
}
