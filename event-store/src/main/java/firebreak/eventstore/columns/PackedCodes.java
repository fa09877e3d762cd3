package firebreak.eventstore.columns;

/** Codes in a part file, read where they lie. */
final class PackedCodes extends Codes {
  private final Packed packed;

  PackedCodes(Packed packed) {
    this.packed = packed;
  }

  @Override
  public void gather(int[] rows, int count, int[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = (int) packed.at(rows[i]);
    }
  }

  @Override
  public int at(int row) {
    return (int) packed.at(row);
  }

  @Override
  public void read(int from, int count, int[] into) {
    packed.read(from, count, into);
  }
}
