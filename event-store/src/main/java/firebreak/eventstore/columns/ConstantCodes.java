package firebreak.eventstore.columns;

import java.util.Arrays;

/** One code for all rows. */
final class ConstantCodes extends Codes {
  private final int code;

  ConstantCodes(int code) {
    this.code = code;
  }

  @Override
  public int at(int row) {
    return code;
  }

  @Override
  public void read(int from, int count, int[] into) {
    Arrays.fill(into, 0, count, code);
  }

  @Override
  public void gather(int[] rows, int count, int[] into) {
    Arrays.fill(into, 0, count, code);
  }

  @Override
  public void count(int from, int to, int[] counts) {
    counts[code] += to - from;
  }

  @Override
  public void count(int[] rows, int count, int[] counts) {
    counts[code] += count;
  }

  @Override
  public void mark(int from, int count, CodeMarks marks, RowMarks into) {
    into.addToEach(count, marks.ofCode(code));
  }

  @Override
  public void select(int from, int to, boolean[] accepted, long[] bits) {
    if (accepted[code]) {
      fill(from, to, bits);
    }
  }
}
