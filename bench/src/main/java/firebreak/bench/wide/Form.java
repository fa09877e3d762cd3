package firebreak.bench.wide;

import firebreak.eventstore.Value;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** How the number that stands for a field's value is written out. */
public sealed interface Form {
  /** Stands for no value at all. */
  long ABSENT = Long.MIN_VALUE;

  void json(long cell, JsonBytes out);

  Value value(long cell);

  /** One of a few texts, by its place in the list. */
  record Word(List<Value> values, List<byte[]> quoted) implements Form {
    static Word of(List<String> words) {
      return new Word(
          words.stream().map(Value::of).toList(),
          words.stream().map(word -> ('"' + word + '"').getBytes(StandardCharsets.UTF_8)).toList());
    }

    @Override
    public void json(long cell, JsonBytes out) {
      out.raw(quoted.get((int) cell));
    }

    @Override
    public Value value(long cell) {
      return values.get((int) cell);
    }
  }

  /** A text that ends in the number. */
  record Numbered(String prefix) implements Form {
    @Override
    public void json(long cell, JsonBytes out) {
      out.ascii("\"").ascii(prefix).whole(cell).ascii("\"");
    }

    @Override
    public Value value(long cell) {
      return Value.of(prefix + cell);
    }
  }

  /** Sixteen or thirty-two hexadecimal digits that nothing but the number tells. */
  record Hex(int digits, long salt) implements Form {
    @Override
    public void json(long cell, JsonBytes out) {
      out.ascii("\"");
      if (digits > 16) {
        out.hex(high(cell), digits - 16);
      }
      out.hex(low(cell), 16).ascii("\"");
    }

    @Override
    public Value value(long cell) {
      String low = HexFormat.of().toHexDigits(low(cell));
      return Value.of(digits > 16 ? HexFormat.of().toHexDigits(high(cell)) + low : low);
    }

    private long low(long cell) {
      return Dice.mix(cell + salt);
    }

    private long high(long cell) {
      return Dice.mix(low(cell) ^ salt);
    }
  }

  /** A UUID that nothing but the number tells. */
  record Uuid(long salt) implements Form {
    @Override
    public void json(long cell, JsonBytes out) {
      long high = high(cell);
      long low = low(cell);
      out.ascii("\"").hex(high >>> 32, 8).ascii("-").hex(high >>> 16, 4).ascii("-").hex(high, 4);
      out.ascii("-").hex(low >>> 48, 4).ascii("-").hex(low, 12).ascii("\"");
    }

    @Override
    public Value value(long cell) {
      return Value.of(new java.util.UUID(high(cell), low(cell)).toString());
    }

    private long high(long cell) {
      return (Dice.mix(cell + salt) & ~0xF000L) | 0x4000L;
    }

    private long low(long cell) {
      return (Dice.mix(Dice.mix(cell ^ salt)) & ~(3L << 62)) | (1L << 63);
    }
  }

  /** True where the number is not 0. */
  record Truth() implements Form {
    @Override
    public void json(long cell, JsonBytes out) {
      out.ascii(cell != 0 ? "true" : "false");
    }

    @Override
    public Value value(long cell) {
      return Value.of(cell != 0);
    }
  }

  /** The number itself. */
  record Whole() implements Form {
    @Override
    public void json(long cell, JsonBytes out) {
      out.whole(cell);
    }

    @Override
    public Value value(long cell) {
      return Value.of(cell);
    }
  }

  /** The number divided by a thousand, with three decimals. */
  record Thousandths() implements Form {
    @Override
    public void json(long cell, JsonBytes out) {
      out.whole(cell / 1_000).ascii(".").digits(cell % 1_000, 3);
    }

    @Override
    public Value value(long cell) {
      return Value.number(cell / 1_000.0);
    }
  }
}
