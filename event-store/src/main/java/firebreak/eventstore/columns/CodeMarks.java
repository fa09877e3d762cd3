package firebreak.eventstore.columns;

/** A mark of eight bits for each code: which of eight terms the code meets. */
public final class CodeMarks {
  private final byte[] ofCode;
  private final int[] marked;

  private CodeMarks(byte[] ofCode, int[] marked) {
    this.ofCode = ofCode;
    this.marked = marked;
  }

  /** Eight bits of the masks, from bit {@code shift} on; {@code masks[code]} for each code. */
  public static CodeMarks of(long[] masks, int shift) {
    byte[] ofCode = new byte[masks.length];
    int many = 0;
    for (int code = 0; code < masks.length; code++) {
      ofCode[code] = (byte) (masks[code] >>> shift);
      many += ofCode[code] == 0 ? 0 : 1;
    }
    int[] marked = new int[many];
    int next = 0;
    for (int code = 0; code < masks.length && next < many; code++) {
      if (ofCode[code] != 0) {
        marked[next++] = code;
      }
    }
    return new CodeMarks(ofCode, marked);
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

  /** The same of codes from {@code from} on, for rows from 0 on. */
  void addTo(char[] codes, int from, int count, RowMarks into) {
    byte[] marks = ofCode;
    int i = 0;
    for (; i <= count - Long.BYTES; i += Long.BYTES) {
      long eight = 0;
      for (int j = Long.BYTES - 1; j >= 0; j--) {
        eight = eight << 8 | (marks[codes[from + i + j]] & 0xFF);
      }
      into.addEight(i >> 3, eight);
    }
    for (; i < count; i++) {
      into.add(i, marks[codes[from + i]]);
    }
  }

  /** The codes that have a mark, in order. */
  int[] marked() {
    return marked;
  }
}
