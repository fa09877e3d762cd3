package firebreak.eventstore.columns;

/** Codes up to 65,535, two bytes each. */
final class CharCodes extends Codes {
  private final char[] codes;

  CharCodes(char[] codes) {
    this.codes = codes;
  }

  @Override
  public int at(int row) {
    return codes[row];
  }

  @Override
  public void read(int from, int count, int[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = codes[from + i];
    }
  }

  @Override
  public void gather(int[] rows, int count, int[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = codes[rows[i]];
    }
  }

  @Override
  public void count(int from, int to, int[] counts) {
    for (int i = from; i < to; i++) {
      counts[codes[i]]++;
    }
  }

  @Override
  public void count(int[] rows, int count, int[] counts) {
    for (int i = 0; i < count; i++) {
      counts[codes[rows[i]]]++;
    }
  }

  @Override
  public void mark(int from, int count, CodeMarks marks, RowMarks into) {
    marks.addTo(codes, from, count, into);
  }

  @Override
  public void select(int from, int to, boolean[] accepted, long[] bits) {
    for (int start = from; start < to; start += Long.SIZE) {
      int size = Math.min(Long.SIZE, to - start);
      long word = 0;
      for (int i = 0; i < size; i++) {
        word |= (accepted[codes[start + i]] ? 1L : 0L) << i;
      }
      bits[start >> 6] |= word;
    }
  }
}
