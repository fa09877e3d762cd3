package firebreak.eventstore.columns;

/** The code of each row is one more than that of the row before: each has a value of its own. */
final class RisingCodes extends Codes {
  private final int first;

  RisingCodes(int first) {
    this.first = first;
  }

  @Override
  public int at(int row) {
    return first + row;
  }

  @Override
  public void read(int from, int count, int[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = first + from + i;
    }
  }

  @Override
  public void gather(int[] rows, int count, int[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = first + rows[i];
    }
  }

  @Override
  public void count(int from, int to, int[] counts) {
    for (int i = first + from; i < first + to; i++) {
      counts[i]++;
    }
  }

  @Override
  public void select(int from, int to, boolean[] accepted, long[] bits) {
    for (int row = from; row < to; row++) {
      if (accepted[first + row]) {
        bits[row >> 6] |= 1L << row;
      }
    }
  }
}
