package firebreak.eventstore.journal;

import firebreak.eventstore.Value;
import java.io.IOException;

/** The bytes of a value: its type, then what it is. */
final class ValueCodec {
  private static final byte TEXT = 0;
  private static final byte WHOLE = 1;
  private static final byte REAL = 2;
  private static final byte FALSE = 3;
  private static final byte TRUE = 4;

  private ValueCodec() {}

  static void write(ByteWriter out, Value value) {
    switch (value) {
      case Value.Text(String text) -> {
        out.writeByte(TEXT);
        out.writeText(text);
      }
      case Value.Whole(long number) -> {
        out.writeByte(WHOLE);
        out.writeNumber(number);
      }
      case Value.Real(double number) -> {
        out.writeByte(REAL);
        out.writeFixed(Double.doubleToRawLongBits(number));
      }
      case Value.Truth(boolean truth) -> out.writeByte(truth ? TRUE : FALSE);
    }
  }

  static Value read(ByteReader in) throws IOException {
    byte type = in.readByte();
    return type == WHOLE ? Value.of(in.readNumber()) : readOther(in, type);
  }

  /** A value as the first format of the journal has it, where whole numbers take eight bytes. */
  static Value readFormer(ByteReader in) throws IOException {
    byte type = in.readByte();
    return type == WHOLE ? Value.of(in.readFixed()) : readOther(in, type);
  }

  private static Value readOther(ByteReader in, byte type) throws IOException {
    return switch (type) {
      case TEXT -> Value.of(in.readText());
      case REAL -> real(Double.longBitsToDouble(in.readFixed()));
      case FALSE -> Value.of(false);
      case TRUE -> Value.of(true);
      default -> throw new IOException("a journal value has the unknown type " + type);
    };
  }

  private static Value real(double number) throws IOException {
    Value value = Value.number(number);
    if (!(value instanceof Value.Real)) {
      throw new IOException("a journal value that should be a real number is " + number);
    }
    return value;
  }
}
