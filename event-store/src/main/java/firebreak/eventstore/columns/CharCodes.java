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
}
