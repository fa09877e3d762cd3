package firebreak.eventstore.columns;

/** Codes up to 255, a byte each. */
final class ByteCodes extends Codes {
  private final byte[] codes;

  ByteCodes(byte[] codes) {
    this.codes = codes;
  }

  @Override
  public int at(int row) {
    return codes[row] & 0xFF;
  }

  @Override
  public void read(int from, int count, int[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = codes[from + i] & 0xFF;
    }
  }
}
