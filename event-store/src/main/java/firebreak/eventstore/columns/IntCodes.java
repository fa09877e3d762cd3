package firebreak.eventstore.columns;

/** Codes of any size, four bytes each. */
final class IntCodes extends Codes {
  private final int[] codes;

  IntCodes(int[] codes) {
    this.codes = codes;
  }

  @Override
  public int at(int row) {
    return codes[row];
  }

  @Override
  public void read(int from, int count, int[] into) {
    System.arraycopy(codes, from, into, 0, count);
  }
}
