package firebreak.eventstore.columns;

import java.util.stream.IntStream;

/** A mark of eight bits for each code: which of eight terms the code meets. */
public final class CodeMarks {
  private final byte[] ofCode;
  private final int[] marked;

  private CodeMarks(byte[] ofCode) {
    this.ofCode = ofCode;
    marked = IntStream.range(0, ofCode.length).filter(code -> ofCode[code] != 0).toArray();
  }

  /** Eight bits of the masks, from bit {@code shift} on; {@code masks[code]} for each code. */
  public static CodeMarks of(long[] masks, int shift) {
    byte[] ofCode = new byte[masks.length];
    for (int code = 0; code < masks.length; code++) {
      ofCode[code] = (byte) (masks[code] >>> shift);
    }
    return new CodeMarks(ofCode);
  }

  public byte ofCode(int code) {
    return ofCode[code];
  }

  /**
   * Adds the marks of codes to those of rows.
   *
   * @param first the row of the first code, a multiple of eight
   */
  public void addTo(int[] codes, int count, int first, RowMarks into) {
    int i = 0;
    for (; i <= count - Long.BYTES; i += Long.BYTES) {
      long eight = 0;
      for (int j = Long.BYTES - 1; j >= 0; j--) {
        eight = eight << 8 | (ofCode[codes[i + j]] & 0xFF);
      }
      into.addEight((first + i) >> 3, eight);
    }
    for (; i < count; i++) {
      into.add(first + i, ofCode[codes[i]]);
    }
  }

  /** Whether no code has a mark. */
  public boolean isEmpty() {
    return marked.length == 0;
  }

  /** The codes that have a mark, in order. */
  int[] marked() {
    return marked;
  }
}
